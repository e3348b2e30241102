import type { CutSets } from "../conditions/cut-sets.ts";
import { minimal, order } from "../conditions/cut-sets.ts";
import type { Goal } from "../knowledge/types.ts";
import type { Margin, Path } from "./types.ts";

/** Host root can read, write and reach every sibling: a path to it is a path to the other goals too. */
export function reaches(path: Path, goal: Goal): boolean {
  return path.goal === goal || path.goal === "host-root";
}

/**
 * The margin of a goal: how many barriers must fail on its cheapest path, under the worst and the best values of unknown
 * facts. Null: no path at the order searched.
 */
export function marginOf(paths: readonly Path[], goal: Goal): Margin {
  return smallest(
    paths
      .filter((path) => reaches(path, goal))
      .map((path) => ({ worst: order(path.worst), best: order(path.best) })),
  );
}

/** The smaller of two margins; null is larger than any number. */
export function smallest(margins: readonly Margin[]): Margin {
  const least = (values: readonly (number | null)[]): number | null => {
    const numbers = values.filter((v) => v !== null);
    return numbers.length === 0 ? null : Math.min(...numbers);
  };
  return { worst: least(margins.map((m) => m.worst)), best: least(margins.map((m) => m.best)) };
}

/**
 * The minimal cut sets of a goal, smallest first. An open path is the empty set; it does not absorb the others here, so
 * that the report also says what would be left standing once the open path is closed.
 */
export function cutSetsOf(paths: readonly Path[], goal: Goal): CutSets {
  const sets: (readonly string[])[] = [];
  let isOpen = false;
  for (const path of paths) {
    if (!reaches(path, goal)) continue;
    const source = path.status === "unknown" ? [...path.worst, ...path.best] : path.worst;
    for (const set of source) {
      if (set.length === 0) isOpen = true;
      else sets.push(set);
    }
  }
  const rest = minimal(sets);
  return isOpen ? [[], ...rest] : rest;
}

/** Barriers that stand alone: the cut sets of one. */
export function singlePointsOf(cutSets: readonly CutSets[]): readonly string[] {
  const alone = new Set<string>();
  for (const sets of cutSets)
    for (const set of sets) if (set.length === 1 && set[0] !== undefined) alone.add(set[0]);
  return [...alone].sort((a, b) => correctness(b) - correctness(a) || (a < b ? -1 : 1));
}

/** The parts that everything rests on come first. */
function correctness(barrier: string): number {
  return barrier.endsWith("-correct") ? 1 : 0;
}
