import { ENOSYS, errnoOfAction, outcomeOfAction } from "./actions.ts";
import { compareArgument } from "./compare.ts";
import type { ArgumentValue, Match } from "./compare.ts";
import { describeAction, describeComparisons } from "./describe.ts";
import type {
  ArgumentIndex,
  KernelVersion,
  ResolvedFilter,
  ResolvedRule,
  SeccompAction,
  SeccompComparison,
} from "./types.ts";
import { rememberByFilter } from "./memo.ts";

export interface SyscallQuery {
  readonly syscall: string;
  /** Arguments that are known; one left out may be anything. */
  readonly args?: Partial<Record<ArgumentIndex, ArgumentValue>>;
}

/**
 * `allowed` and `denied` hold for every call that fits the query, `depends` means that arguments left open decide, and
 * `unknown` that a fact does: the kernel version, a supervisor, or an order that libseccomp does not promise.
 */
export type Outcome = "allowed" | "denied" | "depends" | "unknown";

export interface Answer {
  readonly outcome: Outcome;
  readonly action: SeccompAction;
  /** What the caller sees, for actions that return an errno. */
  readonly errno?: number;
  readonly because: string;
}

/**
 * What the filter does with a call through the native ABI.
 *
 * Comparisons of one rule must all hold, except that two of them on the *same* argument make runc (and crun) add the rule
 * once for each, so any of them is enough. An unconditional rule replaces every conditional one for the same call, and the
 * first unconditional one stays.
 * @see runc libcontainer/seccomp/seccomp_linux.go, matchCall; libseccomp src/db.c, db_rule_add
 */
export const answer = (filter: ResolvedFilter, query: SyscallQuery): Answer =>
  // Questions with arguments are rarer, and their key would cost as much as their answer.
  query.args === undefined ? withoutArguments(filter, query.syscall) : work(filter, query);

const work = (filter: ResolvedFilter, query: SyscallQuery): Answer => {
  const { syscall } = query;
  if (!filter.installed) {
    return { outcome: "allowed", action: "SCMP_ACT_ALLOW", because: "no seccomp filter is installed" };
  }
  const rules = filter.rules.get(syscall) ?? [];
  const answers = kernelsToTry(rules).map((kernel) => answerOn(filter, rulesFor(rules, kernel), query));
  const first = answers[0] ?? answerOn(filter, [], query);
  if (answers.every((other) => other.outcome === first.outcome)) return first;
  const limits = rules.flatMap(({ kernel }) =>
    [kernel?.from, kernel?.before].filter((limit) => limit !== undefined),
  );
  return {
    outcome: "unknown",
    action: first.action,
    because: `the kernel version is unknown and the rule for ${syscall} depends on it (${limits.map((limit) => limit.join(".")).join(", ")})`,
  };
};

const withoutArguments = rememberByFilter(
  (filter, syscall: string) => work(filter, { syscall }),
  (syscall) => syscall,
);

// An unknown kernel is tried on each side of every limit that a rule names; within such a range nothing changes.
const kernelsToTry = (rules: readonly ResolvedRule[]): readonly KernelVersion[] => [
  [0, 0],
  ...rules.flatMap(({ kernel }) => [kernel?.from, kernel?.before].filter((limit) => limit !== undefined)),
];

const atLeast = (kernel: KernelVersion, limit: KernelVersion): boolean =>
  kernel[0] > limit[0] || (kernel[0] === limit[0] && kernel[1] >= limit[1]);

const rulesFor = (rules: readonly ResolvedRule[], on: KernelVersion): readonly ResolvedRule[] =>
  rules.filter(
    ({ kernel }) =>
      (kernel?.from === undefined || atLeast(on, kernel.from)) &&
      (kernel?.before === undefined || !atLeast(on, kernel.before)),
  );

const answerOn = (filter: ResolvedFilter, rules: readonly ResolvedRule[], query: SyscallQuery): Answer => {
  const unconditional = rules.find((rule) => rule.args.length === 0);
  if (unconditional) {
    return answerOf(unconditional, `the profile has an unconditional rule for ${query.syscall}`);
  }
  const chains = rules.flatMap(chainsOf);
  const sure = chains.filter((chain) => matchChain(chain, query.args) === "yes");
  const maybe = chains.filter((chain) => matchChain(chain, query.args) === "maybe");
  const base = sure.length === 0 ? defaultAnswer(filter, query, rules) : decide(sure, query);
  const different = maybe.find((chain) => outcomeOfAction(chain.action) !== base.outcome);
  if (!different) return base;
  return {
    outcome: "depends",
    action: base.action,
    because: `${describeAction(different.action)} ${query.syscall} only where ${describeComparisons(different.args)}`,
  };
};

