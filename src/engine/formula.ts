import type { CutSets } from "../conditions/cut-sets.ts";
import { isOpen } from "../conditions/cut-sets.ts";
import type { Rested } from "../conditions/parts/reads.ts";
import { recall, restingOn } from "../conditions/parts/reads.ts";
import type { Condition, EvaluationContext } from "../conditions/types.ts";
import type { Evidence, Verdict } from "../conditions/verdict.ts";
import { allOf, anyOf, statusOf } from "../conditions/verdict.ts";
import type { Formula } from "../knowledge/types.ts";
import type { Shelf } from "./shelf.ts";
import { sharedRested } from "./shelf.ts";
import type { JudgedCondition } from "./types.ts";
import type { Values } from "./values.ts";

/** A formula whose conditions have been looked up: what the engine evaluates. */
export type Compiled =
  | {
      readonly op: "all" | "any";
      readonly children: readonly Compiled[];
      readonly cheapestFirst: readonly Compiled[];
    }
  | {
      readonly op: "condition";
      readonly condition: Condition;
      readonly argument: unknown;
      readonly key: string;
    };

/** What a formula is evaluated with: the actor's view, and the verdicts made so far for it. */
export interface Asking {
  readonly context: EvaluationContext;
  readonly memo: Map<string, Rested<Verdict>>;
  /** Answers that other boundaries share; absent while there are too few of them. */
  readonly shared?: { readonly shelf: Shelf<Verdict>; readonly values: Values } | undefined;
}

/**
 * Looks up a formula's conditions. Preconditions: the formula was validated when the knowledge was built or loaded. A part
 * that was compiled before (`known`, by identity) is the same again.
 * @throws Error when it names a condition that does not exist.
 */
export function compileFormula(
  formula: Formula,
  conditions: ReadonlyMap<string, Condition>,
  known = new Map<Formula, Compiled>(),
): Compiled {
  const before = known.get(formula);
  if (before) return before;
  const compiled = compileAnew(formula, conditions, known);
  known.set(formula, compiled);
  return compiled;
}

function compileAnew(
  formula: Formula,
  conditions: ReadonlyMap<string, Condition>,
  known: Map<Formula, Compiled>,
): Compiled {
  const { all, any } = formula as { readonly all?: readonly Formula[]; readonly any?: readonly Formula[] };
  const parts = all ?? any;
  if (parts !== undefined) {
    const children: Compiled[] = [];
    for (const part of parts) children.push(compileFormula(part, conditions, known));
    return { op: all ? "all" : "any", children, cheapestFirst: cheapestFirst(children) };
  }
  const id = Object.keys(formula)[0] ?? "(none)";
  const condition = conditions.get(id);
  if (!condition) throw new Error(`the knowledge base names a condition that does not exist: ${id}`);
  const argument = (formula as Readonly<Record<string, unknown>>)[id];
  const key = `${id} ${typeof argument === "string" ? argument : JSON.stringify(argument)}`;
  return { op: "condition", condition, argument, key };
}

/** Most formulas are written so already, and there are hundreds at every start. */
function cheapestFirst(children: readonly Compiled[]): readonly Compiled[] {
  let last = 0;
  for (const child of children) {
    const own = cost(child);
    if (own < last) return [...children].sort((a, b) => cost(a) - cost(b));
    last = own;
  }
  return children;
}

/** Conditions that look at one fact and often close a technique for good are asked before those that combine many. */
const quick: ReadonlySet<string> = new Set([
  "kernel",
  "cluster-right",
  "host-path",
  "propagation",
  "shares",
  "terminal",
  "container-engine",
  "container-runtime",
  "engine-user",
  "host-cgroup",
]);

function cost(formula: Compiled): number {
  if (formula.op !== "condition") return 2;
  return quick.has(formula.condition.id) ? 0 : 1;
}

/** Evaluates a formula. Techniques share most conditions: each is asked once for a boundary and actor. */
export function evaluate(formula: Compiled, asking: Asking): Verdict {
  if (formula.op === "condition") return ask(formula, asking);
  const verdicts: Verdict[] = [];
  for (const child of formula.cheapestFirst) {
    const verdict = evaluate(child, asking);
    // What can never hold closes an `all` whatever the rest says: most techniques end here.
    if (formula.op === "all" && isNever(verdict.worst)) return verdict;
    verdicts.push(withoutEvidence(verdict));
  }
  return formula.op === "all" ? allOf(verdicts) : anyOf(verdicts);
}

function ask({ condition, argument, key }: Extract<Compiled, { op: "condition" }>, asking: Asking): Verdict {
  const known = asking.memo.get(key);
  if (known) return recall(known);
  const evaluate = (): Verdict => condition.evaluate(argument as never, asking.context);
  const made = asking.shared
    ? sharedRested(asking.shared.shelf, key, asking.shared.values, evaluate)
    : restingOn(evaluate);
  asking.memo.set(key, made);
  return recall(made);
}

/**
 * Whether nothing stands in the way in the worst case: the same as `isOpen(evaluate(…).worst)`, without combining cut sets. An
 * `all` is open when every part is, an `any` when one is.
 */
export function isOpenAtWorst(formula: Compiled, asking: Asking): boolean {
  if (formula.op === "condition") return isOpen(ask(formula, asking).worst);
  return formula.op === "all"
    ? formula.cheapestFirst.every((child) => isOpenAtWorst(child, asking))
    : formula.cheapestFirst.some((child) => isOpenAtWorst(child, asking));
}

/** Evidence belongs to the conditions (judgeConditions): carried upwards it would be copied at every level. */
function withoutEvidence(verdict: Verdict): Verdict {
  return verdict.evidence.length === 0 ? verdict : { ...verdict, evidence: [] };
}

/** Every condition of a formula with its own verdict, in the order written: the leaves of the proof. */
export function judgeConditions(formula: Compiled, asking: Asking, where = ""): readonly JudgedCondition[] {
  if (formula.op !== "condition") {
    return formula.children.flatMap((child, i) =>
      judgeConditions(child, asking, `${where === "" ? "" : `${where}.`}${formula.op}[${String(i)}]`),
    );
  }
  const verdict = evaluate(formula, asking);
  return [
    {
      condition: formula.condition.describe(formula.argument as never),
      status: statusOf(verdict),
      barriers: verdict.barriers,
      evidence: distinct(verdict.evidence),
      wouldDecide: verdict.undecided,
      formula: where,
    },
  ];
}

/** Several ways of one condition rest on the same facts: each is said once. */
function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ text, ref }) => {
    const key = `${text}|${ref ?? ""}`;
    if (text === "" || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether nothing that is modelled opens it. */
export function isNever(sets: CutSets): boolean {
  return sets.length === 0;
}
