import { describe, expect, test } from "vitest";
import { answer } from "../../src/seccomp/answer.ts";
import type { SyscallQuery } from "../../src/seccomp/answer.ts";
import { parseSeccompProfile } from "../../src/seccomp/parse.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import { unrestricted } from "../../src/seccomp/helpers.ts";
import { filterOf, x86Numbers } from "./shipped.ts";

const ask = (syscalls: readonly unknown[], query: SyscallQuery, defaultAction = "SCMP_ACT_ERRNO") => {
  const { profile, problems } = parseSeccompProfile({ defaultAction, syscalls });
  expect(problems).toEqual([]);
  if (!profile) throw new Error("the profile of this test cannot be read");
  return answer(resolveProfile(profile, { capabilities: new Set(), arch: "amd64", kernel: [6, 1] }), query);
};

const allow = (name: string, ...args: readonly object[]) => ({
  names: [name],
  action: "SCMP_ACT_ALLOW",
  args,
});
const deny = (name: string, ...args: readonly object[]) => ({
  names: [name],
  action: "SCMP_ACT_ERRNO",
  errnoRet: 13,
  args,
});
const is = (index: number, value: number, op = "EQ", valueTwo = 0) => ({
  index,
  value,
  valueTwo,
  op: `SCMP_CMP_${op}`,
});

describe("several rules for one call", () => {
  test("any matching allow rule is enough", () => {
    const rules = [allow("socket", is(0, 1)), allow("socket", is(0, 2))];
    expect(ask(rules, { syscall: "socket", args: { 0: 2 } }).outcome).toBe("allowed");
    expect(ask(rules, { syscall: "socket", args: { 0: 3 } }).outcome).toBe("denied");
  });

  test("comparisons of one rule must all hold", () => {
    const rules = [allow("socket", is(0, 16), is(2, 9, "NE"))];
    expect(ask(rules, { syscall: "socket", args: { 0: 16, 2: 0 } }).outcome).toBe("allowed");
    expect(ask(rules, { syscall: "socket", args: { 0: 16, 2: 9 } }).outcome).toBe("denied");
    expect(ask(rules, { syscall: "socket", args: { 0: 16 } }).outcome).toBe("depends");
    expect(ask(rules, { syscall: "socket", args: { 0: 17 } }).outcome).toBe("denied");
  });

  test("comparisons of the same argument are alternatives, so two inequalities exclude nothing (runc#2735)", () => {
    const rules = [allow("socket", is(0, 38, "NE"), is(0, 40, "NE"))];
    expect(ask(rules, { syscall: "socket", args: { 0: 38 } }).outcome).toBe("allowed");
    expect(ask(rules, { syscall: "socket", args: { 0: 40 } }).outcome).toBe("allowed");
  });

  test.each([
    ["first", [deny("open"), allow("open", is(1, 0))]],
    ["last", [allow("open", is(1, 0)), deny("open")]],
  ])("an unconditional rule that comes %s replaces the conditional ones", (_place, rules) => {
    expect(ask(rules, { syscall: "open", args: { 1: 0 } })).toMatchObject({ outcome: "denied", errno: 13 });
  });

  test("of two unconditional rules the first stays", () => {
    expect(ask([allow("open"), deny("open")], { syscall: "open" }).outcome).toBe("allowed");
    expect(ask([deny("open"), allow("open")], { syscall: "open" }).outcome).toBe("denied");
  });

  test("an equality is decided before an inequality on the same argument, in either order", () => {
    const rules = [allow("socket", is(0, 16, "NE")), deny("socket", is(0, 40))];
    for (const order of [rules, rules.toReversed()]) {
      expect(ask(order, { syscall: "socket", args: { 0: 40 } }).outcome).toBe("denied");
      expect(ask(order, { syscall: "socket", args: { 0: 2 } }).outcome).toBe("allowed");
    }
  });

  test("rules that disagree on different arguments are unknown, as libseccomp promises no order", () => {
    const rules = [allow("socket", is(2, 9, "NE")), deny("socket", is(0, 40))];
    expect(ask(rules, { syscall: "socket", args: { 0: 40, 2: 0 } }).outcome).toBe("unknown");
    expect(ask(rules, { syscall: "socket", args: { 0: 40, 2: 9 } }).outcome).toBe("denied");
  });

  test("a rule equal to the default action never reaches libseccomp, so it cannot shadow a later one", () => {
    const same = { names: ["open"], action: "SCMP_ACT_ERRNO", errnoRet: 1 };
    expect(ask([same, allow("open")], { syscall: "open" }).outcome).toBe("allowed");
  });
});

