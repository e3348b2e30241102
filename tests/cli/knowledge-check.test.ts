import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkKnowledge } from "../../src/cli/knowledge-check.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-kb-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const technique = `id: NAME
title: A title
reason: it may
axis: misconfiguration
status: stable
from: workload
to: host-root
requires:
  all:
    - kernel: shared
    - capability: CAP_SYS_ADMIN
confidence: high
references:
  - url: https://example.org/a
    supports: all of it
since: "0.2"
examples:
  open:
    - run: docker run --privileged x
  closed:
    - run: docker run x
      by: seccomp
`;
const kernel = `
vulnerability:
  cve: CVE-2024-1234
  component: linux
  exploited: false
  affected:
    kind: kernel
    introduced: "5.8"
    fixed: "5.17"
    stable:
      "5.16": 5.16.11
      "5.15": 5.15.25
    packages:
      debian:
        "11": 5.10.92-2
        "12": not-affected
`;
const ranges = `
vulnerability:
  cve: CVE-2024-1234
  component: runc
  exploited: false
  affected:
    kind: ranges
    ranges:
      - { introduced: "1.0.0-rc93", fixed: "1.1.12" }
      - { introduced: "1.2.0-rc.1", fixed: "1.2.3" }
    packages:
      rhel: { "9": "4:1.1.12-1.el9_3" }
      alpine: { "3.19": 1.1.12-r0 }
      cos: { "109": 17800.66.54 }
