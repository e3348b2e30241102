import type { CutSets } from "../conditions/cut-sets.ts";
import { absorbedBy, both, isOpen, order, sameSets } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import type { Actor } from "../conditions/types.ts";
import type { Undecided } from "../conditions/verdict.ts";
import { mergeUndecided, union } from "../conditions/verdict.ts";
import type { Goal, Stage } from "../knowledge/types.ts";
import { goals, stages } from "../knowledge/types.ts";
import { affectedVerdict } from "./affected.ts";
import { isNever, judgeConditions } from "./formula.ts";
import type { Judging } from "./judging.ts";
import { judgeTechnique } from "./judging.ts";
import type { PreparedTechnique } from "./prepare.ts";
import type { JudgedCondition, Path, PathStatus, Step } from "./types.ts";

/** Chains longer than this are not followed: the longest that the shipped knowledge can make is shorter. */
export const maxSteps = 6;

interface Chain {
  readonly stage: Stage;
  readonly actor: Actor;
  readonly links: readonly { readonly prepared: PreparedTechnique; readonly actor: Actor }[];
  readonly worst: CutSets;
  readonly best: CutSets;
  readonly closedBy: readonly string[];
  readonly undecided: readonly Undecided[];
  /** The stages on the way, a bit each. */
  readonly visited: number;
}

/**
 * Every chain of techniques from the workload to a goal that some failure of barriers opens, cheapest first. A chain
 * that needs a superset of what a shorter one to the same end needs is dropped.
 */
export function findPaths(judging: Judging): readonly Path[] {
  const found: { chain: Chain; goal: Goal }[] = [];
  const stack: Chain[] = starts(judging);
  for (let chain = stack.pop(); chain; chain = stack.pop()) {
    const goal = goals.find((g) => g === chain.stage);
    if (goal && chain.links.length > 0) found.push({ chain, goal });
    if (chain.stage === "host-root" || chain.links.length >= maxSteps) continue;
    for (const next of successors(judging, chain)) stack.push(next);
  }
  return withoutDetours(found)
    .map(({ chain, goal }) => toPath(judging, chain, goal))
    .sort(byCost);
}

function starts(judging: Judging): Chain[] {
  const base = { links: [], closedBy: [], undecided: [] };
  const root = isContainerRoot(judging.asking.workload.context);
  return [
    {
      ...base,
      stage: "workload",
      actor: "workload",
      worst: [[]],
      best: [[]],
      visited: bitOf("workload"),
    },
    // A process that is uid 0 already is at this stage without a step; one that is not has `non-root` in its way.
    {
      ...base,
      stage: "container-root",
      actor: "container-root",
      worst: root.worst,
      best: root.best,
      closedBy: root.barriers,
      undecided: root.undecided,
      visited: bitOf("workload") | bitOf("container-root"),
    },
  ];
}

function bitOf(stage: Stage): number {
  return 1 << stages.indexOf(stage);
}

function* successors(judging: Judging, chain: Chain): Generator<Chain> {
  const { from } = judging;
  // Container root can do whatever the workload can; at the start the workload's own techniques are tried as the workload.
  const candidates = [
    ...(from.get(chain.stage) ?? []),
    ...(chain.stage === "container-root" && chain.links.length > 0 ? (from.get("workload") ?? []) : []),
  ];
  for (const prepared of candidates) {
    const { to } = prepared.technique;
    if (chain.visited & bitOf(to) || (to === "container-root" && judging.isRoot)) continue;
    const verdict = judgeTechnique(judging, prepared, chain.actor);
    if (isNever(verdict.worst)) continue;
    const worst = both(chain.worst, verdict.worst);
    if (isNever(worst)) continue;
    yield {
      stage: to,
      actor: to === "container-root" ? "container-root" : chain.actor,
      links: [...chain.links, { prepared, actor: chain.actor }],
      worst,
      best: both(chain.best, verdict.best),
      closedBy: union(chain.closedBy, verdict.barriers),
      undecided: mergeUndecided(chain.undecided, verdict.undecided),
      visited: chain.visited | bitOf(to),
    };
  }
}

