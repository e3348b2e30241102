import { expect } from "vitest";
import { conditions } from "../../src/conditions/registry.ts";
import type { Actor } from "../../src/conditions/types.ts";
import type { Verdict } from "../../src/conditions/verdict.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import type { Overrides } from "./boundary.ts";
import { contextOf } from "./boundary.ts";

/** One row: a condition, the boundary it is asked of, and what it must say. */
export interface Row {
  readonly name: string;
  readonly condition: string;
  readonly argument: unknown;
  readonly of?: Overrides;
  readonly actor?: Actor;
  /** `holds`, `unknown`, or the cut sets under the worst values: `[]` when it is closed for good. */
  readonly want: "holds" | "unknown" | readonly (readonly string[])[];
  /** A barrier that must be named, or a fact that would decide. */
  readonly names?: string;
}

/** Evaluates a condition by its id. */
export function evaluate(
  id: string,
  argument: unknown,
  of: Overrides = {},
  actor: Actor = "workload",
): Verdict {
  const condition = conditions.find((candidate) => candidate.id === id);
  if (!condition) throw new Error(`no condition is named ${id}`);
  return condition.evaluate(argument as never, contextOf(of, actor));
}

/** Checks one row. */
export function check({ condition, argument, of, actor, want, names }: Row): void {
  const verdict = evaluate(condition, argument, of, actor);
  if (typeof want === "string") expect(statusOf(verdict)).toBe(want);
  else expect(verdict.worst).toEqual(want);
  if (names !== undefined)
    expect([...verdict.barriers, ...verdict.undecided.map((u) => u.fact)]).toContain(names);
  expect(verdict.evidence.some((evidence) => evidence.text !== "")).toBe(true);
}
