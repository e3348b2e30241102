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
 * The minimal cut sets of each goal, smallest first. An open path is the empty set; it does not absorb the others here, so
 * that the report also says what would be left standing once the open path is closed.
 */
export function cutSetsOf(paths: readonly Path[], goals: readonly Goal[]): Readonly<Record<string, CutSets>> {
  // What leads to host root leads to every goal: those sets are made minimal once.
  const everywhere = setsTo(paths, "host-root", []);
  return Object.fromEntries(
    goals.map((goal) => {
      const { rest, isOpen } = goal === "host-root" ? everywhere : setsTo(paths, goal, everywhere.rest);
      return [goal, isOpen || everywhere.isOpen ? [[], ...rest] : rest];
    }),
  );
}

function setsTo(
  paths: readonly Path[],
  goal: Goal,
  known: CutSets,
): { readonly rest: CutSets; readonly isOpen: boolean } {
  const sets = [...known];
  let isOpen = false;
  for (const path of paths) {
    if (path.goal !== goal) continue;
    for (const set of path.status === "unknown" ? [...path.worst, ...path.best] : path.worst) {
      if (set.length === 0) isOpen = true;
      else sets.push(set);
    }
  }
  return { rest: sets.length === known.length ? known : minimal(sets), isOpen };
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
