import { isOpen } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import { allOf, anyOf } from "../conditions/verdict.ts";
import type { Stage } from "../knowledge/types.ts";
import type { Judging } from "./chains.ts";
import { evaluate } from "./formula.ts";
import type { PreparedTechnique } from "./prepare.ts";
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
  return to !== "denial-of-service" && to !== "exposure" && to !== "container-root";
}

function reachable(judging: Judging, { formula, technique }: PreparedTechnique): boolean {
  const { contexts, memos } = judging;
  if (technique.from === "workload" && isOpen(evaluate(formula, contexts.workload, memos.workload).worst))
    return true;
  if (technique.from !== "workload" && technique.from !== "container-root") return false;
  const asRoot = evaluate(formula, contexts["container-root"], memos["container-root"]);
  return isOpen(allOf([becomesRoot(judging), asRoot]).worst);
}

/** Is uid 0 already, or becomes it by a technique (a set-uid program). */
function becomesRoot(judging: Judging): ReturnType<typeof isContainerRoot> {
  const steps = (judging.prepared.from.get("workload") ?? []).filter(
    (t) => t.technique.to === "container-root" && !t.technique.vulnerability,
  );
  return anyOf([
    isContainerRoot(judging.contexts.workload),
    ...steps.map((t) => evaluate(t.formula, judging.contexts.workload, judging.memos.workload)),
  ]);
}
