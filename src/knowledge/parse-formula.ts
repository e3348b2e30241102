import * as z from "zod/mini";
import type { Condition } from "../conditions/types.ts";
import { expected } from "../base/problems.ts";
import { closest } from "./closest.ts";
import type { SchemaProblem } from "./engine-defaults-schema.ts";
import { problemsOf } from "./schema-problems.ts";

/** Formulas nested deeper than this are refused: nobody could read them. */
const maxDepth = 8;

/** The conditions by id. */
export type Vocabulary = ReadonlyMap<string, Condition>;

/**
 * What is wrong with a raw formula: `all`, `any`, or one condition as the only key of a mapping. The key is read first, so
 * that a mistyped condition is named as such, and then the condition's own schema. Paths start with `path`
 * (`requires.all[0].capability`). No problems: the formula is a Formula.
 */
export function checkFormula(
  raw: unknown,
  vocabulary: Vocabulary,
  path: string,
  depth = 0,
): readonly SchemaProblem[] {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return [{ path, message: expected("all, any or a condition", raw) }];
  const entries = Object.entries(raw);
  const [entry] = entries;
  if (!entry || entries.length !== 1)
    return [
      { path, message: `expected one key, found ${entry ? entries.map(([key]) => key).join(", ") : "none"}` },
    ];
  const [key, argument] = entry as [string, unknown];
  const at = `${path}.${key}`;
  if (key === "all" || key === "any") return checkList(argument, vocabulary, at, depth);
  const condition = vocabulary.get(key);
  if (!condition) return [{ path, message: unknownCondition(key, vocabulary) }];
  return problemsOf(condition.schema(z), argument, at);
}

function checkList(
  raw: unknown,
  vocabulary: Vocabulary,
  path: string,
  depth: number,
): readonly SchemaProblem[] {
  if (!Array.isArray(raw)) return [{ path, message: expected("a list of formulas", raw) }];
  if (depth >= maxDepth)
    return [{ path, message: `expected at most ${String(maxDepth)} levels, found more` }];
  return raw.flatMap((item: unknown, index) =>
    checkFormula(item, vocabulary, `${path}[${String(index)}]`, depth + 1),
  );
}

function unknownCondition(key: string, vocabulary: Vocabulary): string {
  const near = closest(key, [...vocabulary.keys(), "all", "any"]);
  return `unknown condition ${JSON.stringify(key)}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}`;
}