interface Chain {
  readonly action: SeccompAction;
  readonly errnoRet?: number;
  readonly args: readonly SeccompComparison[];
}

const chainsOf = (rule: ResolvedRule): readonly Chain[] => {
  const repeated = new Set(rule.args.map((comparison) => comparison.index)).size < rule.args.length;
  if (!repeated) return [rule];
  return rule.args.map((comparison) => ({ ...rule, args: [comparison] }));
};

const matchChain = (chain: Chain, args: SyscallQuery["args"]): Match => {
  const matches = chain.args.map((comparison) => compareArgument(comparison, args?.[comparison.index]));
  if (matches.includes("no")) return "no";
  return matches.includes("maybe") ? "maybe" : "yes";
};

const isOnly = (chain: Chain, op: SeccompComparison["op"], index?: ArgumentIndex): boolean =>
  chain.args.length === 1 &&
  chain.args[0]?.op === op &&
  (index === undefined || chain.args[0].index === index);

// libseccomp merges rules into one decision tree. Where they disagree, its order is not documented; measured with 2.5.4
// and independent of the order of the rules: an equality is decided before an inequality on the same argument.
const prevailing = (chains: readonly Chain[]): readonly Chain[] => {
  const equalities = new Set(
    chains.flatMap((chain) =>
      isOnly(chain, "SCMP_CMP_EQ") ? chain.args.map((comparison) => comparison.index) : [],
    ),
  );
  return chains.filter((chain) => ![...equalities].some((index) => isOnly(chain, "SCMP_CMP_NE", index)));
};

const decide = (matching: readonly Chain[], query: SyscallQuery): Answer => {
  const agreed = agreeing(matching) ?? agreeing(prevailing(matching));
  const chain = agreed?.[0] ?? matching[0];
  if (agreed && chain) {
    return answerOf(chain, `a rule for ${query.syscall} matches: ${describeComparisons(chain.args)}`);
  }
  return {
    outcome: "unknown",
    action: chain?.action ?? "SCMP_ACT_ALLOW",
    because: `rules for ${query.syscall} with different actions match the same arguments`,
  };
};

const agreeing = (chains: readonly Chain[]): readonly Chain[] | undefined =>
  new Set(chains.map((chain) => outcomeOfAction(chain.action))).size === 1 ? chains : undefined;

const answerOf = (rule: Pick<Chain, "action" | "errnoRet">, because: string): Answer => {
  const errno = errnoOfAction(rule.action, rule.errnoRet);
  return {
    outcome: outcomeOfAction(rule.action),
    action: rule.action,
    ...(errno !== undefined && { errno }),
    because,
  };
};

const defaultAnswer = (
  filter: ResolvedFilter,
  query: SyscallQuery,
  rules: readonly ResolvedRule[],
): Answer => {
  const reason =
    rules.length === 0
      ? `the profile does not list ${query.syscall}`
      : `no rule for ${query.syscall} matches these arguments`;
  const { defaultAction: action, defaultErrnoRet: errnoRet } = filter;
  const plain = answerOf(
    { action, ...(errnoRet !== undefined && { errnoRet }) },
    `${reason}; the default action applies`,
  );
  if (!isNewerThanProfile(filter, query.syscall)) return plain;
  return { ...plain, errno: ENOSYS, because: `${reason}, which is older than the call; runc answers ENOSYS` };
};

// runc puts a stub in front of filters that deny by default: calls with a number above the highest one that the profile
// names get ENOSYS, so that libc falls back (libcontainer/seccomp/patchbpf/enosys_linux.go; TRACE counts as allowing).
const isNewerThanProfile = (filter: ResolvedFilter, syscall: string): boolean => {
  const number = filter.numbers?.[syscall];
  if (number === undefined || filter.rules.has(syscall)) return false;
  if (outcomeOfAction(filter.defaultAction) === "allowed" || filter.defaultAction === "SCMP_ACT_TRACE")
    return false;
  for (const name of filter.rules.keys()) if ((filter.numbers?.[name] ?? -1) >= number) return false;
  return true;
};
