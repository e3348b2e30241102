import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unknown } from "../../src/boundary/fact.ts";
import { absorbedBy, contains, order } from "../../src/conditions/cut-sets.ts";
import type { CutSets } from "../../src/conditions/cut-sets.ts";
import type { Verdict } from "../../src/conditions/verdict.ts";
import { absent, allOf, anyOf, blocked, decide, holds, statusOf } from "../../src/conditions/verdict.ts";

/** A random verdict: leaves, unknown facts with candidates, and both ways to combine them. */
type Tree =
  | { readonly op: "holds" }
  | { readonly op: "absent" }
  | { readonly op: "blocked"; readonly barriers: readonly string[] }
  | { readonly op: "all" | "any" | "unknown"; readonly children: readonly Tree[] };
const names = ["a", "b", "c", "d", "e"];

const tree = fc.letrec<{ tree: Tree }>((tie) => {
  const children = fc.array(tie("tree"), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<Tree>({ op: "holds" }, { op: "absent" }),
      fc
        .subarray(names, { minLength: 1, maxLength: 2 })
        .map((barriers): Tree => ({ op: "blocked", barriers })),
      fc.record({ op: fc.constantFrom("all" as const, "any" as const, "unknown" as const), children }),
    ),
  };
}).tree;

function evaluate(node: Tree, depth = 0): Verdict {
  if (node.op === "holds") return holds("it holds", null);
  if (node.op === "absent") return absent("gone", "it is not there", null);
  if (node.op === "blocked") return blocked(node.barriers, "it is blocked", null);
  const verdicts = node.children.map((child, index) => evaluate(child, depth * 4 + index + 1));
  if (node.op === "all") return allOf(verdicts);
  if (node.op === "any") return anyOf(verdicts);
  return decide(unknown(`fact-${String(depth)}`, "not said", verdicts), "a", (verdict) => verdict);
}

const size = (sets: CutSets): number => order(sets) ?? Number.POSITIVE_INFINITY;

describe("laws of verdicts", () => {
  test("under the worst values no more must fail than under the best", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const verdict = evaluate(node);
        expect(size(verdict.worst)).toBeLessThanOrEqual(size(verdict.best));
        expect(absorbedBy(verdict.best, verdict.worst)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("where the two differ, the fact that would decide is named; evidence is never empty", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const verdict = evaluate(node);
        if (JSON.stringify(verdict.worst) !== JSON.stringify(verdict.best))
          expect(verdict.undecided).not.toEqual([]);
        expect(verdict.evidence).not.toEqual([]);
      }),
    );
  });

  test("every barrier of a cut set is among the barriers that were met", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const { worst, best, barriers } = evaluate(node);
        for (const set of [...worst, ...best]) for (const name of set) expect(barriers).toContain(name);
      }),
    );
  });

  test("one more condition never makes a way easier, one more way never makes it harder", () => {
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const [a, b] = [evaluate(left), evaluate(right)];
        expect(size(allOf([a, b]).worst)).toBeGreaterThanOrEqual(size(a.worst));
        expect(size(anyOf([a, b]).worst)).toBeLessThanOrEqual(size(a.worst));
        expect(size(anyOf([a, b]).best)).toBeLessThanOrEqual(size(a.best));
      }),
    );
  });
});

describe("statuses", () => {
  test.each([
    { name: "nothing in the way", verdict: holds("", null), want: "holds" },
    { name: "a barrier", verdict: blocked(["a"], "", null), want: "blocked" },
    { name: "something that is not there", verdict: absent("a", "", null), want: "blocked" },
    {
      name: "a fact that decides between the two",
      verdict: decide(unknown("f", "not said", [true, false]), "f", (yes) =>
        yes ? holds("", "f") : blocked(["a"], "", "f"),
      ),
      want: "unknown",
    },
    {
      name: "a fact whose values are not listed",
      verdict: decide(unknown<number>("f", "not said"), "f", () => holds("", "f")),
      want: "unknown",
    },
    {
      name: "a fact that makes no difference",
      verdict: decide(unknown("f", "not said", [1, 2]), "f", () => blocked(["a"], "", "f")),
      want: "blocked",
    },
  ])("$name → $want", ({ verdict, want }) => {
    expect(statusOf(verdict)).toBe(want);
  });

  test("what is absent names its barrier and enters no cut set", () => {
    const verdict = allOf([blocked(["a"], "", null), absent("gone", "", null)]);
    expect(verdict.barriers).toEqual(["a", "gone"]);
    expect(verdict.worst).toEqual([]);
    expect(contains(["a", "b"], ["b"])).toBe(true);
  });
});
