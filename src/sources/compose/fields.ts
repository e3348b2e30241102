import type { Node } from "../../base/document.ts";
import { asString, describe, get, isNull } from "../../base/document.ts";
import type { Position } from "../../base/location.ts";
import type { Problem, ProblemCode } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { Said } from "../spec.ts";
import { templateOf } from "./model/nodes.ts";

/** One field of the merged model: its value (undefined when absent or null), its place and its path for messages. */
export interface Field {
  readonly node: Node | undefined;
  readonly at: Position;
  readonly path: string;
  readonly problems: Problem[];
}

/** The field at `path`. */
export function fieldOf(node: Node, path: string, problems: Problem[]): Field {
  return { node: isNull(node) ? undefined : node, at: node, path, problems };
}

/** A field of a mapping; a parent that is no mapping is a problem. */
export function child(parent: Field, key: string): Field {
  if (parent.node && parent.node.kind !== "map") wrongType(parent, "a mapping");
  const node = get(parent.node, key);
  return {
    ...parent,
    node: isNull(node) ? undefined : node,
    at: node ?? parent.at,
    path: `${parent.path}.${key}`,
  };
}

const reported = new WeakMap<readonly Problem[], Set<string>>();

/** Records `expected what, found value`, once for each field: a field may be looked at twice. */
export function wrong(
  field: Field,
  code: ProblemCode,
  what: string,
  found: unknown = describe(field.node),
): void {
  const { at, path, problems } = field;
  const known = reported.get(problems) ?? new Set();
  reported.set(problems, known);
  const key = `${code} ${String(at.offset)} ${path}`;
  if (known.has(key)) return;
  known.add(key);
  problems.push({ code, message: expected(what, found), at: { source: at.source, offset: at.offset }, path });
}

/** A value of another type than the specification's schema allows. */
export function wrongType(field: Field, what: string): void {
  wrong(field, "wrong-type", what);
}

/** The text of a scalar (numbers and booleans as they were written); empty counts as absent. */
export function textOf(field: Field, what = "a text"): string | undefined {
  if (field.node === undefined) return undefined;
  const text = asString(field.node);
  if (text === undefined) wrongType(field, what);
  return text === "" ? undefined : text;
}

/** The text with its place. */
export function saidText(field: Field): Said<string> | undefined {
  const text = textOf(field);
  return text === undefined ? undefined : say(field, text);
}

/** A value with the place of the field it was read from. */
export function say<T>(field: Field, value: T): Said<T> {
  return { value, at: { source: field.at.source, offset: field.at.offset } };
}

const words: Readonly<Record<string, boolean>> = {
  true: true,
  y: true,
  yes: true,
  on: true,
  false: false,
  n: false,
  no: false,
  off: false,
};

/** true or false, or a text that Compose casts to one. @see compose-go loader/interpolate.go toBoolean */
export function flagOf(field: Field): boolean | undefined {
  const { node } = field;
  if (node === undefined) return undefined;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "boolean") return value;
  const cast =
    typeof value === "string" && Object.hasOwn(words, value.toLowerCase())
      ? words[value.toLowerCase()]
      : undefined;
  if (cast !== undefined) return cast;
  if (isUnset(field)) wrong(field, "wrong-value", "true or false", templateOf(node)?.text);
  else wrong(field, node.kind === "scalar" ? "wrong-value" : "wrong-type", "true or false");
  return undefined;
}

/** true or false with its place. */
export function saidFlag(field: Field): Said<boolean> | undefined {
  const flag = flagOf(field);
  return flag === undefined ? undefined : say(field, flag);
}

/** Whether the value is empty because a variable has no value: what it will be is decided elsewhere. */
export function isUnset({ node }: Field): boolean {
  return node?.kind === "scalar" && node.value === "" && (templateOf(node)?.unset.length ?? 0) > 0;
}

/** A number, or a text that is one. */
export function numberOf(field: Field, what = "a number"): number | undefined {
  const text = textOf(field, what);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  wrong(field, "wrong-value", what);
  return undefined;
}

/** The items of a list; anything else is a problem. */
export function listOf(field: Field): readonly Field[] {
  const { node } = field;
  if (node === undefined) return [];
  if (node.kind === "seq")
    return node.items.map((item, index) => ({
      ...field,
      node: isNull(item) ? undefined : item,
      at: item,
      path: `${field.path}[${String(index)}]`,
    }));
  wrongType(field, "a list");
  return [];
}

/** The items of a list, or the one text that may stand for it. */
export function listOrText(field: Field): readonly Field[] {
  return field.node?.kind === "scalar" ? [field] : listOf(field);
}

/** The texts of a list with their places. */
export function saidTexts(field: Field): readonly Said<string>[] {
  return listOf(field).flatMap((item) => saidText(item) ?? []);
}

/** The keys of a mapping with the place of each key. */
export function entriesOf(
  field: Field,
): readonly { readonly key: string; readonly at: Position; readonly value: Field }[] {
  const { node } = field;
  if (node === undefined) return [];
  if (node.kind !== "map") {
    wrongType(field, "a mapping");
    return [];
  }
  return [...node.entries.values()].map(({ key, keyOffset, value }) => ({
    key,
    // The key stands in the file of its value: values of merged maps keep their own.
    at: { source: value.source, offset: keyOffset },
    value: { ...field, node: isNull(value) ? undefined : value, at: value, path: `${field.path}.${key}` },
  }));
}
