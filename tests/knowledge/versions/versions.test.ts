import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDebian } from "../../../src/knowledge/versions/debian.ts";
import { compareDotted } from "../../../src/knowledge/versions/dotted.ts";
import { parseKernelRelease, upstreamStatus } from "../../../src/knowledge/versions/kernel.ts";
import { isInstalled } from "./tools.ts";

describe("dotted versions", () => {
  test.each([
    ["1.1.11", "<", "1.1.12"],
    ["1.9", "<", "1.10"],
    ["1.0.0-rc93", "=", "1.0.0-rc.93"],
    ["1.0.0-rc93", "<", "1.0.0-rc95"],
    ["1.0.0-rc95", "<", "1.0.0"],
    ["1.4.0-beta.2", "<", "1.4.0-rc.1"],
    ["v1.3", "=", "1.3.0"],
    ["1.1.5+ds1-1+deb12u1", "=", "1.1.5"],
    ["1.0.0~rc93+ds1-5", "=", "1.0.0-rc93"],
    ["20250319.0", "<", "20250407.0"],
    ["5.17-rc3", "<", "5.17"],
  ])("%s %s %s", (a, sign, b) => {
    expect(Math.sign(compareDotted(a, b))).toBe(sign === "<" ? -1 : 0);
    expect(Math.sign(compareDotted(b, a))).toBe(sign === "<" ? 1 : 0);
  });
});

describe("Debian package versions", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["1.0~rc1", "1.0"],
    ["1.0", "1.0a"],
    ["1.0a", "1.0+"],
    ["9.9", "1:0.1"],
    ["1.0-1", "1.0-1.1"],
    ["1.0", "1.0-1"],
    ["1.9-1", "1.10-1"],
    ["1.1.5+ds1-1+b1", "1.1.5+ds1-1+deb12u1"],
    ["1.0.0~rc93+ds1-5+deb11u2", "1.0.0~rc93+ds1-5+deb11u3"],
    ["1.4.13~ds1-1~deb11u1", "1.4.13~ds1-1"],
    ["1.0-~~a", "1.0-~~"],
    ["1.0-~", "1.0"],
  ];
  test.each(rows.slice(0, 10))("%s is older than %s", (older, newer) => {
    expect(compareDebian(older, newer)).toBeLessThan(0);
    expect(compareDebian(newer, older)).toBeGreaterThan(0);
  });

  test("leading zeros and an absent revision do not count", () => {
    expect(compareDebian("1.01-0", "1.1")).toBe(0);
    expect(compareDebian("0:1.0", "1.0")).toBe(0);
  });

  const part = fc.string({ unit: fc.constantFrom(..."0129ab~+.".split("")), maxLength: 8 });
  const version = fc
    .tuple(fc.constantFrom("", "0:", "1:"), part, fc.constantFrom("", "-1", "-0", "-1~a"))
    .map(([epoch, text, revision]) => `${epoch}1${text}${revision}`);
  test("the order is total: antisymmetric and transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareDebian(a, b)) + Math.sign(compareDebian(b, a))).toBe(0);
        const [first, second, third] = [a, b, c].sort(compareDebian) as [string, string, string];
        expect(compareDebian(first, second)).toBeLessThanOrEqual(0);
        expect(compareDebian(second, third)).toBeLessThanOrEqual(0);
        expect(compareDebian(first, third)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test.skipIf(!isInstalled("dpkg"))("agrees with dpkg --compare-versions", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const order = compareDebian(a, b);
        const operator = order < 0 ? "lt" : order > 0 ? "gt" : "eq";
        execFileSync("dpkg", ["--compare-versions", a, operator, b]);
      }),
      { numRuns: 60 },
    );
  });
});

const dirtyPipe = {
  kind: "kernel",
  introduced: "5.8",
  fixed: "5.17",
  stable: { "5.16": "5.16.11", "5.15": "5.15.25", "5.10": "5.10.102" },
} as const;

describe("kernel versions", () => {
  test.each([
    ["5.7", "not-yet"],
    ["5.4.300", "not-yet"],
    ["5.8", "affected"],
    ["5.10.101", "affected"],
    ["5.10.102", "fixed"],
    ["5.13.19", "affected"],
    ["5.15.24", "affected"],
    ["5.15.25", "fixed"],
    ["5.16.10", "affected"],
    ["5.16.11", "fixed"],
    ["5.17", "fixed"],
    ["5.17-rc1", "affected"],
    ["6.8.0", "fixed"],
  ])("Dirty Pipe on %s: %s", (version, status) => {
    expect(upstreamStatus(version, dirtyPipe)).toBe(status);
  });

  test("a bug that came to a branch by a backport is there from that point on", () => {
    const range = {
      ...dirtyPipe,
      introduced: "6.10",
      introducedStable: { "6.6": "6.6.76" },
      fixed: "6.15",
      stable: { "6.6": "6.6.88", "6.1": "6.1.134" },
    };
    expect(upstreamStatus("6.6.75", range)).toBe("not-yet");
    expect(upstreamStatus("6.6.76", range)).toBe("affected");
    expect(upstreamStatus("6.6.88", range)).toBe("fixed");
    expect(upstreamStatus("6.1.100", range)).toBe("affected");
    expect(upstreamStatus("5.15.1", range)).toBe("not-yet");
  });

  test.each([
    ["6.12.9", "6.12.9", "upstream"],
    ["6.9.3-arch1-1", "6.9.3", "upstream"],
    ["6.6.31-0-lts", "6.6.31", "upstream"],
    ["6.10.14-linuxkit", "6.10.14", "upstream"],
    ["6.11.4-301.fc41.x86_64", "6.11.4", "upstream"],
    ["5.15.133+", "5.15.133", "points"],
    ["6.12.43+deb13-amd64", "6.12.43", "points"],
    ["6.8.0-51-generic", "6.8.0", "branch"],
    ["6.5.0-1015-aws", "6.5.0", "branch"],
    ["6.1.0-18-amd64", "6.1.0", "branch"],
    ["6.1.0-0.deb11.6-cloud-amd64", "6.1.0", "branch"],
    ["6.8.12-4-pve", "6.8.12", "branch"],
    ["5.14.0-503.el9.x86_64", "5.14.0", "backports"],
    ["6.1.112-122.189.amzn2023.x86_64", "6.1.112", "backports"],
    ["6.4.0-150600.23.25-default", "6.4.0", "backports"],
    ["5.10.0-whatever", "5.10.0", "backports"],
  ])("%s is %s, %s", (release, version, origin) => {
    expect(parseKernelRelease(release)).toMatchObject({ version, origin });
  });

  test("what is no release is none", () => {
    expect(parseKernelRelease("unknown")).toBeUndefined();
  });
});
