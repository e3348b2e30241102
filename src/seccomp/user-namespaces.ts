import { attempt } from "./attempt.ts";
import { CLONE_NEWUSER } from "./clone-flags.ts";
import { rememberByFilter } from "./memo.ts";
import type { ResolvedFilter } from "./types.ts";
import { anyWay } from "./ways.ts";
import type { Attempt, WayThrough } from "./ways.ts";

// clone(2) carries the exit signal in its lowest byte; a rule that compares the whole argument may tell them apart.
const SIGCHLD = 17n;

// The argument order is the only difference (clone(2), "C library/kernel differences", CONFIG_CLONE_BACKWARDS2).
const flagsIndex = (arch: string): 0 | 1 => (arch === "s390" || arch === "s390x" ? 1 : 0);

const viaClone = (filter: ResolvedFilter): Attempt => {
  const index = flagsIndex(filter.arch);
  const plain = attempt(filter, { syscall: "clone", args: { [index]: CLONE_NEWUSER } });
  return plain.outcome === "denied"
    ? attempt(filter, { syscall: "clone", args: { [index]: CLONE_NEWUSER | SIGCHLD } })
    : plain;
};

/**
 * Whether the filter leaves a way to make a user namespace. clone3(2) takes its flags behind a pointer, which a filter
 * cannot follow, so any rule that lets clone3 through lets this through.
 *
 * Not asked here: sysctls, the LSM, and setns(2), which enters a user namespace but makes none.
 * @see unshare(2), clone(2), user_namespaces(7)
 */
export const canCreateUserNamespace = (filter: ResolvedFilter): WayThrough => remembered(filter, undefined);

const remembered = rememberByFilter(
  (filter, _: undefined) =>
    anyWay([
      attempt(filter, { syscall: "unshare", args: { 0: CLONE_NEWUSER } }),
      viaClone(filter),
      attempt(filter, { syscall: "clone3" }),
    ]),
  () => 0,
);
