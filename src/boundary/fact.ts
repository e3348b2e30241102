import type { Location, Position } from "../base/location.ts";
import { locate } from "../base/location.ts";

/** Where a fact comes from. Every leaf of a Boundary has one. */
export type Provenance =
  | { readonly kind: "declared"; readonly at: Position }
  | { readonly kind: "defaulted"; readonly by: string; readonly source?: string | undefined }
  | { readonly kind: "observed"; readonly from: string; readonly at?: Position | undefined }
  | { readonly kind: "assumed"; readonly by: string };

export interface Known<T> {
  readonly known: true;
  readonly value: T;
  readonly provenance: Provenance;
}

/**
 * A fact that the inputs do not decide. `fact` is its stable name as reports print it (`host.apparmor`); `candidates`
 * are the values it can have, where they can be enumerated: a verdict is then drawn for each.
 */
export interface Unknown<T> {
  readonly known: false;
  readonly fact: string;
  readonly reason: string;
  readonly candidates?: readonly T[] | undefined;
  readonly at?: Position | undefined;
}

export type Fact<T> = Known<T> | Unknown<T>;

export function declared<T>(value: T, at: Position): Known<T> {
  return {
    known: true,
    value,
    provenance: { kind: "declared", at: { source: at.source, offset: at.offset } },
  };
}

/** A default that an engine applies: `by` names engine and version, `source` the place that says so. */
export function defaulted<T>(value: T, by: string, source?: string): Known<T> {
  return { known: true, value, provenance: { kind: "defaulted", by, source } };
}

export function observed<T>(value: T, from: string, at?: Position): Known<T> {
  return { known: true, value, provenance: { kind: "observed", from, at } };
}

export function assumed<T>(value: T, by: string): Known<T> {
  return { known: true, value, provenance: { kind: "assumed", by } };
}

export function unknown<T>(
  fact: string,
  reason: string,
  candidates?: readonly T[],
  at?: Position,
): Unknown<T> {
  return { known: false, fact, reason, candidates, at };
}

/** The value, or undefined where it is not known. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

/** Another value with the same provenance (or the same unknown). */
export function mapFact<T, U>(fact: Fact<T>, transform: (value: T) => U): Fact<U> {
  if (fact.known) return { known: true, value: transform(fact.value), provenance: fact.provenance };
  return {
    known: false,
    fact: fact.fact,
    reason: fact.reason,
    candidates: fact.candidates?.map(transform),
    at: fact.at,
  };
}

/** Every value the fact can have: one when known; undefined when it cannot be enumerated. */
export function possibleValues<T>(fact: Fact<T>): readonly T[] | undefined {
  return fact.known ? [fact.value] : fact.candidates;
}

/** The place a fact was declared at, where it was. */
export function factLocation(fact: Fact<unknown>): Location | null {
  const at = fact.known ? ("at" in fact.provenance ? fact.provenance.at : undefined) : fact.at;
  return at ? locate(at) : null;
}
