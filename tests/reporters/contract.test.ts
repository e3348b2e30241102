import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/reporters/explain.ts";
import { reporters } from "../../src/reporters/registry.ts";
import type { Reporter, RenderOptions } from "../../src/reporters/types.ts";
import { empty, errorsOnly, fixed, shop } from "../helpers/assessments.ts";
import { poisoned, venom } from "../helpers/hostile.ts";

const plain: RenderOptions = { color: false, width: 100, verbose: false, quiet: false };
const variants: readonly RenderOptions[] = [
  plain,
  { ...plain, verbose: true },
  { ...plain, quiet: true },
  { ...plain, width: 20 },
  { ...plain, lineOf: () => `key: ${venom}` },
];
const all: readonly Reporter[] = await Promise.all(
  Object.values(reporters).map((load) => load() as Promise<Reporter>),
);

// Everything but the line break that ends a line.
const unsafe = /[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u;

test("there are reporters to hold to the contract", () => {
  expect(all.map(({ id }) => id)).toEqual(["json", "ndjson", "openvex", "text"]);
  expect(Object.keys(reporters)).toEqual(all.map(({ id }) => id));
});

describe.each(all.map((reporter) => [reporter.id, reporter] as const))("%s", (_, reporter) => {
  test.each(Object.entries(fixed))("%s ends with one line break, the same each time", (_, assessment) => {
    for (const options of variants) {
      const output = reporter.render(assessment, options);
      expect(output.endsWith("\n")).toBe(true);
      expect(output.endsWith("\n\n")).toBe(false);
      expect(reporter.render(assessment, options)).toBe(output);
    }
  });

  test("says something even where there are no subjects", () => {
    for (const options of variants) {
      expect(reporter.render(empty, options).length).toBeGreaterThan(20);
      expect(reporter.render(errorsOnly, options)).toContain("compose.yaml");
    }
  });

  test("no control, format or bidirectional character of an input reaches the output", () => {
    for (const options of variants)
      expect(unsafe.exec(reporter.render(poisoned(), options))?.index).toBeUndefined();
  });

  test("no name breaks a line or a colour, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
        const [first, ...rest] = shop.subjects;
        if (!first) throw new Error("the shop has subjects");
        const assessment = { ...shop, subjects: [{ ...first, name, image: name, id: name }, ...rest] };
        return !unsafe.test(reporter.render(assessment, plain));
      }),
      { numRuns: 200 },
    );
  });

  test("what is kept of a subject renders as the whole of it", () => {
    const digest = reporter.digester?.();
    if (!digest) return;
    for (const assessment of Object.values(fixed)) {
      const kept = { ...assessment, subjects: assessment.subjects.map(digest) };
      for (const options of variants)
        expect(reporter.render(kept, options)).toBe(reporter.render(assessment, options));
    }
  });

  test("a stream of records is what render gives", () => {
    const { stream } = reporter;
    if (!stream) return;
    const records = [
      ...shop.subjects.map(stream.subject),
      ...shop.errors.map((e) => stream.problem(e, "error")),
      stream.end(shop),
    ];
    expect(records.join("")).toBe(reporter.render(shop, plain));
  });
});

describe("explain", () => {
  const questions = [
    { kind: "way", id: "docker-socket" },
    { kind: "way", id: "CVE-2022-0847" },
    { kind: "barrier", id: "kernel-correct" },
    { kind: "barrier", id: `capability:${venom}` },
  ] as const;
  test.each(questions)(
    "$kind $id is safe to print, ends with a line break, and survives having no subjects",
    (question) => {
      for (const options of variants) {
        for (const assessment of [shop, empty, errorsOnly, poisoned()]) {
          const output = explain(assessment, question, options);
          expect(output.endsWith("\n")).toBe(true);
          expect(unsafe.exec(output)?.index).toBeUndefined();
        }
      }
    },
  );
  test("a poisoned technique is found by its id and shown escaped", () => {
    const output = explain(poisoned(), { kind: "way", id: `docker-socket${venom}` }, plain);
    expect(output).toContain("connectable");
    expect(unsafe.test(output)).toBe(false);
  });
});
