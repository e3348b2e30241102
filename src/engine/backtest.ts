import { isOpen } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import type { Stage } from "../knowledge/types.ts";
import type { Judging } from "./chains.ts";
import { isOpenAtWorst } from "./formula.ts";
import type { PreparedTechnique } from "./prepare.ts";
import { isEnd } from "./prepare.ts";
import { shared } from "./shelf.ts";
import type { Backtest, BacktestAxis } from "./types.ts";

/**
 * The same boundary against every known vulnerability as if unpatched: how many would this configuration alone have left
 * reachable? Versions are not asked. What an unknown fact would close counts as reachable.
 */
export function backtest(judging: Judging): Backtest {
  return { kernel: axis(judging, "kernel"), runtime: axis(judging, "runtime") };
}

function axis(judging: Judging, name: "kernel" | "runtime"): BacktestAxis {
  const known = judging.prepared.vulnerabilities.filter(
    ({ technique }) => technique.axis === name && isEscape(technique.to),
  );
  const ids = known
    .filter((v) => reachable(judging, v))
    .map((v) => v.technique.vulnerability?.cve ?? v.technique.id);
  return { known: known.length, reachable: ids.length, ids: ids.sort() };
}

/** Bugs that only stop something, or show something, are no way out. */
function isEscape(to: Stage): boolean {
  return !isEnd(to) && to !== "container-root";
}

function reachable(judging: Judging, prepared: PreparedTechnique): boolean {
  const { run } = judging;
  const make = (): boolean => reachableAnew(judging, prepared);
  return run ? shared(run.sharing.reachable, prepared.technique.id, run.values, make) : make();
}

function reachableAnew(judging: Judging, { formula, technique }: PreparedTechnique): boolean {
  const { asking } = judging;
  if (technique.from === "workload" && isOpenAtWorst(formula, asking.workload)) return true;
  if (technique.from !== "workload" && technique.from !== "container-root") return false;
  return becomesRoot(judging) && isOpenAtWorst(formula, asking["container-root"]);
}

/** Is uid 0 already, or becomes it by a technique (a set-uid program). */
function becomesRoot({ prepared, asking: { workload } }: Judging): boolean {
  if (isOpen(isContainerRoot(workload.context).worst)) return true;
  const steps = (prepared.from.get("workload") ?? []).filter(
    ({ technique }) => technique.to === "container-root" && !technique.vulnerability,
  );
  return steps.some(({ formula }) => isOpenAtWorst(formula, workload));
}
