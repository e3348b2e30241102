import { isOpen } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import type { Stage } from "../knowledge/types.ts";
import type { Judging } from "./judging.ts";
import type { Asking } from "./formula.ts";
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
  const reachable = asker(judging);
  return { kernel: axis(judging, "kernel", reachable), runtime: axis(judging, "runtime", reachable) };
}

function axis(
  { prepared }: Judging,
  name: "kernel" | "runtime",
  reachable: (vulnerability: PreparedTechnique) => boolean,
): BacktestAxis {
  const known = prepared.vulnerabilities.filter(
    ({ technique }) => technique.axis === name && isEscape(technique.to),
  );
  const ids = known.filter(reachable).map((v) => v.technique.vulnerability?.cve ?? v.technique.id);
  return { known: known.length, reachable: ids.length, ids: ids.sort() };
}

/** Bugs that only stop something, or show something, are no way out. */
function isEscape(to: Stage): boolean {
  return !isEnd(to) && to !== "container-root";
}

/** Many vulnerabilities take the very same: each way of reaching one is asked for once. */
function asker(judging: Judging): (prepared: PreparedTechnique) => boolean {
  const known = new Map<string, boolean>();
  return (prepared) => {
    const before = known.get(prepared.reach);
    if (before !== undefined) return before;
    const { run } = judging;
    const make = (): boolean => reachableAnew(judging, prepared);
    const answer = run ? shared(run.sharing.reachable, prepared.reach, run.values, make) : make();
    known.set(prepared.reach, answer);
    return answer;
  };
}

function reachableAnew(judging: Judging, { formula, technique }: PreparedTechnique): boolean {
  const { asking } = judging;
  if (technique.from === "workload" && isOpenAtWorst(formula, asking.workload)) return true;
  if (technique.from !== "workload" && technique.from !== "container-root") return false;
  if (technique.from === "workload" && isRootAlready(asking.workload)) return false;
  return becomesRoot(judging) && isOpenAtWorst(formula, asking["container-root"]);
}

/** The workload is uid 0 with all that bounds it: as container root it can do no more. */
function isRootAlready({ context }: Asking): boolean {
  const { uid, capabilities } = context.boundary.process;
  return uid.known && uid.value === 0 && capabilities.permitted === capabilities.bounding;
}

/** Is uid 0 already, or becomes it by a technique (a set-uid program). */
function becomesRoot({ prepared, asking: { workload } }: Judging): boolean {
  if (isOpen(isContainerRoot(workload.context).worst)) return true;
  const steps = (prepared.from.get("workload") ?? []).filter(
    ({ technique }) => technique.to === "container-root" && !technique.vulnerability,
  );
  return steps.some(({ formula }) => isOpenAtWorst(formula, workload));
}
