import type { Entry, MapNode, Node, ScalarNode, SeqNode } from "../../../base/document.ts";

/** How a scalar came to have its text: what was written, and which variables had a say. */
export interface Template {
  readonly text: string;
  /** Variables without a value and without a default. */
  readonly unset: readonly string[];
  /** The value of some variable is part of the text: it does not stand in the file. */
  readonly used: boolean;
}

/** A scalar after interpolation; the template survives every copy of the node. */
export interface ResolvedScalar extends ScalarNode {
  readonly template?: Template | undefined;
}

/** What interpolation made this node from; undefined where nothing was substituted. */
export function templateOf(node: Node | undefined): Template | undefined {
  return node?.kind === "scalar" ? (node as ResolvedScalar).template : undefined;
}

/** The scalar with another text, at the same place. */
export function withText(node: ScalarNode, text: string): ScalarNode {
  return { ...node, value: text, raw: text, quoted: true };
}

function placeOf({ source, offset, tag }: Node): Pick<Node, "source" | "offset" | "tag"> {
  return { source, offset, ...(tag !== undefined && { tag }) };
}

/** A map that stands where `like` stands. */
export function mapLike(like: Node, entries: ReadonlyMap<string, Entry>): MapNode {
  return { kind: "map", ...placeOf(like), entries };
}

/** A list that stands where `like` stands. */
export function seqLike(like: Node, items: readonly Node[]): SeqNode {
  return { kind: "seq", ...placeOf(like), items };
}

/** An explicit null that stands where `like` stands. */
export function nullLike(like: Node): ScalarNode {
  return { kind: "scalar", source: like.source, offset: like.offset, value: null, raw: "", quoted: false };
}

/** The map with one entry replaced or added. */
export function withEntry(map: MapNode, key: string, entry: Entry): MapNode {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

/** The map without one key. */
export function withoutKey(map: MapNode, key: string): MapNode {
  if (!map.entries.has(key)) return map;
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** Whether two values are the same data, wherever they stand. */
export function sameData(left: Node, right: Node): boolean {
  if (left === right) return true;
  if (left.kind === "scalar") return right.kind === "scalar" && left.value === right.value;
  if (left.kind === "seq") {
    if (right.kind !== "seq" || left.items.length !== right.items.length) return false;
    return left.items.every((item, index) => {
      const other = right.items[index];
      return other !== undefined && sameData(item, other);
    });
  }
  if (right.kind !== "map" || left.entries.size !== right.entries.size) return false;
  return [...left.entries.values()].every((entry) => {
    const other = right.entries.get(entry.key);
    return other !== undefined && sameData(entry.value, other.value);
  });
}

/** A text that tells values of different data apart, for sets; the sizes are bounded by the parser. */
export function dataKey(node: Node): string {
  if (node.kind === "scalar") return JSON.stringify(node.value);
  if (node.kind === "seq") return `[${node.items.map(dataKey).join(",")}]`;
  const keys = [...node.entries.keys()].sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${dataKey(node.entries.get(key)?.value ?? node)}`).join(",")}}`;
}

/**
 * The Compose tag of a value: what it says is about merging, so every copy of a node keeps it.
 * @see Compose specification, 13-merge.md, "Reset value" and "Replace value"
 */
export function tagOf({ tag }: Node): "reset" | "override" | undefined {
  return tag === "!reset" ? "reset" : tag === "!override" ? "override" : undefined;
}
