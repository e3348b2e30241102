import type { Boundary } from "../../boundary/boundary.ts";
import type { Facets } from "../../boundary/facets.ts";
import { watched } from "../../boundary/facets.ts";

/**
 * What a verdict rests on: the facets of the boundary that were read while it was made. Two boundaries that agree on those get
 * the same verdict, whatever else they are. Evaluation is synchronous, so one register serves.
 */
let reads: Facets = 0;

/** Says that a value rests on these facets, when it is not made anew but remembered. */
export function noteReads(facets: Facets): void {
  reads |= facets;
}

/** The boundary as conditions must see it for their reads to be known. */
export function recorded(boundary: Boundary): Boundary {
  return watched(boundary, noteReads);
}

/** A value with the facets that were read while it was made. */
export interface Rested<V> {
  readonly value: V;
  readonly reads: Facets;
}

export function restingOn<V>(make: () => V): Rested<V> {
  const outer = reads;
  reads = 0;
  try {
    const value = make();
    return { value, reads };
  } finally {
    reads |= outer;
  }
}

/** The value again: whoever uses it rests on what it rests on. */
export function recall<V>(rested: Rested<V>): V {
  reads |= rested.reads;
  return rested.value;
}
