import type { Said } from "../../spec.ts";
import type { Field } from "../read/fields.ts";
import { child, choiceOf, labelsOf, structOf, structsOf, textOf, textsOf } from "../read/fields.ts";

export type Labels = ReadonlyMap<string, Said<string>>;

/** A label selector: all parts must match; an empty one matches everything. */
export interface Selector {
  readonly labels: Labels;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** Reads a LabelSelector (meta/v1). */
export function selectorOf(field: Field): Selector {
  const selector = structOf(field);
  const expressions = structsOf(child(selector, "matchExpressions")).map((expression) => ({
    key: textOf(child(expression, "key"))?.value ?? "",
    operator: choiceOf(child(expression, "operator"), ["In", "NotIn", "Exists", "DoesNotExist"])?.value ?? "",
    values: textsOf(child(expression, "values")).map((said) => said.value),
  }));
  return { labels: labelsOf(child(selector, "matchLabels")), expressions };
}

/** Whether a selector matches. `NotIn` and `DoesNotExist` match where the label is absent. */
export function matches({ labels, expressions }: Selector, candidate: Labels): boolean {
  for (const [key, said] of labels) if (candidate.get(key)?.value !== said.value) return false;
  return expressions.every(({ key, operator, values }) => {
    const value = candidate.get(key)?.value;
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const listed = value !== undefined && values.includes(value);
    return operator === "NotIn" ? !listed : operator === "In" && listed;
  });
}
