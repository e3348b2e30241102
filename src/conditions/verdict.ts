import type { Fact, Unknown } from "../boundary/fact.ts";
import type { CutSets } from "./cut-sets.ts";
import { both, either, isOpen, never, open, order, sameSets, together } from "./cut-sets.ts";

/**
 * Why a verdict is what it is: one sentence that a person can check, and the fact of the boundary it rests on, by its
 * path in the model (`process.seccomp`, `mounts.3`). Reports look the fact up for provenance and location, so verdicts
 * of equal boundaries can be shared although they were declared in different places.
 */
export interface Evidence {
  readonly text: string;
  readonly ref: string | null;
  /** It speaks against the condition: a barrier was met. A way that is open stands on none of these. */
  readonly against?: true;
}

/** A fact that would decide what is now unknown. */
export interface Undecided {
  readonly fact: string;
  readonly reason: string;
}

/**
 * The three-valued answer of a condition. `worst` and `best` are the cut sets under the worst and the best values of
 * unknown facts; they differ only where a fact is unknown. `barriers` names every barrier that was met, those too
 * that cannot fail by themselves (a path that is not mounted): these close a way without entering any cut set.
 */
export interface Verdict {
  readonly worst: CutSets;
  readonly best: CutSets;
  readonly barriers: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly undecided: readonly Undecided[];
}

export type Status = "holds" | "blocked" | "unknown";

/** `holds` when nothing stands in the way, `blocked` when something does for certain, else `unknown`. */
export function statusOf(verdict: { readonly worst: CutSets; readonly best: CutSets }): Status {
  if (isOpen(verdict.best)) return "holds";
  return isOpen(verdict.worst) ? "unknown" : "blocked";
}

/** Nothing stands in the way. */
export function holds(text: string, ref: string | null): Verdict {
  return { worst: open, best: open, barriers: [], evidence: [{ text, ref }], undecided: [] };
}

/** The named barriers stand in the way; all of them must fail. */
export function blocked(barriers: readonly string[], text: string, ref: string | null): Verdict {
  const sets = together(...barriers);
  return { worst: sets, best: sets, barriers, evidence: [{ text, ref, against: true }], undecided: [] };
}

/**
 * Closed for good: what the condition asks for is not there at all, and nothing that is modelled can put it there. The
 * barrier is named, but its failure is another technique's affair (a runtime that leaks a mount is `runtime-correct`).
 */
export function absent(barrier: string, text: string, ref: string | null): Verdict {
  return {
    worst: never,
    best: never,
    barriers: [barrier],
    evidence: [{ text, ref, against: true }],
    undecided: [],
  };
}

/** Both lists, each name once; one of them itself where the other adds nothing. */
export function union(left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.length === 0 || left === right) return right;
  const added = right.filter((name) => !left.includes(name));
  return added.length === 0 ? left : [...left, ...added];
}

function concat(left: readonly Evidence[], right: readonly Evidence[]): readonly Evidence[] {
  return left.length === 0 ? right : right.length === 0 ? left : [...left, ...right];
}

function join(left: Verdict, right: Verdict, sets: (a: CutSets, b: CutSets) => CutSets): Verdict {
  return {
    worst: sets(left.worst, right.worst),
    best: sets(left.best, right.best),
    barriers: union(left.barriers, right.barriers),
    evidence: concat(left.evidence, right.evidence),
    undecided: mergeUndecided(left.undecided, right.undecided),
  };
}

/** Both lists, each fact once. */
export function mergeUndecided(
  left: readonly Undecided[],
  right: readonly Undecided[],
): readonly Undecided[] {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  const added = right.filter((u) => !left.some((known) => known.fact === u.fact));
  return added.length === 0 ? left : [...left, ...added];
}

/** All must hold. An empty list holds. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  const [first, ...rest] = verdicts;
  if (!first) return { worst: open, best: open, barriers: [], evidence: [], undecided: [] };
  return rest.reduce((a, b) => join(a, b, both), first);
}

/** One must hold. An empty list never holds. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  const [first, ...rest] = verdicts;
  if (!first) return { worst: never, best: never, barriers: [], evidence: [], undecided: [] };
  return rest.reduce((a, b) => join(a, b, either), first);
}

/**
 * Judges a fact. Known: its value. Unknown with candidates: each of them; the worst is any of them, the best the one
 * that closes most. Unknown without candidates: `unlisted` says what the worst and the best could be.
 */
export function decide<T>(
  fact: Fact<T>,
  ref: string,
  judge: (value: T) => Verdict,
  unlisted: { readonly worst: Verdict; readonly best: Verdict } = {
    worst: holds("", ref),
    best: absent("unknown", "", ref),
  },
): Verdict {
  if (fact.known) return judge(fact.value);
  const verdicts =
    fact.candidates && fact.candidates.length > 0
      ? fact.candidates.map(judge)
      : [unlisted.worst, unlisted.best];
  return spread(fact, ref, verdicts);
}

/** The verdicts of the values that an unknown fact can have, as one verdict. Preconditions: at least one verdict. */
export function spread(fact: Unknown<unknown>, ref: string, verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts;
  if (!first) return absent("unknown", "", ref);
  if (verdicts.every((v) => sameVerdict(v, first))) return first;
  const strongest = verdicts.reduce((a, b) => (closure(b.best) >= closure(a.best) ? b : a));
  return {
    worst: verdicts.map((v) => v.worst).reduce(either),
    best: strongest.best,
    barriers: verdicts.map((v) => v.barriers).reduce(union),
    evidence: [{ text: fact.reason, ref }],
    undecided: verdicts
      .map((v) => v.undecided)
      .reduce(mergeUndecided, [{ fact: fact.fact, reason: fact.reason }]),
  };
}

function closure(sets: CutSets): number {
  return order(sets) ?? Number.POSITIVE_INFINITY;
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  return sameSets(a.worst, b.worst) && sameSets(a.best, b.best);
}
