import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditions } from "../../src/conditions/registry.ts";
import { checkFormula } from "../../src/knowledge/parse-formula.ts";
import { checkTechnique } from "../../src/knowledge/technique-schema.ts";

const vocabulary = new Map(conditions.map((condition) => [condition.id, condition]));
const check = (raw: unknown): readonly string[] =>
  checkFormula(raw, vocabulary, "requires").map(({ path, message }) => `${path}: ${message}`);

describe("formulas", () => {
  test.each([
    { name: "one condition", raw: { capability: "CAP_SYS_ADMIN" } },
    { name: "an empty list, which holds", raw: { all: [] } },
    {
      name: "nesting",
      raw: { all: [{ kernel: "shared" }, { any: [{ syscall: "bpf" }, { fails: "kernel" }] }] },
    },
  ])("$name is right", ({ raw }) => {
    expect(check(raw)).toEqual([]);
  });

  test.each([
    {
      name: "a mistyped condition",
      raw: { all: [{ capabilty: "CAP_SYS_ADMIN" }] },
      want: 'requires.all[0]: unknown condition "capabilty"; did you mean "capability"?',
    },
    {
      name: "a condition like no other",
      raw: { zzzzzzzzz: 1 },
      want: 'requires: unknown condition "zzzzzzzzz"',
    },
    {
      name: "an argument of the wrong kind",
      raw: { all: [{ kernel: "shared" }, { any: [{ kernel: "mine" }] }] },
      want: 'requires.all[1].any[0].kernel: expected shared, application, guest, found "mine"',
    },
    {
      name: "a field that the argument does not have",
      raw: { device: { class: "memory", access: "write", more: 1 } },
      want: "requires.device: expected no such field, found more",
    },
    {
      name: "a field that is missing",
      raw: { device: { class: "memory" } },
      want: "requires.device.access: expected read, write, found nothing",
    },
    {
      name: "two keys",
      raw: { kernel: "shared", fails: "kernel" },
      want: "requires: expected one key, found kernel, fails",
    },
    { name: "no key", raw: {}, want: "requires: expected one key, found none" },
    { name: "a text", raw: "kernel", want: 'requires: expected all, any or a condition, found "kernel"' },
    { name: "nothing", raw: undefined, want: "requires: expected all, any or a condition, found nothing" },
    {
      name: "no list",
      raw: { all: { kernel: "shared" } },
      want: "requires.all: expected a list of formulas, found a mapping",
    },
  ])("$name → $want", ({ raw, want }) => {
    expect(check(raw)).toEqual([want]);
  });

  test("a formula that never ends is refused, not followed", () => {
    let raw: unknown = { kernel: "shared" };
    for (let i = 0; i < 10_000; i++) raw = { all: [raw] };
    expect(check(raw)).toHaveLength(1);
  });

  test("any value gives problems, never an exception", () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        for (const { path, message } of checkTechnique(raw).problems)
          expect([typeof path, message]).toEqual(["string", expect.stringMatching(/\S/)]);
        expect(checkTechnique(raw).problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

const technique = {
  id: "a-technique",
  title: "A title",
  reason: "it may",
  axis: "misconfiguration",
  status: "stable",
  from: "workload",
  to: "host-root",
  requires: { kernel: "shared" },
  confidence: "high",
  references: [{ url: "https://example.org/", supports: "all of it" }],
  since: "0.1",
  examples: { open: [{ run: "docker run x" }], closed: [{ run: "docker run x", by: "seccomp" }] },
};
const vulnerability = {
  cve: "CVE-2024-1234",
  component: "runc",
  exploited: false,
  affected: { kind: "ranges", ranges: [{ introduced: "1.0", fixed: null }] },
};

describe("technique files", () => {
  test("a whole one has no problem", () => {
    expect(checkTechnique(technique, "a-technique").problems).toEqual([]);
    expect(
      checkTechnique({ ...technique, id: "CVE-2024-1234", vulnerability }, "CVE-2024-1234").problems,
    ).toEqual([]);
  });

  test.each([
    {
      name: "another name",
      data: technique,
      file: "other",
      want: 'id: expected the file\'s name, other, found "a-technique"',
    },
    {
      name: "a field too many",
      data: { ...technique, severity: "high" },
      want: ": expected no such field, found severity",
    },
    { name: "an unknown stage", data: { ...technique, to: "moon" }, want: "to: expected" },
    {
      name: "a stage that leads to itself",
      data: { ...technique, to: "workload" },
      want: 'to: expected another stage than from, found "workload"',
    },
    {
      name: "no reference",
      data: { ...technique, references: [] },
      want: "references: expected at least 1 entries, found a list",
    },
    {
      name: "no closed example",
      data: { ...technique, examples: { ...technique.examples, closed: [] } },
      want: "examples.closed: expected at least 1 entries",
    },
    {
      name: "neither an open nor an unknown example",
      data: { ...technique, examples: { ...technique.examples, open: [] } },
      want: "examples.open: expected one, or an unknown one where the host decides, found neither",
    },
    {
      name: "an example that is both",
      data: {
        ...technique,
        examples: { ...technique.examples, open: [{ run: "docker run x", input: "services: {}" }] },
      },
      want: "examples.open[0]: expected either run or input, found both or neither",
    },
    {
      name: "a vulnerability under another name",
      data: { ...technique, vulnerability },
      want: 'vulnerability.cve: expected the id, as for every vulnerability, found "CVE-2024-1234"',
    },
    {
      name: "a mistyped condition",
      data: { ...technique, requires: { kernal: "shared" } },
      want: 'requires: unknown condition "kernal"; did you mean "kernel"?',
    },
  ])("$name → $want", ({ data, file, want }) => {
    const found = checkTechnique(data, file ?? "a-technique").problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
    expect(found.join("\n")).toContain(want);
  });
});
