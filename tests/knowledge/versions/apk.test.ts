import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareApk, isApk } from "../../../src/knowledge/versions/apk.ts";

describe("Alpine's versions", () => {
  test.each([
    ["0.1.0_alpha", "<", "0.1.0_alpha2"],
    ["0.1.0_alpha_pre2", "<", "0.1.0_alpha"],
    ["1.1_alpha1", "<", "1.1"],
    ["1.3_alpha8", "<", "1.3_beta"],
    ["0.10.0", "<", "0.10.1_rc1"],
    ["2.0.0_rc3-r1", "<", "2.0.0"],
    ["1.3_pre1-r1", "<", "1.3.2"],
    ["1.8.5", "<", "1.8.5_p2"],
    ["1.0_p9-r0", "<", "1.0_p10-r0"],
    ["1.0_git1", "<", "1.0_p1"],
    ["4.5_p1", "<", "4.5_p1-r1"],
    ["2.5.1-r8", "<", "2.5.1a-r1"],
    ["2.2.39-r1", "<", "2.2.39-r10"],
    ["1.0", "<", "1.0.0"],
    ["1.0", "<", "1.0-r0"],
    ["1.06-r6", "<", "006"],
    ["1.02.07", "<", "1.02.10-r1"],
    ["8.2.0015", "<", "8.2.002"],
    ["1.01", "<", "1.1"],
    ["013", "=", "13"],
    ["1.1.12-r3", "=", "1.1.12-r3"],
    ["1.0~c0ffee-r0", "<", "1.0~deadbeef-r0"],
    ["20060720", ">", "3.0.20060720"],
    ["6.6.31-r0", "<", "6.6.32-r0"],
    ["1.99999999999999999998", "<", "1.99999999999999999999"],
  ])("%s %s %s", (a, sign, b) => {
    const wanted = sign === "<" ? -1 : sign === ">" ? 1 : 0;
    expect(Math.sign(compareApk(a, b))).toBe(wanted);
    expect(Math.sign(compareApk(b, a)) + wanted).toBe(0);
  });

  test.each(["1.0bc", "23_foo", "1.0-1", "1.0-r", "", "v1.0", "1.0_p1a", "1..0"])(
    "%j is no version",
    (version) => {
      expect(isApk(version)).toBe(false);
    },
  );

  const number = fc.constantFrom("0", "1", "2", "9", "10", "01", "001");
  const suffix = fc
    .tuple(
      fc.constantFrom("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"),
      fc.constantFrom("", "1", "10"),
    )
    .map(([name, digits]) => `_${name}${digits}`);
  const version = fc
    .tuple(
      fc.constantFrom("1", "2", "10"),
      fc.array(number, { maxLength: 3 }),
      fc.constantFrom("", "", "a", "b"),
      fc.array(suffix, { maxLength: 2 }),
      fc.constantFrom("", "", "~c0ffee"),
      fc.constantFrom("", "-r0", "-r1", "-r10"),
    )
    .map(([first, more, letter, names, commit, revision]) =>
      [first, ...more.map((digits) => `.${digits}`), letter, ...names, commit, revision].join(""),
    );

  test("the order is total: antisymmetric, transitive, and 0 for equal texts only", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(isApk(a)).toBe(true);
        expect(compareApk(a, a)).toBe(0);
        expect(Math.sign(compareApk(a, b)) + Math.sign(compareApk(b, a))).toBe(0);
        const [first, second, third] = [a, b, c].sort(compareApk) as [string, string, string];
        expect(compareApk(first, second)).toBeLessThanOrEqual(0);
        expect(compareApk(second, third)).toBeLessThanOrEqual(0);
        expect(compareApk(first, third)).toBeLessThanOrEqual(0);
        if (a !== b) expect(compareApk(a, b)).not.toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
