import type { Boundary } from "../boundary/boundary.ts";
import type { ResolvedFilter } from "../seccomp/types.ts";
import { judge } from "../engine/judge.ts";
import type { Prepared } from "../engine/prepare.ts";
import { startSharing } from "../engine/sharing.ts";
import type { EngineOptions, Judgement } from "../engine/types.ts";
import { everyFacet, valuesOf } from "../engine/values.ts";

/** Most that are kept, some 100 KiB each: a folder with more distinct boundaries than this judges some of them twice. */
const capacity = 400;

/** So many are judged each by itself: what answers cost to share, a few boundaries do not win back. */
const fewBoundaries = 10;

/**
 * Judges equal boundaries once. Equal means: the same values everywhere a technique can look; where they were declared,
 * what the image is called, and what only the blast radius shows may differ.
 */
export function createJudge(
  prepared: Prepared,
  filters: ReadonlyMap<string, ResolvedFilter>,
  options: EngineOptions,
): (boundary: Boundary) => Judgement {
  const known = new Map<string, Judgement>();
  const sharing = startSharing();
  return (boundary) => {
    const values = valuesOf(boundary, prepared.hostPaths, sharing.numbers);
    const key = values.of(everyFacet);
    const cached = known.get(key);
    if (cached) return cached;
    const run = known.size >= fewBoundaries ? { sharing, values } : undefined;
    const judgement = judge(prepared, boundary, filters, options, run);
    const [oldest] = known.size >= capacity ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    known.set(key, judgement);
    return judgement;
  };
}