`;

function write(name: string, text: string, sub = ""): void {
  mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(join(folder, sub, `${name}.yaml`), text.replace("NAME", name));
}
const found = () => checkKnowledge(folder).problems.map((line) => line.replace(`${folder}/`, ""));

describe("a folder of techniques", () => {
  test("right files have no problem", () => {
    write("a-technique", technique);
    write("CVE-2024-1234", technique + kernel);
    expect(checkKnowledge(folder)).toEqual({ techniques: 2, problems: [] });
    write("CVE-2024-1234", technique + ranges);
    expect(checkKnowledge(folder)).toEqual({ techniques: 2, problems: [] });
  });

  test.each([
    ["an unknown field", "axis:", "axes:", ":1:1: expected no such field, found axes"],
    [
      "another id than the file's",
      "id: NAME",
      "id: other",
      ':1:5: id: expected the file\'s name, a-technique, found "other"',
    ],
    [
      "an unknown condition",
      "kernel: shared",
      "kernal: shared",
      ':10:7: requires.all[0]: unknown condition "kernal"; did you mean "kernel"?',
    ],
    [
      "another argument",
      "kernel: shared",
      "kernel: mine",
      ':10:15: requires.all[0].kernel: expected shared, application, guest, found "mine"',
    ],
    [
      "a mistyped capability",
      "CAP_SYS_ADMIN",
      "CAP_SYS_ADMN",
      ':11:19: requires.all[1].capability: expected CAP_SYS_ADMIN, found "CAP_SYS_ADMN"',
    ],
    [
      "a mistyped capability with a scope",
      "CAP_SYS_ADMIN",
      "{ name: CAP_SYS_ADMN, in: own }",
      ':11:27: requires.all[1].capability.name: expected CAP_SYS_ADMIN, found "CAP_SYS_ADMN"',
    ],
    [
      "no such socket family",
      "capability: CAP_SYS_ADMIN",
      "socket-family: AF_NONESUCH",
      ':11:22: requires.all[1].socket-family: expected one that Linux has, found "AF_NONESUCH"',
    ],
    [
      "a reference over plain HTTP",
      "https://example.org/a",
      "http://example.org/a",
      ":14:10: references[0].url: expected",
    ],
    [
      "a reference that is no address",
      "https://example.org/a",
      "example.org",
      ":14:10: references[0].url: expected a text of the form",
    ],
    ["a second document", "examples:", "---\nexamples:", ": expected one YAML document"],
    ["no YAML", "title: A title", "title: [A", ":"],
  ])("%s", (_name, from, to, want) => {
    write("a-technique", technique.replace(from, to));
    expect(found().join("\n")).toContain(`a-technique.yaml${want}`);
  });

  test("without references there is nothing to rest on", () => {
    write("a-technique", technique.replace(/references:\n[^]*?since/, "references: []\nsince"));
    expect(found()).toEqual([
      "a-technique.yaml:13:13: references: expected at least 1 entries, found a list",
    ]);
  });

  test("an id and an alias name one technique each", () => {
    write("a-technique", technique, "one");
    write("a-technique", technique, "two");
    write("b-technique", `${technique}aliases: [a-technique]\n`);
    expect(found().map((line) => line.replace(folder, ""))).toEqual([
      'one/a-technique.yaml:1:5: id: expected a name of its own, found "a-technique", which "/b-technique.yaml" has',
      'two/a-technique.yaml:1:5: id: expected a name of its own, found "a-technique", which "/b-technique.yaml" has',
    ]);
  });

  test("an empty folder is no success", () => {
    expect(found()[0]).toContain("expected technique files (*.yaml), found none");
  });
});

describe("affected versions", () => {
  const at = "vulnerability.affected";
  test.each([
    [
      "an introduction after the fix",
      kernel,
      'introduced: "5.8"',
      'introduced: "5.18"',
      `:31:12: ${at}.fixed: expected a version after 5.18, found "5.17"`,
    ],
    [
      "an introduction that is no version",
      kernel,
      'introduced: "5.8"',
      "introduced: five",
      `${at}.introduced: expected a version of the kernel, such as 5.16.11, found "five"`,
    ],
    [
      "a fix that is no version",
      kernel,
      'fixed: "5.17"',
      "fixed: mainline",
      `:31:12: ${at}.fixed: expected a version of the kernel, such as 5.16.11, found "mainline"`,
    ],
    [
      "a point under another branch",
      kernel,
      "5.15.25",
      "5.14.25",
      `${at}.stable.5.15: expected a point of branch 5.15, found "5.14.25"`,
    ],
    [
      "a point that is no version",
      kernel,
      "5.15.25",
      "yes, all",
      `${at}.stable.5.15: expected a version of the kernel, such as 5.16.11, found "yes, all"`,
    ],
    [
      "a distribution that nobody looks up",
      kernel,
      "debian:",
      "debain:",
      `${at}.packages.debain: expected debian, ubuntu, rhel,`,
    ],
    [
      "a release by its code name",
      kernel,
      '"11": 5.10',
      "bullseye: 5.10",
      `${at}.packages.debian.bullseye: expected a release of debian in numbers, found "bullseye"`,
    ],
    [
      "a package without its revision",
      kernel,
      "5.10.92-2",
      "5.10.92",
      `${at}.packages.debian.11: expected a version of the package with its revision, or not-affected, found "5.10.92"`,
    ],
    [
      "a range that ends before it begins",
      ranges,
      'fixed: "1.1.12"',
      'fixed: "1.0.0-rc92"',
      `:31:44: ${at}.ranges[0].fixed: expected a version after 1.0.0-rc93, found "1.0.0-rc92"`,
    ],
    [
      "a range that ends where it begins",
      ranges,
      'fixed: "1.1.12"',
      'fixed: "1.0.0-rc93"',
      `${at}.ranges[0].fixed: expected a version after`,
    ],
    [
      "ranges that overlap",
      ranges,
      "1.2.0-rc.1",
      "1.1.11",
      `:32:23: ${at}.ranges[1].introduced: expected a version from 1.1.12 on, found "1.1.11"`,
    ],
    [
      "a range after one without an end",
      ranges,
      'fixed: "1.1.12"',
      "fixed: null",
      `${at}.ranges[1].introduced: expected no range after one without an end`,
    ],
    [
      "a range that no version begins",
      ranges,
      "1.2.0-rc.1",
      "latest",
      `${at}.ranges[1].introduced: expected a version, such as 1.1.12 or 1.0.0-rc93, found "latest"`,
    ],
    [
      "Debian's form where Alpine's is due",
      ranges,
      "1.1.12-r0",
      "1.1.12-1",
      `${at}.packages.alpine.3.19: expected a version of the package with its revision, or not-affected, found "1.1.12-1"`,
    ],
    [
      "a version of COS that is no build",
      ranges,
      "17800.66.54",
      "1.1.12",
      `${at}.packages.cos.109: expected a version of the package with its revision`,
    ],
  ])("%s", (_name, block, from, to, want) => {
    write("CVE-2024-1234", technique + block.replace(from, to));
    expect(found().join("\n")).toContain(want);
    expect(found()).toHaveLength(1);
  });

  test("a stable branch gets the bug before it gets the fix", () => {
    const points = '"5.16": 5.16.11\n';
    write(
      "CVE-2024-1234",
      technique +
        kernel
          .replace(points, `${points}    introducedStable: { "5.15": 5.15.30 }\n`)
          .replace('      "5.15": 5.15.25\n', ""),
    );
    expect(found()).toEqual([]);
    write("CVE-2024-1234", technique + `${kernel}    introducedStable: { "5.15": 5.15.30 }\n`);
    expect(found()).toEqual([
      'CVE-2024-1234.yaml:39:23: vulnerability.affected.introducedStable.5.15: expected a point before the fix in 5.15.25, found "5.15.30"',
    ]);
  });
});

describe("the shipped knowledge", () => {
  test("every name in a condition is one that Linux has", () => {
    const { problems, techniques } = checkKnowledge("knowledge");
    expect(techniques).toBeGreaterThan(100);
    // What others are writing at the moment is their own tests' affair.
    expect(problems.filter((line) => line.includes("requires"))).toEqual([]);
  });
});
