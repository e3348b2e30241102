import { answer } from "../seccomp/answer.ts";
import { socketFamilyAllowed } from "../seccomp/helpers.ts";
import { socketFamilies } from "../seccomp/socket-families.ts";
import { isOpen } from "./cut-sets.ts";
import { askFilter } from "./parts/seccomp.ts";
import type { EvaluationContext } from "./types.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { allOf, anyOf, blocked, holds } from "./verdict.ts";

/**
 * A socket of an address family can be opened: by socket(2), whose first argument the filter tests, or by io_uring, which opens
 * sockets without that call (IORING_OP_SOCKET, Linux 5.19; io_uring_enter(2)).
 */
export const socketFamily = defineCondition<string>({
  id: "socket-family",
  summary: "a socket of an address family passes the seccomp filter",
  schema: (z) => z.string().check(z.regex(/^AF_[A-Z0-9]+$/)),
  describe: (family) => `a socket of ${family}`,
  evaluate: (family, context) => {
    const bySocket = askFilter(context, `a socket of ${family}`, (filter) => {
      const number = socketFamilies[family];
      return number === undefined
        ? { outcome: "unknown", because: `${family} is no family that is known here` }
        : socketFamilyAllowed(filter, number);
    });
    return isOpen(bySocket.best) ? bySocket : anyOf([bySocket, byRing(family, context)]);
  },
});

/** A ring opens sockets of every family. The kernel's version is not asked: distributions carry io_uring back to older ones. */
function byRing(family: string, context: EvaluationContext): Verdict {
  const ring = askFilter(context, `io_uring, which opens sockets of ${family},`, (filter) =>
    answer(filter, { syscall: "io_uring_setup" }),
  );
  return allOf([ring, ringAllowed(context)]);
}

/** The sysctl refuses everybody at 2 (Documentation/admin-guide/sysctl/kernel.rst); kernels before 6.6 do not have it. */
function ringAllowed({ boundary }: EvaluationContext): Verdict {
  const name = "kernel.io_uring_disabled";
  const fact = boundary.host.sysctls.get(name);
  return fact?.known === true && fact.value === "2"
    ? blocked([`sysctl:${name}=2`], `${name} is 2`, `host.sysctls.${name}`)
    : holds(`${name} does not refuse everybody`, fact ? `host.sysctls.${name}` : null);
}
