import { answer } from "./answer.ts";
import { hasWideRegisters, socketcallArchitectures } from "./architectures.ts";
import { attempt } from "./attempt.ts";
import { outcomeOfAction } from "./actions.ts";
import { rememberByFilter } from "./memo.ts";
import type { ResolvedFilter } from "./types.ts";
import { anyWay } from "./ways.ts";
import type { Attempt, WayThrough } from "./ways.ts";

// Any value with a bit above the 32nd will do; the kernel drops all of them.
const upperHalf = 1n << 32n;

// socket(2) declares its family as an int: the kernel looks at the low 32 bits, the filter at all 64. A test by `!=` or
// `>` is satisfied by the upper half alone. Measured on Linux 6.18 with libseccomp 2.5.4: with a rule against family 1,
// socket(0x100000001, ...) returned a Unix socket.
const viaUpperHalf = (filter: ResolvedFilter, family: number): Attempt => {
  const via = "socket, upper half of the argument set";
  if (!filter.installed || !hasWideRegisters(filter.arch)) {
    return {
      via,
      outcome: "denied",
      confidence: "verified",
      because: "the native ABI has no wider registers",
    };
  }
  const tried = attempt(filter, { syscall: "socket", args: { 0: BigInt(family) | upperHalf } }, via);
  return { ...tried, because: `${tried.because}; the kernel reads only the low 32 bits of the family` };
};

const socketcallNumber = 1; // SYS_SOCKET, include/uapi/linux/net.h

// libseccomp turns every rule for socket into one for socketcall(SYS_SOCKET) too and loses its arguments on the way, so a
// profile that allows *some* family and never mentions socketcall still opens it (src/arch-x86.c; moby/profiles pull 21).
const hasCompanion = (filter: ResolvedFilter): boolean =>
  !filter.rules.has("socketcall") &&
  (filter.rules.get("socket") ?? []).some((rule) => outcomeOfAction(rule.action) === "allowed");

const viaSocketcall = (filter: ResolvedFilter): Attempt => {
  const via = "socketcall";
  const abi = filter.architectures.find((name) => socketcallArchitectures.has(name));
  const confidence = "hypothesis";
  if (abi === undefined || !filter.installed) {
    return { via, outcome: "denied", confidence, because: "no architecture of the filter has socketcall" };
  }
  const direct = answer(filter, { syscall: "socketcall", args: { 0: socketcallNumber } });
  const open = direct.outcome === "denied" && hasCompanion(filter) ? "allowed" : direct.outcome;
  const because =
    open === "denied"
      ? direct.because
      : `the filter lets ${abi} callers use socketcall(SYS_SOCKET), where the family lies behind a pointer; an LSM may still refuse it`;
  return { via, outcome: open === "depends" ? "allowed" : open, confidence, because };
};

/**
 * Whether the filter lets a process create a socket of this family. Besides socket(2) itself it reports the two gaps that
 * argument tests leave: the upper half of the register, and socketcall(2) of 32-bit callers. The way through socketcall is
 * a hypothesis, because the kernel may lack the 32-bit ABI and because an LSM closes both calls alike.
 *
 * `io_uring` can create sockets without either call (IORING_OP_SOCKET, Linux 5.19) and is asked separately.
 * @see socket(2); seccomp(2) "Caveats"; moby/moby pull 52547
 */
export const socketFamilyAllowed = (filter: ResolvedFilter, family: number): WayThrough =>
  remembered(filter, family);

const remembered = rememberByFilter(
  (filter, family: number) =>
    anyWay([
      attempt(filter, { syscall: "socket", args: { 0: BigInt(family) } }),
      viaUpperHalf(filter, family),
      viaSocketcall(filter),
    ]),
  (family) => family,
);
