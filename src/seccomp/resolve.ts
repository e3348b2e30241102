import { architectureNames } from "./architectures.ts";
import { canonicalAction, errnoOfAction } from "./actions.ts";
import type {
  KernelVersion,
  ResolvedFilter,
  ResolvedRule,
  RuleCondition,
  SeccompProfile,
  SeccompRule,
} from "./types.ts";

/** What the conditions of a profile are evaluated against. */
export interface ResolveContext {
  /**
   * The **bounding** set with `CAP_` names, whatever the effective set is.
   * @see moby/profiles seccomp_linux.go (`rs.Process.Capabilities.Bounding`); containerd contrib/seccomp the same
   */
  readonly capabilities: ReadonlySet<string>;
  /** Go's name of the architecture: `amd64`, `arm64`, ... */
  readonly arch: string;
  /** Leave out when unknown: rules that depend on it then make answers `unknown` where they matter. */
  readonly kernel?: KernelVersion | undefined;
  /** Native system-call numbers by name, to tell EPERM from the ENOSYS that runc gives calls newer than the profile. */
  readonly numbers?: Readonly<Record<string, number>>;
}

const before = (a: KernelVersion, b: KernelVersion): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

const has = (list: readonly string[] | undefined, name: string | undefined): boolean =>
  name !== undefined && list?.includes(name) === true;

// Each kind of exclusion drops the rule on its own (an OR); each kind of inclusion must hold (an AND).
const excluded = (condition: RuleCondition, context: ResolveContext, arch: string | undefined): boolean =>
  has(condition.arches, arch) ||
  (condition.caps ?? []).some((cap) => context.capabilities.has(cap)) ||
  (condition.minKernel !== undefined &&
    context.kernel !== undefined &&
    !before(context.kernel, condition.minKernel));

const included = (condition: RuleCondition, context: ResolveContext, arch: string | undefined): boolean =>
  (condition.arches === undefined || condition.arches.length === 0 || has(condition.arches, arch)) &&
  (condition.caps ?? []).every((cap) => context.capabilities.has(cap)) &&
  (condition.minKernel === undefined ||
    context.kernel === undefined ||
    !before(context.kernel, condition.minKernel));

const applies = (rule: SeccompRule, context: ResolveContext, arch: string | undefined): boolean =>
  !(rule.excludes !== undefined && excluded(rule.excludes, context, arch)) &&
  (rule.includes === undefined || included(rule.includes, context, arch));

const openKernelRange = (rule: SeccompRule, context: ResolveContext): ResolvedRule["kernel"] => {
  if (context.kernel !== undefined) return undefined;
  const from = rule.includes?.minKernel;
  const until = rule.excludes?.minKernel;
  if (from === undefined && until === undefined) return undefined;
  return { ...(from && { from }), ...(until && { before: until }) };
};

const resolveRule = (rule: SeccompRule, context: ResolveContext): ResolvedRule => {
  const { action, errnoRet, args } = rule;
  const kernel = openKernelRange(rule, context);
  return { action, ...(errnoRet !== undefined && { errnoRet }), args, ...(kernel && { kernel }) };
};

const architecturesOf = (profile: SeccompProfile, arch: string): readonly string[] => {
  const native = architectureNames(arch)?.scmp;
  const mapped = profile.archMap?.find((mapping) => mapping.architecture === native);
  const listed = [
    ...(profile.architectures ?? []),
    ...(mapped ? [mapped.architecture, ...mapped.subArchitectures] : []),
  ];
  // libseccomp starts every filter with the native architecture (seccomp_init(3)).
  return [...new Set(native === undefined ? listed : [native, ...listed])];
};

/**
 * Evaluates the conditions of a profile for one container, as the engine does before it writes `config.json`, and drops
 * what the runtime then ignores: a rule whose action equals the default never reaches libseccomp.
 * @see moby/profiles seccomp_linux.go, setupSeccomp; runc libcontainer/seccomp/seccomp_linux.go, matchCall
 */
export const resolveProfile = (profile: SeccompProfile, context: ResolveContext): ResolvedFilter => {
  const { defaultAction, defaultErrnoRet } = profile;
  const arch = architectureNames(context.arch)?.condition;
  const rules = new Map<string, ResolvedRule[]>();
  for (const rule of profile.syscalls) {
    if (!applies(rule, context, arch) || sameAsDefault(rule, profile)) continue;
    const resolved = resolveRule(rule, context);
    for (const name of rule.names) {
      const known = rules.get(name);
      if (known) known.push(resolved);
      else rules.set(name, [resolved]);
    }
  }
  return {
    installed: defaultAction !== undefined || profile.syscalls.length > 0,
    arch: context.arch,
    defaultAction: defaultAction ?? "SCMP_ACT_ALLOW",
    ...(defaultErrnoRet !== undefined && { defaultErrnoRet }),
    rules,
    architectures: architecturesOf(profile, context.arch),
    ...(context.numbers && { numbers: context.numbers }),
  };
};

const sameAsDefault = (rule: SeccompRule, profile: SeccompProfile): boolean =>
  profile.defaultAction !== undefined &&
  canonicalAction(rule.action) === canonicalAction(profile.defaultAction) &&
  errnoOfAction(rule.action, rule.errnoRet) === errnoOfAction(profile.defaultAction, profile.defaultErrnoRet);
