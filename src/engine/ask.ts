import type { Boundary } from "../boundary/boundary.ts";
import type { ResolvedFilter } from "../seccomp/types.ts";
import type { Stage } from "../knowledge/types.ts";
import { goals } from "../knowledge/types.ts";
import { toStep } from "./chains.ts";
import { startJudging } from "./judging.ts";
import type { Prepared } from "./prepare.ts";
import type { Path } from "./types.ts";

/** Stages at which the actor is uid 0 inside the container. */
const asRoot: ReadonlySet<Stage> = new Set(["container-root"]);

/**
 * One technique against one boundary, also where nothing that is modelled opens it: the proof that it is closed. Such a
 * technique is on no path, so the judgement does not hold it. Undefined for an id that the knowledge base does not have.
 */
export function askTechnique(
  prepared: Prepared,
  boundary: Boundary,
  filters: ReadonlyMap<string, ResolvedFilter>,
  id: string,
): Path | undefined {
  const found = prepared.all.find(
    ({ technique }) => technique.id === id || technique.vulnerability?.cve === id,
  );
  if (!found) return undefined;
  const { technique } = found;
  const judging = startJudging(prepared, { boundary, filters });
  const step = toStep(judging, found, asRoot.has(technique.from) ? "container-root" : "workload");
  const closedBy = step.conditions
    .filter(({ status }) => status === "blocked")
    .flatMap(({ barriers }) => barriers);
  return {
    id: technique.id,
    goal: goals.find((goal) => goal === technique.to) ?? "host-root",
    axis: technique.axis,
    status: "closed",
    confirmed: technique.status !== "draft",
    steps: [step],
    worst: [],
    best: [],
    barriers: [],
    closedBy: [...new Set(closedBy)],
    undecided: [],
  };
}
