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
  /** The same without known vulnerabilities: for a host that is assumed free of them. */
  readonly unknownFrom: ReadonlyMap<Stage, readonly PreparedTechnique[]>;
  readonly vulnerabilities: readonly PreparedTechnique[];
  readonly hostPaths: readonly HostPath[];
}

/** Compiles a knowledge base; done once a run. Deprecated techniques are left out. */
export function prepare(knowledge: KnowledgeBase): Prepared {
  const byId = new Map(conditions.map((condition) => [condition.id, condition]));
  const compiled = new Map<Formula, Compiled>();
  const numbers = new Map<Formula, number>();
  const all: PreparedTechnique[] = [];
  const from = new Map<Stage, PreparedTechnique[]>();
  const unknownFrom = new Map<Stage, PreparedTechnique[]>();
  const vulnerabilities: PreparedTechnique[] = [];
  for (const technique of knowledge.techniques) {
    if (technique.status === "deprecated") continue;
    const { requires } = technique;
    const number = numbers.get(requires) ?? numbers.size;
    numbers.set(requires, number);
    const formula = compileFormula(requires, byId, compiled);
    const prepared = { technique, formula, reach: `${technique.from} ${String(number)}` };
    all.push(prepared);
    if (!isEnd(technique.to)) {
      add(from, prepared);
      if (!technique.vulnerability) add(unknownFrom, prepared);
    }
    if (technique.vulnerability) vulnerabilities.push(prepared);
  }
  return { knowledge, all, from, unknownFrom, vulnerabilities, hostPaths: knowledge.hostPaths };
}

function add(from: Map<Stage, PreparedTechnique[]>, prepared: PreparedTechnique): void {
  const list = from.get(prepared.technique.from);
  if (list) list.push(prepared);
  else from.set(prepared.technique.from, [prepared]);
}

/** Stages that are neither a goal nor a step towards one. */
export function isEnd(stage: Stage): boolean {
  return stage === "denial-of-service" || stage === "exposure";
}
