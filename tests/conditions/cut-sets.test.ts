import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absorbedBy, both, contains, either, minimal, never, open } from "../../src/conditions/cut-sets.ts";
import type { CutSets } from "../../src/conditions/cut-sets.ts";

// tests/engine/cut-sets.test.ts compares whole formulas with brute force; here stand the laws of the operations.
const names = ["a", "b", "c", "d"];
const sets: fc.Arbitrary<CutSets> = fc
  .array(fc.subarray(names), { maxLength: 4 })
  .map((list) => minimal(list.map((set) => [...set].sort())));

describe("laws of cut sets", () => {
  test("both and either do not depend on the order of their sides", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(both(a, b)).toEqual(both(b, a));
        expect(either(a, b)).toEqual(either(b, a));
      }),
    );
  });

  test("both and either do not depend on how three are grouped", () => {
    fc.assert(
      fc.property(sets, sets, sets, (a, b, c) => {
        expect(both(both(a, b), c)).toEqual(both(a, both(b, c)));
        expect(either(either(a, b), c)).toEqual(either(a, either(b, c)));
      }),
    );
  });

  test("each absorbs the other, and both distributes over either", () => {
    fc.assert(
      fc.property(sets, sets, sets, (a, b, c) => {
        expect(either(a, both(a, b))).toEqual(a);
        expect(both(a, either(a, b))).toEqual(a);
        expect(both(a, either(b, c))).toEqual(either(both(a, b), both(a, c)));
      }),
    );
  });

  test("open and never are the ends", () => {
    fc.assert(
      fc.property(sets, (a) => {
        expect(both(a, open)).toEqual(a);
        expect(both(a, never)).toEqual(never);
        expect(either(a, never)).toEqual(a);
        expect(either(a, open)).toEqual(open);
      }),
    );
  });

  test("a minimal list holds no set that contains another, and loses no way", () => {
    fc.assert(
      fc.property(fc.array(fc.subarray(names), { maxLength: 6 }), (list) => {
        const sorted = list.map((set) => [...set].sort());
        const kept = minimal(sorted);
        for (const set of kept) expect(kept.filter((other) => contains(set, other))).toEqual([set]);
        expect(absorbedBy(sorted, kept)).toBe(true);
        expect(absorbedBy(kept, sorted)).toBe(true);
      }),
    );
  });
});
