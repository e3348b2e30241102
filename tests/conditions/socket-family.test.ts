import { expect, test } from "vitest";
import { conditions } from "../../src/conditions/registry.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import type { SeccompRule } from "../../src/seccomp/types.ts";
import { contextOf, known } from "../helpers/boundary.ts";

const AF_INET = 2n;

/** A filter that lets only AF_INET sockets be opened, whatever stands in the upper half of the register, and these calls. */
function filterWith(names: readonly string[]) {
  const sockets: SeccompRule = {
    names: ["socket"],
    action: "SCMP_ACT_ALLOW",
    args: [{ index: 0, op: "SCMP_CMP_MASKED_EQ", value: 0xffff_ffffn, valueTwo: AF_INET }],
  };
  const profile = {
    defaultAction: "SCMP_ACT_ERRNO",
    architectures: ["SCMP_ARCH_X86_64"],
    syscalls: [sockets, { names, action: "SCMP_ACT_ALLOW", args: [] }],
  } as const;
  return resolveProfile(profile, { capabilities: new Set(), arch: "amd64", kernel: [6, 12] });
}

test.each([
  ["a family that the filter lets through", "AF_INET", ["read"], {}, "holds"],
  ["another family", "AF_VSOCK", ["read"], {}, "blocked"],
  ["another family, where io_uring is let through", "AF_VSOCK", ["io_uring_setup"], {}, "holds"],
  [
    "the same on a host that refuses io_uring",
    "AF_VSOCK",
    ["io_uring_setup"],
    { "kernel.io_uring_disabled": "2" },
    "blocked",
  ],
  [
    "the same where only some may use it",
    "AF_VSOCK",
    ["io_uring_setup"],
    { "kernel.io_uring_disabled": "1" },
    "holds",
  ],
])("%s", (_, family, calls, sysctls, want) => {
  const condition = conditions.find(({ id }) => id === "socket-family");
  const base = contextOf({ process: { seccomp: known({ kind: "filter", name: "mine", filter: "mine" }) } });
  const host = {
    ...base.boundary.host,
    sysctls: new Map(Object.entries(sysctls).map(([name, value]) => [name, known(value)])),
  };
  const context = {
    ...base,
    boundary: { ...base.boundary, host },
    filters: new Map([["mine", filterWith(calls)]]),
  };
  const verdict = condition?.evaluate(family as never, context);
  expect(verdict && statusOf(verdict)).toBe(want);
});
