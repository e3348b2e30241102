import type { Assessment } from "../../src/engine/assessment.ts";
import { shop } from "./assessments.ts";

/** What a name may hold: terminal escapes, line breaks, bidirectional overrides, tags beyond the first plane, NUL. */
export const venom = "\u001b[31mred\u0007\r\nx\u202e\u200b\u2028\u0085\u0000\u{e0041}\u007f";

/** Texts that are ids of the model, not of an input: reporters look words up by them. */
const vocabulary = new Set([
  "schema",
  "kind",
  "axis",
  "goal",
  "status",
  "from",
  "to",
  "provenance",
  "access",
  "judge",
  "formula",
]);

/** An assessment in which every text that an input could have written is poisoned. */
export function poisoned(assessment: Assessment = shop): Assessment {
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return vocabulary.has(key) ? value : `${value}${venom}`;
    if (Array.isArray(value)) return value.map((item) => poison(item, key === "goals" ? "goal" : key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poison(inner, name)]));
  };
  return poison(assessment, "") as Assessment;
}
