import type { Boundary } from "../boundary/boundary.ts";
import { order } from "../conditions/cut-sets.ts";
import type { ResolvedFilter } from "../seccomp/types.ts";
import { backtest } from "./backtest.ts";
import { findPaths } from "./chains.ts";
import { startJudging } from "./judging.ts";
import { cutSetsOf, marginOf, reaches, singlePointsOf, smallest } from "./margin.ts";
import type { Prepared } from "./prepare.ts";
import type { Run } from "./sharing.ts";
import type { EngineOptions, Judgement, Margin, Path } from "./types.ts";
import { vulnerabilitiesOf } from "./vulnerabilities.ts";

/**
 * Judges one boundary: every way to the goals, what closes each, the margin, the single points of failure, the backtest.
 *
 * Cost: techniques × conditions, each condition once per actor; chains of at most `maxSteps` techniques over the stages;
 * cut sets of at most `searchOrder` barriers. Exact on the shipped knowledge within those bounds.
 */
export function judge(
  prepared: Prepared,
  boundary: Boundary,
  filters: ReadonlyMap<string, ResolvedFilter>,
  options: EngineOptions,
  run?: Run,
): Judgement {
  const judging = startJudging(prepared, { boundary, filters }, run);
  const paths = findPaths(judging).filter((path) => options.goals.some((goal) => reaches(path, goal)));
  const counted = paths.filter((path) => path.confirmed);
  const margins = Object.fromEntries(options.goals.map((goal) => [goal, marginOf(counted, goal)]));
  const cutSets = cutSetsOf(counted, options.goals);
  const margin = smallest(Object.values(margins));
  return {
    paths,
    margins,
    margin,
    cutSets,
    singlePoints: singlePointsOf(Object.values(cutSets)),
    backtest: backtest(judging),
    unknowns: unknownsOf(paths, margin),
    ...(options.vulnerabilities === true ? { vulnerabilities: vulnerabilitiesOf(judging) } : {}),
  };
}

/** The facts that would decide about the margin or an undecided way, each with the techniques and vulnerabilities it decides; those that decide most first. */
function unknownsOf(paths: readonly Path[], margin: Margin): Judgement["unknowns"] {
  const limit = margin.best ?? Number.POSITIVE_INFINITY;
  const facts = new Map<string, { reason: string; decides: Set<string>; open: boolean }>();
  for (const path of paths) {
    for (const { fact, reason } of path.undecided) {
      const entry = facts.get(fact) ?? { reason, decides: new Set<string>(), open: false };
      const last = path.steps.at(-1)?.technique;
      entry.decides.add(last?.vulnerability?.cve ?? path.id);
      if (path.status === "unknown" || (order(path.worst) ?? limit) < limit) entry.open = true;
      facts.set(fact, entry);
    }
  }
  return [...facts.entries()]
    .filter(([, entry]) => entry.open)
    .map(([fact, { reason, decides }]) => ({ fact, reason, decides: [...decides].sort() }))
    .sort((a, b) => b.decides.length - a.decides.length || (a.fact < b.fact ? -1 : 1));
}
