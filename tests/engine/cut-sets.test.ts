import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  both,
  contains,
  either,
  isOpen,
  minimal,
  never,
  open,
  order,
  searchOrder,
} from "../../src/conditions/cut-sets.ts";
import type { CutSets } from "../../src/conditions/cut-sets.ts";

/** A random monotone formula over a few barriers, and its truth under a set of failed barriers. */
type Tree = { op: "leaf"; barrier: string } | { op: "all" | "any"; children: Tree[] };
const barriers = ["a", "b", "c", "d", "e", "f"];
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...barriers).map((barrier): Tree => ({ op: "leaf", barrier })),
    fc.record({
      op: fc.constantFrom("all" as const, "any" as const),
      children: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).tree;

function cutSetsOf(node: Tree): CutSets {
  if (node.op === "leaf") return [[node.barrier]];
  return node.children
    .map(cutSetsOf)
    .reduce(node.op === "all" ? both : either, node.op === "all" ? open : never);
}
function isTrue(node: Tree, failed: ReadonlySet<string>): boolean {
  if (node.op === "leaf") return failed.has(node.barrier);
  return node.op === "all"
    ? node.children.every((c) => isTrue(c, failed))
    : node.children.some((c) => isTrue(c, failed));
}
function subsets(): ReadonlySet<string>[] {
  return Array.from(
    { length: 2 ** barriers.length },
    (_, mask) => new Set(barriers.filter((_, i) => (mask >> i) & 1)),
  );
}

describe("cut sets against brute force", () => {
  test("a set of failures opens a formula exactly when it holds some cut set", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const sets = cutSetsOf(node);
        for (const failed of subsets()) {
          const sorted = [...failed].sort();
          expect(sets.some((set) => contains(sorted, set))).toBe(isTrue(node, failed));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("every cut set is minimal: without any one of its barriers the formula stays closed", () => {
    fc.assert(
      fc.property(tree, (node) => {
        for (const set of cutSetsOf(node)) {
          expect(isTrue(node, new Set(set))).toBe(true);
          for (const spared of set)
            expect(isTrue(node, new Set(set.filter((b) => b !== spared)))).toBe(false);
        }
      }),
    );
  });

  test("the order is the size of the smallest set of failures that opens the formula", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const sizes = subsets()
          .filter((failed) => isTrue(node, failed))
          .map((failed) => failed.size);
        expect(order(cutSetsOf(node))).toBe(sizes.length === 0 ? null : Math.min(...sizes));
      }),
    );
  });
});

describe("bounds", () => {
  test("a set of more barriers than the search order is not kept", () => {
    const many = Array.from({ length: searchOrder + 1 }, (_, i): CutSets => [[`b${String(i)}`]]);
    expect(many.reduce(both, open)).toEqual(never);
    expect(many.slice(1).reduce(both, open)).toHaveLength(1);
  });
  test("the empty set absorbs every other", () => {
    expect(isOpen(minimal([["a"], [], ["a", "b"]]))).toBe(true);
  });
});