function withoutDetours(
  found: readonly { chain: Chain; goal: Goal }[],
): readonly { chain: Chain; goal: Goal }[] {
  const byEnd = new Map<string, { chain: Chain; goal: Goal }[]>();
  for (const item of [...found].sort((a, b) => a.chain.links.length - b.chain.links.length)) {
    const end = item.chain.links.at(-1)?.prepared.technique.id ?? "";
    const list = byEnd.get(end) ?? [];
    const detour = list.some(
      (shorter) =>
        absorbedBy(item.chain.worst, shorter.chain.worst) &&
        absorbedBy(item.chain.best, shorter.chain.best) &&
        isSubsequence(shorter.chain, item.chain),
    );
    if (!detour) list.push(item);
    byEnd.set(end, list);
  }
  return [...byEnd.values()].flat();
}

/** Whether the shorter chain's techniques all stand in the longer one: then the longer one only adds steps. */
function isSubsequence(shorter: Chain, longer: Chain): boolean {
  return shorter.links.every((link) => longer.links.some((other) => other.prepared === link.prepared));
}

function toPath(judging: Judging, chain: Chain, goal: Goal): Path {
  const status = pathStatus(chain.worst, chain.best);
  const cheapest = chain.worst[0] ?? [];
  const last = chain.links.at(-1)?.prepared.technique;
  return {
    id: chain.links.map((link) => link.prepared.technique.id).join(">"),
    goal,
    axis: last?.axis ?? "misconfiguration",
    status,
    confirmed: chain.links.every((link) => link.prepared.technique.status !== "draft"),
    steps: chain.links.map((link) => toStep(judging, link.prepared, link.actor)),
    worst: chain.worst,
    best: chain.best,
    barriers: status === "open" ? [] : status === "unknown" ? (chain.best[0] ?? []) : cheapest,
    closedBy: chain.closedBy,
    undecided: sameSets(chain.worst, chain.best) ? [] : chain.undecided,
  };
}

/** Open: in the best case too. Unknown: in the worst case only. */
export function pathStatus(worst: CutSets, best: CutSets): PathStatus {
  if (isOpen(best)) return "open";
  return isOpen(worst) ? "unknown" : "closed";
}

/** A step with its proof, which is drawn when somebody reads it. */
export function toStep(judging: Judging, prepared: PreparedTechnique, actor: Actor): Step {
  const { technique } = prepared;
  let conditions: readonly JudgedCondition[] | undefined;
  return {
    technique,
    from: technique.from,
    to: technique.to,
    // Most paths are never printed: the proof of a step is drawn when somebody reads it.
    get conditions(): readonly JudgedCondition[] {
      conditions ??= [
        ...versionCondition(judging, prepared, actor),
        ...judgeConditions(prepared.formula, judging.asking[actor]),
      ];
      return conditions;
    },
  };
}

function versionCondition(
  judging: Judging,
  { technique }: PreparedTechnique,
  actor: Actor,
): readonly JudgedCondition[] {
  if (!technique.vulnerability) return [];
  const verdict = affectedVerdict(technique.vulnerability, judging.asking[actor].context.boundary);
  const status = pathStatus(verdict.worst, verdict.best);
  return [
    {
      condition: `${technique.vulnerability.component} has ${technique.vulnerability.cve}`,
      status: status === "open" ? "holds" : status === "closed" ? "blocked" : "unknown",
      barriers: verdict.barriers,
      evidence: verdict.evidence,
      wouldDecide: verdict.undecided,
      formula: "affected",
    },
  ];
}

const rank: Record<PathStatus, number> = { open: 0, unknown: 1, closed: 2 };

function byCost(a: Path, b: Path): number {
  const infinity = Number.POSITIVE_INFINITY;
  return (
    rank[a.status] - rank[b.status] ||
    (order(a.worst) ?? infinity) - (order(b.worst) ?? infinity) ||
    goals.indexOf(a.goal) - goals.indexOf(b.goal) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
