import type { Node } from "../../../base/document.ts";
import { describe, isNull } from "../../../base/document.ts";
import type { Position } from "../../../base/location.ts";
import type { Problem, ProblemCode } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import { quote } from "../../../base/text.ts";
import type { Said } from "../../spec.ts";

/**
 * One field of an API object. Paths are only spelled out when a problem needs one: most fields never do. As for the API
 * server, null and absence are the same, and a value of another type is refused (strict decoding of JSON).
 */
export interface Field {
  readonly node: Node | undefined;
  readonly parent: Field | undefined;
  readonly key: string | number;
  readonly problems: Problem[];
}

/** The field at the root of an object. */
export function rootField(node: Node, problems: Problem[]): Field {
  return { node, parent: undefined, key: "", problems };
}

/** A field of an object by its exact name; silent when the object is none (`structOf` has said so before). */
export function child(parent: Field, key: string): Field {
  const { node } = parent;
  const value = node?.kind === "map" ? node.entries.get(key)?.value : undefined;
  return { node: isNull(value) ? undefined : value, parent, key, problems: parent.problems };
}

/** Follows a chain of keys. */
export function childIn(parent: Field, ...keys: readonly string[]): Field {
  return keys.reduce(child, parent);
}

/** The place of a field; where it is absent, the place of what should hold it. */
export function positionOf(field: Field): Position {
  for (let current: Field | undefined = field; current; current = current.parent)
    if (current.node) return current.node;
  throw new Error("a field without any place");
}

const plainKey = /^[A-Za-z0-9_-]{1,100}$/;

/** `spec.containers[0].image`, `metadata.annotations["example.org/a"]`. */
export function pathOf(field: Field): string {
  const keys: (string | number)[] = [];
  for (let current: Field | undefined = field; current; current = current.parent)
    if (current.key !== "") keys.push(current.key);
  return keys.reduceRight<string>((path, key) => path + step(key, path === ""), "");
}

function step(key: string | number, first: boolean): string {
  if (typeof key === "number") return `[${String(key)}]`;
  if (!plainKey.test(key)) return `[${quote(key)}]`;
  return first ? key : `.${key}`;
}

/** Reports something about a field. */
export function report(
  field: Field,
  code: ProblemCode,
  message: string,
  more: { hint?: string; severity?: "warning" } = {},
): void {
  field.problems.push({ code, message, at: positionOf(field), path: pathOf(field), ...more });
}

/** Reports a value that the API server does not accept. */
export function wrong(field: Field, what: string, code: ProblemCode = "wrong-type"): void {
  report(field, code, expected(what, describe(field.node)));
}

/** Reports that a required field is absent. */
export function missing(field: Field, what: string): void {
  report(field, "missing-field", expected(what, undefined));
}

/** The field where it is an object; an absent one (with a problem) where it is something else. */
export function structOf(field: Field): Field {
  if (field.node === undefined || field.node.kind === "map") return field;
  wrong(field, "a mapping");
  return { ...field, node: undefined };
}

/** A string; undefined when absent or of another type (a problem). */
export function textOf(field: Field): Said<string> | undefined {
  const { node } = field;
  if (node === undefined) return undefined;
  if (node.kind === "scalar" && typeof node.value === "string") return { value: node.value, at: node };
  wrong(field, "a string");
  return undefined;
}

// YAML 1.1 words: sigs.k8s.io/yaml rests on yaml.v2, whose resolve.go takes them for booleans when they are not quoted.
const words = new Map([
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

/** true or false, spelled `yes`, `no`, `on` or `off` too as long as no quotes make it a string. */
export function flagOf(field: Field): Said<boolean> | undefined {
  const { node } = field;
  if (node === undefined) return undefined;
  if (node.kind === "scalar") {
    if (typeof node.value === "boolean") return { value: node.value, at: node };
    const word = node.quoted ? undefined : words.get(node.raw);
    if (word !== undefined) return { value: word, at: node };
  }
  wrong(field, "true or false");
  return undefined;
}

/** A whole number from 0 up to `most`; a leading zero makes it octal (YAML 1.1). */
export function integerOf(field: Field, most = 2 ** 31 - 1): Said<number> | undefined {
  const { node } = field;
  if (node === undefined) return undefined;
  const value =
    node.kind === "scalar" && typeof node.value === "number"
      ? /^0[0-7]+$/.test(node.raw)
        ? Number.parseInt(node.raw, 8)
        : node.value
      : Number.NaN;
  if (Number.isInteger(value) && value >= 0 && value <= most) return { value, at: node };
  wrong(field, "a whole number", Number.isNaN(value) ? "wrong-type" : "wrong-value");
  return undefined;
}

/** One of the values that the API defines; it takes no other. */
export function choiceOf<T extends string>(field: Field, choices: readonly T[]): Said<T> | undefined {
  const said = textOf(field);
  if (said === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === said.value);
  if (choice !== undefined) return { value: choice, at: said.at };
  wrong(
    field,
    choices
      .filter((candidate) => candidate !== "")
      .join(", ")
      .replace(/, ([^,]*)$/, " or $1"),
    "wrong-value",
  );
  return undefined;
}

/** The items of a list, null ones left out. */
export function elementsOf(field: Field): readonly Field[] {
  const { node } = field;
  if (node === undefined) return [];
  if (node.kind === "seq")
    return node.items.map((item, index) => ({
      node: isNull(item) ? undefined : item,
      parent: field,
      key: index,
      problems: field.problems,
    }));
  wrong(field, "a list");
  return [];
}

/** The objects of a list; what is none is a problem and left out. */
export function structsOf(field: Field): readonly Field[] {
  return elementsOf(field).filter((element) => {
    if (element.node?.kind === "map") return true;
    wrong(element, "a mapping");
    return false;
  });
}

/** The strings of a list. */
export function textsOf(field: Field): readonly Said<string>[] {
  return elementsOf(field).flatMap((element) => {
    if (element.node === undefined) wrong(element, "a string");
    return textOf(element) ?? [];
  });
}

/** The string values of a mapping (labels, annotations, matchLabels). */
export function labelsOf(field: Field): ReadonlyMap<string, Said<string>> {
  const labels = new Map<string, Said<string>>();
  const { node } = structOf(field);
  if (node?.kind !== "map") return labels;
  for (const key of node.entries.keys()) {
    const said = textOf(child(field, key));
    if (said) labels.set(key, said);
  }
  return labels;
}
