import { outcomeOfAction } from "./actions.ts";
import type { ResolvedFilter, SeccompProfile } from "./types.ts";

/** No filter at all: `seccomp=unconfined`, a privileged container, a Kubernetes pod without seccompProfile. */
export const unrestricted: ResolvedFilter = {
  installed: false,
  arch: "any",
  defaultAction: "SCMP_ACT_ALLOW",
  rules: new Map(),
  architectures: [],
};

/**
 * Whether a profile never stops anything, so that a container with it is as open as one without: seccomp switched off by an
 * empty profile, or a default that allows without a rule that denies.
 * @see moby/profiles seccomp_linux.go, setupSeccomp ("assume seccomp disabled")
 */
export const isNoFilter = (profile: SeccompProfile): boolean => {
  if (profile.defaultAction === undefined) return profile.syscalls.length === 0;
  return (
    outcomeOfAction(profile.defaultAction) === "allowed" &&
    profile.syscalls.every((rule) => outcomeOfAction(rule.action) === "allowed" || rule.names.length === 0)
  );
};
