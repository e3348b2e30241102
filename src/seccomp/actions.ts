import type { SeccompAction } from "./types.ts";

/** EPERM and ENOSYS, the two errno values that runtimes fill in by themselves. */
export const EPERM = 1;
export const ENOSYS = 38;

/**
 * Whether an action lets the call run. `SCMP_ACT_NOTIFY` hands it to a supervisor whose rules are not in the profile, so
 * nobody can tell; without a listener the kernel answers ENOSYS. `SCMP_ACT_TRACE` without a tracer is ENOSYS too.
 * @see seccomp(2), SECCOMP_RET_*
 */
export const outcomeOfAction = (action: SeccompAction): "allowed" | "denied" | "unknown" => {
  if (action === "SCMP_ACT_ALLOW" || action === "SCMP_ACT_LOG") return "allowed";
  return action === "SCMP_ACT_NOTIFY" ? "unknown" : "denied";
};

/**
 * The errno that the caller sees, if it sees one.
 * @see runc libcontainer/seccomp/seccomp_linux.go, getAction: EPERM unless the profile says otherwise
 */
export const errnoOfAction = (action: SeccompAction, errnoRet: number | undefined): number | undefined => {
  if (action === "SCMP_ACT_ERRNO") return errnoRet ?? EPERM;
  return action === "SCMP_ACT_TRACE" || action === "SCMP_ACT_NOTIFY" ? ENOSYS : undefined;
};

/** Names of actions that mean the same thing, so that equal rules compare equal. */
export const canonicalAction = (action: SeccompAction): SeccompAction =>
  action === "SCMP_ACT_KILL" ? "SCMP_ACT_KILL_THREAD" : action;