describe("actions", () => {
  test.each([
    ["SCMP_ACT_ALLOW", "allowed", undefined],
    ["SCMP_ACT_LOG", "allowed", undefined],
    ["SCMP_ACT_ERRNO", "denied", 1],
    ["SCMP_ACT_TRACE", "denied", 38],
    ["SCMP_ACT_TRAP", "denied", undefined],
    ["SCMP_ACT_KILL", "denied", undefined],
    ["SCMP_ACT_KILL_PROCESS", "denied", undefined],
    ["SCMP_ACT_KILL_THREAD", "denied", undefined],
    ["SCMP_ACT_NOTIFY", "unknown", 38],
  ])("%s → %s", (action, outcome, errno) => {
    const found = ask([], { syscall: "open" }, action);
    expect([found.outcome, found.errno]).toEqual([outcome, errno]);
  });

  test("without a filter everything is allowed", () => {
    expect(answer(unrestricted, { syscall: "mount" }).outcome).toBe("allowed");
  });

  test("a call newer than the profile gets ENOSYS, one that is merely not listed EPERM", () => {
    const filter = filterOf("docker-25.0.3", { numbers: x86Numbers });
    expect(answer(filter, { syscall: "mseal" })).toMatchObject({ outcome: "denied", errno: 38 });
    expect(answer(filter, { syscall: "keyctl" })).toMatchObject({ outcome: "denied", errno: 1 });
  });
});

describe("comparisons over 64 bits", () => {
  test.each([
    ["NE", 40, 0, 40, "denied"],
    ["NE", 40, 0, 0x1_0000_0028, "allowed"],
    ["EQ", 40, 0, 0x1_0000_0028, "denied"],
    ["LT", 38, 0, 37, "allowed"],
    ["LT", 38, 0, 38, "denied"],
    ["LE", 38, 0, 38, "allowed"],
    ["GE", 38, 0, 37, "denied"],
    ["GE", 38, 0, 38, "allowed"],
    ["GT", 38, 0, 38, "denied"],
    ["GT", 38, 0, 0x1_0000_0000, "allowed"],
    ["MASKED_EQ", 0x7e020000, 0, 17, "allowed"],
    ["MASKED_EQ", 0x7e020000, 0, 0x10000011, "denied"],
    ["MASKED_EQ", 0x10000000, 0x10000000, 0x10000011, "allowed"],
  ])("SCMP_CMP_%s %i/%i lets %i be %s", (op, value, valueTwo, argument, want) => {
    expect(
      ask([allow("f", is(0, value, op, valueTwo))], { syscall: "f", args: { 0: argument } }).outcome,
    ).toBe(want);
  });

  test("a negative argument is its two's complement", () => {
    expect(ask([allow("f", is(0, 40, "GT"))], { syscall: "f", args: { 0: -1 } }).outcome).toBe("allowed");
  });

  test("known bits decide a masked comparison even when the rest is open", () => {
    const rules = [allow("clone", is(0, 0x7e020000, "MASKED_EQ"))];
    const newuser = { mask: 0x10000000, value: 0x10000000 };
    expect(ask(rules, { syscall: "clone", args: { 0: newuser } }).outcome).toBe("denied");
    expect(ask(rules, { syscall: "clone", args: { 0: { mask: 0x7e020000, value: 0 } } }).outcome).toBe(
      "allowed",
    );
    expect(ask(rules, { syscall: "clone", args: { 0: { mask: 0x10000000, value: 0 } } }).outcome).toBe(
      "depends",
    );
  });
});
