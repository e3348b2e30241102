import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answer } from "../../src/seccomp/answer.ts";
import { parseSeccompProfile } from "../../src/seccomp/parse.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import { seccompActions, seccompOperators } from "../../src/seccomp/types.ts";
import type {
  ArgumentIndex,
  SeccompComparison,
  SeccompProfile,
  SeccompRule,
} from "../../src/seccomp/types.ts";
import { shipped } from "./shipped.ts";

const comparison: fc.Arbitrary<SeccompComparison> = fc.record({
  index: fc.constantFrom<ArgumentIndex[]>(0, 1, 2),
  op: fc.constantFrom(...seccompOperators),
  value: fc.bigInt(0n, 6n),
  valueTwo: fc.bigInt(0n, 6n),
});
const allowRule: fc.Arbitrary<SeccompRule> = fc.record({
  names: fc.constant(["f"]),
  action: fc.constant("SCMP_ACT_ALLOW" as const),
  args: fc.array(comparison, { maxLength: 3 }),
});
const argsArbitrary = fc.record({ 0: fc.nat(7), 1: fc.nat(7), 2: fc.nat(7) });
const context = { capabilities: new Set<string>(), arch: "amd64", kernel: [6, 1] as const };
const ask = (profile: SeccompProfile, args: Record<number, number>) =>
  answer(resolveProfile(profile, context), { syscall: "f", args }).outcome;

// Documents that look enough like profiles to get past the first checks.
const profileLike = fc.record(
  {
    defaultAction: fc.oneof(fc.constantFrom<unknown>(...seccompActions), fc.anything()),
    architectures: fc.oneof(fc.array(fc.string()), fc.anything()),
    archMap: fc.oneof(fc.array(fc.anything()), fc.anything()),
    syscalls: fc.oneof(
      fc.array(
        fc.record(
          {
            names: fc.oneof(fc.array(fc.string()), fc.anything()),
            name: fc.anything(),
            action: fc.oneof(fc.constantFrom<unknown>(...seccompActions), fc.anything()),
            args: fc.oneof(
              fc.array(fc.record({ index: fc.anything(), op: fc.constantFrom(...seccompOperators) })),
              fc.anything(),
            ),
            includes: fc.anything(),
            excludes: fc.anything(),
          },
          { requiredKeys: [] },
        ),
      ),
      fc.anything(),
    ),
  },
  { requiredKeys: [] },
);

describe("reading", () => {
  test("any JSON value gives a profile or problems, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), profileLike, fc.anything()), (value) => {
        const { profile, problems } = parseSeccompProfile(value);
        if (profile) answer(resolveProfile(profile, context), { syscall: "f" });
        return profile !== undefined || problems.length > 0;
      }),
    );
  });
});

describe("rules", () => {
  test("adding an allow rule to a profile that denies by default never turns allowed into denied", () => {
    fc.assert(
      fc.property(
        fc.array(allowRule, { maxLength: 4 }),
        allowRule,
        argsArbitrary,
        (syscalls, extra, args) => {
          const profile: SeccompProfile = { defaultAction: "SCMP_ACT_ERRNO", syscalls };
          const before = ask(profile, args);
          return (
            before !== "allowed" || ask({ ...profile, syscalls: [...syscalls, extra] }, args) === "allowed"
          );
        },
      ),
    );
  });

  test("the order of allow rules does not matter", () => {
    fc.assert(
      fc.property(fc.array(allowRule, { maxLength: 4 }), argsArbitrary, (syscalls, args) => {
        const profile: SeccompProfile = { defaultAction: "SCMP_ACT_ERRNO", syscalls };
        return ask(profile, args) === ask({ ...profile, syscalls: syscalls.toReversed() }, args);
      }),
    );
  });

  test("an answer that does not depend on open arguments holds whatever they are", () => {
    fc.assert(
      fc.property(
        fc.array(allowRule, { maxLength: 4 }),
        argsArbitrary,
        fc.subarray([0, 1, 2]),
        (syscalls, args, known) => {
          const profile: SeccompProfile = { defaultAction: "SCMP_ACT_ERRNO", syscalls };
          const some = Object.fromEntries(
            Object.entries(args).filter(([index]) => known.includes(Number(index))),
          );
          const general = ask(profile, some);
          return general === "depends" || general === ask(profile, args);
        },
      ),
    );
  });

  test("whole known bits say the same as the value", () => {
    fc.assert(
      fc.property(fc.array(allowRule, { maxLength: 4 }), argsArbitrary, (syscalls, args) => {
        const filter = resolveProfile({ defaultAction: "SCMP_ACT_ERRNO", syscalls }, context);
        const bits = Object.fromEntries(
          Object.entries(args).map(([index, value]) => [index, { mask: -1n, value }]),
        );
        expect(answer(filter, { syscall: "f", args: bits })).toEqual(answer(filter, { syscall: "f", args }));
      }),
    );
  });
});

describe("conditions of the shipped profiles", () => {
  const named = (profile: SeccompProfile): readonly string[] => [
    ...new Set(profile.syscalls.flatMap(({ names }) => names)),
  ];
  const conditions = shipped.profiles.flatMap(({ profile }) =>
    profile.syscalls.flatMap((rule) => [rule.includes, rule.excludes]),
  );
  const capabilities = [...new Set(conditions.flatMap((condition) => condition?.caps ?? []))];
  const values = [0, 9, 16, 17, 33, 38, 40, 45, 0x10000000, 0x10000011, 0x1_0000_0028];
  const rank = { denied: 0, unknown: 1, depends: 1, allowed: 2 } as const;

  test("more capabilities never take a system call away, for any argument", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped.profiles),
        fc.subarray(capabilities),
        fc.constantFrom(...capabilities),
        fc.constantFrom("amd64", "arm64", "s390x"),
        fc.record({
          0: fc.constantFrom(...values),
          1: fc.constantFrom(...values),
          2: fc.constantFrom(...values),
        }),
        ({ profile }, held, more, arch, args) => {
          const fewer = resolveProfile(profile, { capabilities: new Set(held), arch, kernel: [6, 1] });
          const richer = resolveProfile(profile, {
            capabilities: new Set([...held, more]),
            arch,
            kernel: [6, 1],
          });
          for (const syscall of named(profile)) {
            const before = answer(fewer, { syscall, args }).outcome;
            const after = answer(richer, { syscall, args }).outcome;
            expect.soft(rank[after], `${syscall} with ${more}`).toBeGreaterThanOrEqual(rank[before]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a known kernel never contradicts what was certain without it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped.profiles),
        fc.subarray(capabilities),
        fc.tuple(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 0, max: 20 })),
        ({ profile }, held, kernel) => {
          const open = resolveProfile(profile, { capabilities: new Set(held), arch: "amd64" });
          const known = resolveProfile(profile, { capabilities: new Set(held), arch: "amd64", kernel });
          for (const syscall of named(profile)) {
            const before = answer(open, { syscall }).outcome;
            if (before !== "unknown") expect(answer(known, { syscall }).outcome).toBe(before);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
