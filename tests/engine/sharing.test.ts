import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { facetCount, facetOf, watched } from "../../src/boundary/facets.ts";
import { judge } from "../../src/engine/judge.ts";
import { prepare } from "../../src/engine/prepare.ts";
import { startSharing } from "../../src/engine/sharing.ts";
import type { Judgement } from "../../src/engine/types.ts";
import { valuesOf } from "../../src/engine/values.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import { goals } from "../../src/knowledge/types.ts";
import { bind, boundary } from "../helpers/boundary.ts";
import { build, drafts, filters } from "./monotone-drafts.ts";

const prepared = prepare(shippedKnowledge());
const options = { goals, order: 6 };

/** All that a report can show of a judgement, the proofs with their texts among it. */
function shown(judgement: Judgement): unknown {
  return JSON.parse(JSON.stringify(judgement));
}

describe("what boundaries of a run share", () => {
  test("never changes a judgement, whatever was judged before", () => {
    fc.assert(
      fc.property(fc.array(drafts, { minLength: 2, maxLength: 8 }), (several) => {
        const sharing = startSharing();
        for (const draft of several) {
          const one = build(draft);
          const values = valuesOf(one, prepared.hostPaths, sharing.numbers);
          const together = judge(prepared, one, filters, options, { sharing, values });
          expect(shown(together)).toEqual(shown(judge(prepared, one, filters, options)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("facets", () => {
  test("cover the whole boundary: each field is read through one of them", () => {
    const one = boundary({ mounts: [bind("/data", "/data")] });
    const parts = Array.from({ length: facetCount }, (_, facet) => facetOf(one, facet));
    const { process, ...rest } = one;
    for (const value of [...Object.values(rest), ...Object.values(process)]) expect(parts).toContain(value);
    expect(facetCount).toBe(Object.keys(rest).length + Object.keys(process).length);
  });

  test("tell of what is read through the watched boundary, and of nothing else", () => {
    const noted: number[] = [];
    const one = watched(boundary(), (facets) => noted.push(facets));
    expect(one.process.uid).toBe(one.process.uid);
    expect(new Set(noted)).toEqual(new Set([1]));
    expect(one.mounts.length).toBeGreaterThan(0);
    expect(noted.length).toBe(3);
  });
});
