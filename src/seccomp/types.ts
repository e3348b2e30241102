/**
 * The words of the seccomp layer: profiles as engines store them, filters as the kernel runs them, answers.
 *
 * This layer knows what a filter does with one system call. It must not know where a profile was found, which
 * container it belongs to, or whether something other than seccomp (an LSM, a capability) would stop the same call.
 * It is pure: JSON documents are handed in by another layer.
 *
 * @see OCI runtime-spec config-linux.md, "Seccomp"; seccomp(2); moby/profiles seccomp/seccomp.go (conditional format)
 */

/** What a rule, or the absence of one, makes the kernel do. `SCMP_ACT_KILL` is the old name of `KILL_THREAD`. */
export const seccompActions = [
  "SCMP_ACT_ALLOW",
  "SCMP_ACT_LOG",
  "SCMP_ACT_ERRNO",
  "SCMP_ACT_TRAP",
  "SCMP_ACT_TRACE",
  "SCMP_ACT_NOTIFY",
  "SCMP_ACT_KILL",
  "SCMP_ACT_KILL_THREAD",
  "SCMP_ACT_KILL_PROCESS",
] as const;
export type SeccompAction = (typeof seccompActions)[number];

/** How an argument is compared; always unsigned and 64 bits wide on a 64-bit ABI. */
export const seccompOperators = [
  "SCMP_CMP_NE",
  "SCMP_CMP_LT",
  "SCMP_CMP_LE",
  "SCMP_CMP_EQ",
  "SCMP_CMP_GE",
  "SCMP_CMP_GT",
  "SCMP_CMP_MASKED_EQ",
] as const;
export type SeccompOperator = (typeof seccompOperators)[number];

export type ArgumentIndex = 0 | 1 | 2 | 3 | 4 | 5;

/** One comparison. With `SCMP_CMP_MASKED_EQ`, `value` is the mask and `valueTwo` what the masked argument must equal. */
export interface SeccompComparison {
  readonly index: ArgumentIndex;
  readonly op: SeccompOperator;
  readonly value: bigint;
  readonly valueTwo: bigint;
}

/** When a rule takes part: every listed capability and one of the architectures (`includes`), none of them (`excludes`). */
export interface RuleCondition {
  readonly caps?: readonly string[];
  readonly arches?: readonly string[];
  readonly minKernel?: KernelVersion;
}

export type KernelVersion = readonly [major: number, minor: number];

export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: SeccompAction;
  readonly errnoRet?: number;
  readonly args: readonly SeccompComparison[];
  readonly includes?: RuleCondition;
  readonly excludes?: RuleCondition;
}

/** A native architecture and the others whose calls the filter also lets through to its rules. */
export interface ArchitectureMapping {
  readonly architecture: string;
  readonly subArchitectures: readonly string[];
}

/**
 * A profile in the conditional format of Docker, Podman and CRI-O. A plain OCI `linux.seccomp` object is the same thing
 * without conditions and with `architectures` in place of `archMap`.
 */
export interface SeccompProfile {
  /** Absent, with no rules, means that seccomp is off: moby's setupSeccomp returns nil. */
  readonly defaultAction?: SeccompAction;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[];
  readonly archMap?: readonly ArchitectureMapping[];
  readonly syscalls: readonly SeccompRule[];
}

/** A rule that the conditions let through. `kernel` is kept when the kernel was unknown and the rule depends on it. */
export interface ResolvedRule {
  readonly action: SeccompAction;
  readonly errnoRet?: number;
  readonly args: readonly SeccompComparison[];
  readonly kernel?: { readonly from?: KernelVersion; readonly before?: KernelVersion };
}

/** What is left of a profile for one container on one machine. */
export interface ResolvedFilter {
  /** `false`: no filter is installed at all (`seccomp=unconfined`, privileged, no profile). */
  readonly installed: boolean;
  readonly arch: string;
  readonly defaultAction: SeccompAction;
  readonly defaultErrnoRet?: number;
  /** Rules of each system call in the order in which a runtime adds them. */
  readonly rules: ReadonlyMap<string, readonly ResolvedRule[]>;
  /** `SCMP_ARCH_*` names; a call through any other ABI is killed (libseccomp SCMP_FLTATR_ACT_BADARCH). */
  readonly architectures: readonly string[];
  /** System-call numbers of the native ABI, where the caller had them: tells EPERM from runc's ENOSYS. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** How sure a statement is: read in a source or measured, derived from one, or believed. */
export type Confidence = "verified" | "derived" | "hypothesis";

/** Something wrong with an input, and where in it (`syscalls[3].args[0].op`). */
export interface ProfileProblem {
  readonly path: string;
  readonly message: string;
}
