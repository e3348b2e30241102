import * as z from "zod/mini";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Boundary, Mount } from "../../src/boundary/boundary.ts";
import { unknown } from "../../src/boundary/fact.ts";
import { order } from "../../src/conditions/cut-sets.ts";
import { conditions } from "../../src/conditions/registry.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { generated } from "../../scripts/generate.ts";
import { bind, boundary, contextOf } from "../helpers/boundary.ts";
import { allTechniques } from "../helpers/knowledge.ts";
import type { Formula } from "../../src/knowledge/types.ts";

/** Every argument that the knowledge base gives to each condition. */
const used = new Map<string, unknown[]>();
function collect(formula: Formula): void {
  for (const [key, value] of Object.entries(formula)) {
    if (key === "all" || key === "any") (value as Formula[]).forEach(collect);
    else used.set(key, [...(used.get(key) ?? []), value]);
  }
}
for (const { requires } of allTechniques) collect(requires);

/** Conditions of the vocabulary that no technique needs yet, with an argument each; keep this list short. */
const unused: Readonly<Record<string, unknown>> = {
  "container-engine": ["docker"],
  network: "reachable",
  "user-namespace-creation": "allowed",
};

const cases = conditions.flatMap((condition) => {
  const given = used.get(condition.id) ?? [unused[condition.id]];
  const distinct = [...new Map(given.map((argument) => [JSON.stringify(argument), argument])).values()];
  return distinct.map((argument) => ({
    id: condition.id,
    argument,
    condition,
    title: JSON.stringify(argument),
  }));
});

/** Every leaf that can be unknown is. */
function allUnknown(): Boundary {
  const hide = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== "object" || value === null || value instanceof Map) return value;
    if ("known" in value) return unknown("some.fact", "the test does not say");
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]));
  };
  const known = boundary({ mounts: [bind("/data", "/data")] });
  const mounts = known.mounts.map((mount): Mount => ({
    ...mount,
    readOnly: unknown("some.fact", "the test does not say"),
  }));
  return { ...(hide(known) as Boundary), mounts };
}

// A bug that nobody knows, an argument with a documented default, and what is not mounted at all are no unknowns.
const decided: ReadonlySet<string> = new Set([
  "fails",
  "sysctl",
  "kernel-config",
  "shares",
  "host-path",
  "propagation",
  "host-file-handle",
  "shared-file",
  "sub-path",
]);

function size(sets: readonly (readonly string[])[]): number {
  return order(sets) ?? Number.POSITIVE_INFINITY;
}

describe("every condition", () => {
  test("is used by a technique, or listed as not yet used", () => {
    const without = conditions.map(({ id }) => id).filter((id) => !used.has(id) && !(id in unused));
    expect(without).toEqual([]);
  });

  test("is in the registry, which is not stale", async () => {
    const files = await generated(process.cwd());
    for (const [path, contents] of files) {
      if (path.includes("conditions")) expect(readFileSync(path, "utf8")).toBe(contents);
    }
  });

  test.each(cases)(
    "$id: $title has a schema that takes its argument and nothing else",
    ({ condition, argument }) => {
      expect(condition.schema(z).safeParse(argument).success).toBe(true);
      for (const junk of [undefined, null, 7, "", {}, { no: "such" }]) {
        expect(condition.schema(z).safeParse(junk).success).toBe(false);
      }
      expect(condition.describe(argument as never)).toMatch(/\S/);
    },
  );

  test.each(cases)(
    "$id: $title gives evidence, and says the same of equal boundaries",
    ({ condition, argument }) => {
      const verdict = condition.evaluate(argument as never, contextOf());
      expect(verdict.evidence.length).toBeGreaterThan(0);
      expect(verdict).toEqual(condition.evaluate(argument as never, contextOf()));
      expect(size(verdict.worst)).toBeLessThanOrEqual(size(verdict.best));
      if (statusOf(verdict) === "blocked") expect(verdict.barriers).not.toEqual([]);
    },
  );

  test.each(cases)(
    "$id: $title says unknown, never open or closed for good, when nothing is known",
    ({ condition, argument }) => {
      const context = { ...contextOf(), boundary: allUnknown() };
      const verdict = condition.evaluate(argument as never, context);
      const differs = JSON.stringify(verdict.worst) !== JSON.stringify(verdict.best);
      const hasDefault = typeof argument === "object" && argument !== null && "default" in argument;
      if (!decided.has(condition.id) && argument !== "existing" && !hasDefault) expect(differs).toBe(true);
      if (differs) expect(verdict.undecided.length).toBeGreaterThan(0);
      expect(verdict.evidence.length).toBeGreaterThan(0);
    },
  );
});
