import type { Boundary } from "../boundary/boundary.ts";
import type { ResolvedFilter } from "../seccomp/types.ts";
import { judge } from "../engine/judge.ts";
import type { Prepared } from "../engine/prepare.ts";
import type { EngineOptions, Judgement } from "../engine/types.ts";

/** Most that are kept: a folder with more distinct boundaries than this judges some of them twice. */
const capacity = 4096;

/**
 * Judges equal boundaries once. Equal means: the same values everywhere a technique can look; where they were declared,
 * what the image is called, and what only the blast radius shows may differ.
 */
export function createJudge(prepared: Prepared, filters: ReadonlyMap<string, ResolvedFilter>, options: EngineOptions): (boundary: Boundary) => Judgement {
  const known = new Map<string, Judgement>();
  return (boundary) => {
    const key = boundaryKey(boundary);
    const cached = known.get(key);
    if (cached) return cached;
    const judgement = judge(prepared, boundary, filters, options);
    if (known.size >= capacity) known.clear();
    known.set(key, judgement);
    return judgement;
  };
}

const hostIds = new WeakMap<object, number>();
let hosts = 0;

/** Leaves out positions and provenance, and the parts of the model that no condition reads. */
export function boundaryKey(boundary: Boundary): string {
  let host = hostIds.get(boundary.host);
  if (host === undefined) {
    host = hosts++;
    hostIds.set(boundary.host, host);
  }
  return `${String(host)}|${JSON.stringify(boundary, leaveOut)}`;
}

const skipped = new Set(["host", "at", "provenance", "environment", "secrets", "published", "networks", "limits", "rlimits", "reference", "serviceAccount", "detail"]);

function leaveOut(this: unknown, key: string, value: unknown): unknown {
  return skipped.has(key) ? undefined : value;
}
