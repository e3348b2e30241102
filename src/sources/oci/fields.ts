import type { Entry, Node } from "../../base/document.ts";
import { describe, get, isNull } from "../../base/document.ts";
import type { Position } from "../../base/location.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";

/**
 * One field of a JSON document that an engine writes with Go's encoding/json: null and absence are the same, and a value
 * of another type is an error of the whole file for the engine, but only of its field for us.
 */
export interface Field {
  readonly node: Node | undefined;
  /** Where the field stands; where its parent does when it is absent. */
  readonly at: Position;
  readonly path: string;
  readonly problems: Problem[];
}

/** The field at the root of a document. */
export function rootField(node: Node, problems: Problem[]): Field {
  return { node, at: node, path: "", problems };
}

/** A field of an object, by its exact name. */
export function field(parent: Field, ...keys: readonly string[]): Field {
  let current = parent;
  for (const key of keys) {
    const map = current.node;
    if (map && map.kind !== "map" && !isNull(map)) wrongType(current, "an object");
    const node = get(map, key);
    const path = current.path ? `${current.path}.${key}` : key;
    current = { ...current, node: isNull(node) ? undefined : node, at: node ?? current.at, path };
  }
  return current;
}

function wrongType(of: Field, what: string): void {
  // The same field may be looked at twice; it is wrong once.
  if (of.problems.some((problem) => problem.path === of.path && problem.code === "wrong-type")) return;
  of.problems.push({
    code: "wrong-type",
    message: expected(what, describe(of.node)),
    at: of.at,
    path: of.path || undefined,
  });
}

/** A string; undefined when absent or of another type (a problem). */
export function textOf(of: Field): string | undefined {
  if (of.node === undefined) return undefined;
  if (of.node.kind === "scalar" && typeof of.node.value === "string") return of.node.value;
  wrongType(of, "a string");
  return undefined;
}

/** true or false. */
export function flagOf(of: Field): boolean | undefined {
  if (of.node === undefined) return undefined;
  if (of.node.kind === "scalar" && typeof of.node.value === "boolean") return of.node.value;
  wrongType(of, "true or false");
  return undefined;
}

/** A whole number. */
export function integerOf(of: Field): number | undefined {
  if (of.node === undefined) return undefined;
  if (of.node.kind === "scalar" && Number.isInteger(of.node.value)) return Number(of.node.value);
  wrongType(of, "a whole number");
  return undefined;
}

/** The elements of a list. */
export function elements(of: Field): readonly Field[] {
  if (of.node === undefined) return [];
  if (of.node.kind !== "seq") {
    wrongType(of, "a list");
    return [];
  }
  return of.node.items.map((node, index) => ({
    ...of,
    node: isNull(node) ? undefined : node,
    at: node,
    path: `${of.path}[${String(index)}]`,
  }));
}

/** The strings of a list. */
export function textsOf(of: Field): readonly { readonly value: string; readonly at: Position }[] {
  return elements(of).flatMap((element) => {
    const value = textOf(element);
    return value === undefined ? [] : [{ value, at: element.at }];
  });
}

/** The keys of an object with their fields. */
export function entriesOf(
  of: Field,
): readonly { readonly key: string; readonly at: Position; readonly value: Field }[] {
  const { node } = of;
  if (node === undefined) return [];
  if (node.kind !== "map") {
    wrongType(of, "an object");
    return [];
  }
  return [...node.entries.values()].map((entry: Entry) => ({
    key: entry.key,
    at: { source: node.source, offset: entry.keyOffset },
    value: {
      ...of,
      node: isNull(entry.value) ? undefined : entry.value,
      at: entry.value,
      path: `${of.path}.${entry.key}`,
    },
  }));
}
