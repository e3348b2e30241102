import { describe, expect, test } from "vitest";
import { parseSeccompProfile } from "../../src/seccomp/parse.ts";

const errno = "SCMP_ACT_ERRNO";
const rule = { names: ["open"], action: "SCMP_ACT_ALLOW" };
const paths = (document: unknown): readonly string[] =>
  parseSeccompProfile(document).problems.map(({ path }) => path);

describe("what is accepted", () => {
  test("a plain OCI linux.seccomp object", () => {
    const { profile, problems } = parseSeccompProfile({
      defaultAction: errno,
      defaultErrnoRet: 38,
      architectures: ["SCMP_ARCH_X86_64"],
      flags: ["SECCOMP_FILTER_FLAG_LOG"],
      syscalls: [{ ...rule, args: [{ index: 1, value: 2, valueTwo: 3, op: "SCMP_CMP_MASKED_EQ" }] }],
    });
    expect(problems).toEqual([]);
    expect(profile).toMatchObject({ defaultErrnoRet: 38, architectures: ["SCMP_ARCH_X86_64"] });
    expect(profile?.syscalls[0]?.args).toEqual([
      { index: 1, op: "SCMP_CMP_MASKED_EQ", value: 2n, valueTwo: 3n },
    ]);
  });

  test("the old name beside names, null lists, empty conditions and unknown keys", () => {
    const { profile, problems } = parseSeccompProfile({
      defaultAction: errno,
      somethingNew: 1,
      syscalls: [
        {
          name: "read",
          action: "SCMP_ACT_ALLOW",
          args: null,
          comment: "",
          includes: {},
          excludes: { caps: null },
        },
        { names: ["write"], action: "SCMP_ACT_ALLOW", includes: { minKernel: "4.8", caps: ["CAP_BPF"] } },
      ],
    });
    expect(problems).toEqual([]);
    expect(profile?.syscalls).toEqual([
      { names: ["read"], action: "SCMP_ACT_ALLOW", args: [] },
      {
        names: ["write"],
        action: "SCMP_ACT_ALLOW",
        args: [],
        includes: { caps: ["CAP_BPF"], minKernel: [4, 8] },
      },
    ]);
  });

  test("errno names as containers/common writes them; the number wins", () => {
    const { profile } = parseSeccompProfile({
      defaultAction: errno,
      defaultErrno: "ENOSYS",
      syscalls: [{ ...rule, action: errno, errno: "EPERM", errnoRet: 22 }],
    });
    expect(profile?.defaultErrnoRet).toBe(38);
    expect(profile?.syscalls[0]?.errnoRet).toBe(22);
  });

  test("an empty object is seccomp switched off", () => {
    expect(parseSeccompProfile({})).toEqual({ profile: { syscalls: [] }, problems: [] });
  });
});

describe("what is refused, and where", () => {
  test.each([
    [null, [""]],
    [[], [""]],
    ["SCMP_ACT_ALLOW", [""]],
    [{ defaultAction: "ALLOW" }, ["defaultAction"]],
    [{ syscalls: [rule] }, ["defaultAction"]],
    [{ defaultAction: errno, syscalls: {} }, ["syscalls"]],
    [{ defaultAction: errno, syscalls: [1] }, ["syscalls[0]"]],
    [{ defaultAction: errno, syscalls: [{ names: ["a"] }] }, ["syscalls[0].action"]],
    [{ defaultAction: errno, syscalls: [{ action: errno }] }, ["syscalls[0].names"]],
    [
      { defaultAction: errno, syscalls: [{ ...rule, names: [7] }] },
      ["syscalls[0].names[0]", "syscalls[0].names"],
    ],
    [{ defaultAction: errno, syscalls: [{ ...rule, name: "b" }] }, ["syscalls[0].name"]],
    [{ defaultAction: errno, syscalls: [{ ...rule, errnoRet: -1 }] }, ["syscalls[0].errnoRet"]],
    [{ defaultAction: errno, syscalls: [{ ...rule, args: [{ op: "EQ" }] }] }, ["syscalls[0].args[0].op"]],
    [
      { defaultAction: errno, syscalls: [{ ...rule, args: [{ index: 6, op: "SCMP_CMP_EQ" }] }] },
      ["syscalls[0].args[0].index"],
    ],
    [
      {
        defaultAction: errno,
        syscalls: [{ ...rule, args: [{ index: 0, value: 2 ** 60, op: "SCMP_CMP_EQ" }] }],
      },
      ["syscalls[0].args[0].value"],
    ],
    [
      { defaultAction: errno, syscalls: [{ ...rule, includes: { minKernel: "4" } }] },
      ["syscalls[0].includes.minKernel"],
    ],
    [{ defaultAction: errno, architectures: ["A"], archMap: [{ architecture: "A" }] }, ["archMap"]],
  ])("%j → %j", (document, want) => {
    expect(paths(document)).toEqual(want);
  });

  test("a rule with an unreadable part is left out whole, the others stay", () => {
    const { profile } = parseSeccompProfile({
      defaultAction: errno,
      syscalls: [
        {
          ...rule,
          args: [
            { index: 0, op: "SCMP_CMP_EQ" },
            { index: 9, op: "SCMP_CMP_EQ" },
          ],
        },
        rule,
      ],
    });
    expect(profile?.syscalls).toHaveLength(1);
  });

  test("messages show what was found, shortened", () => {
    const [problem] = parseSeccompProfile({ defaultAction: "x".repeat(500) }).problems;
    expect(problem?.message.length).toBeLessThan(140);
  });
});
