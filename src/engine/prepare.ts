import type { HostPath } from "../boundary/host-paths.ts";
import { conditions } from "../conditions/registry.ts";
import type { Formula, KnowledgeBase, Stage, Technique } from "../knowledge/types.ts";
import type { Compiled } from "./formula.ts";
import { compileFormula } from "./formula.ts";

export interface PreparedTechnique {
  readonly technique: Technique;
  readonly formula: Compiled;
  /** The stage it starts from and its formula: vulnerabilities that have both in common are reached by the same containers. */
  readonly reach: string;
}

/** A knowledge base that is ready to judge with: formulas compiled, techniques found by the stage they start from. */
export interface Prepared {
  readonly knowledge: KnowledgeBase;
  readonly all: readonly PreparedTechnique[];
  /** Those that lead on: what only stops or shows something is no step of a way to a goal. */
  readonly from: ReadonlyMap<Stage, readonly PreparedTechnique[]>;
  readonly vulnerabilities: readonly PreparedTechnique[];
  readonly hostPaths: readonly HostPath[];
}

/** Compiles a knowledge base; done once a run. Deprecated techniques are left out. */
export function prepare(knowledge: KnowledgeBase): Prepared {
  const byId = new Map(conditions.map((condition) => [condition.id, condition]));
  const formulas = new Map<Formula, { readonly formula: Compiled; readonly number: number }>();
  const all: PreparedTechnique[] = [];
  const from = new Map<Stage, PreparedTechnique[]>();
  const vulnerabilities: PreparedTechnique[] = [];
  for (const technique of knowledge.techniques) {
    if (technique.status === "deprecated") continue;
    const { requires } = technique;
    const known = formulas.get(requires) ?? {
      formula: compileFormula(requires, byId),
      number: formulas.size,
    };
    formulas.set(requires, known);
    const prepared = {
      technique,
      formula: known.formula,
      reach: `${technique.from} ${String(known.number)}`,
    };
    all.push(prepared);
    if (!isEnd(technique.to)) {
      const list = from.get(technique.from) ?? [];
      list.push(prepared);
      from.set(technique.from, list);
    }
    if (technique.vulnerability) vulnerabilities.push(prepared);
  }
  return { knowledge, all, from, vulnerabilities, hostPaths: knowledge.hostPaths };
}

/** Stages that are neither a goal nor a step towards one. */
export function isEnd(stage: Stage): boolean {
  return stage === "denial-of-service" || stage === "exposure";
}
