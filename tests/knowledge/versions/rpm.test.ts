import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRpm, isRpm } from "../../../src/knowledge/versions/rpm.ts";
import { answerOf, isInstalled } from "./tools.ts";

describe("RPM versions", () => {
  test.each([
    ["1.0", "<", "2.0"],
    ["2.0", "<", "2.0.1"],
    ["2.0.1", "<", "2.0.1a"],
    ["5.5p1", "<", "5.5p10"],
    ["10xyz", "<", "10.1xyz"],
    ["xyz.4", "<", "2"],
    ["6.0", "<", "6.0.rc1"],
    ["10a2", "<", "10b2"],
    ["1.0a", "<", "1.0aa"],
    ["10.0001", "=", "10.1"],
    ["4.999.9", "<", "5.0"],
    ["2.0", "=", "2_0"],
    ["1.0~rc1", "<", "1.0"],
    ["1.0~rc1~git123", "<", "1.0~rc1"],
    ["1.0", "<", "1.0^"],
    ["1.0^git1", "<", "1.0.1"],
    ["1.0^git1~pre", "<", "1.0^git1"],
    ["1.0~rc1^git1", "<", "1.0"],
    ["1.1.12-1.el9", "<", "1.1.12-2.el9"],
    ["1.1.12-1.el9", "<", "1.1.12-1.el9_3"],
    ["1.1.12", "<", "1.1.12-1"],
    ["9.9-1", "<", "1:0.1-1"],
    ["0:1.0-1", "=", "1.0-1"],
    ["5.14.0-427.13.1.el9_4", "<", "5.14.0-503.11.1.el9_5"],
    ["6.1.112-122.189.amzn2023", "<", "6.1.112-124.190.amzn2023"],
    ["99999999999999999999.1", "<", "100000000000000000000.0"],
  ])("%s %s %s", (a, sign, b) => {
    expect(Math.sign(compareRpm(a, b))).toBe(sign === "<" ? -1 : 0);
    expect(Math.sign(compareRpm(b, a))).toBe(sign === "<" ? 1 : 0);
  });

  test.each(["4:1.1.12-1.el9_3", "1:1.1.12-1.module+el8.9.0+21243+a586538b", "1.0~rc1^git1-0.1"])(
    "%s is a version",
    (version) => {
      expect(isRpm(version)).toBe(true);
    },
  );
  test.each(["", "1 0", "1:", "a/b"])("%j is none", (version) => {
    expect(isRpm(version)).toBe(false);
  });

  const part = fc.string({ unit: fc.constantFrom(..."0129abz~^+._".split("")), maxLength: 7 });
  const version = fc
    .tuple(fc.constantFrom("", "0:", "1:"), part, fc.constantFrom("", "-1", "-1.el9", "-0~a", "-1^b"))
    .map(([epoch, text, release]) => `${epoch}1${text}${release}`);

  test("the order is total: antisymmetric and transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareRpm(a, b)) + Math.sign(compareRpm(b, a))).toBe(0);
        const [first, second, third] = [a, b, c].sort(compareRpm) as [string, string, string];
        expect(compareRpm(first, second)).toBeLessThanOrEqual(0);
        expect(compareRpm(second, third)).toBeLessThanOrEqual(0);
        expect(compareRpm(first, third)).toBeLessThanOrEqual(0);
      }),
    );
  });

  const answers = readFileSync(new URL("rpm-answers.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");
  test("rpm 4.18 answered the same to 300 pairs", () => {
    expect(answers.length).toBe(300);
    const own = answers.map((line) => {
      const [a = "", b = ""] = line.split(" ");
      return `${a} ${b} ${String(Math.sign(compareRpm(a, b)))}`;
    });
    expect(own).toEqual(answers);
  });

  // Where it is not installed, the recorded answers above stand for it.
  if (isInstalled("rpm"))
    test("agrees with the rpm that is installed", () => {
      const pair = fc.tuple(version, version);
      fc.assert(
        fc.property(fc.array(pair, { minLength: 20, maxLength: 40 }), (pairs) => {
          const asked = pairs.map(([a, b]) => `r = r .. rpm.vercmp("${a}", "${b}") .. " "`).join(" ");
          const answer = answerOf("rpm", ["--eval", `%{lua: r = "" ${asked} print(r)}`]);
          const own = pairs.map(([a, b]) => String(Math.sign(compareRpm(a, b))));
          expect(answer.split(" ")).toEqual(own);
        }),
        { numRuns: 20 },
      );
    });
});
