import type { Position, SourceText } from "./location.ts";

/**
 * A parsed YAML or JSON value that remembers where it stands. Sources read this, never a parser's own tree: so the
 * parser can change, and a value merged from three files still knows which line of which file it came from.
 */
export type Node = MapNode | SeqNode | ScalarNode;

interface NodeBase extends Position {
  readonly source: SourceText;
  readonly offset: number;
  /** An explicit tag as it was written, such as `!reset` (Compose). */
  readonly tag?: string;
}
export interface MapNode extends NodeBase {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}
export interface Entry {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: Node;
}
export interface SeqNode extends NodeBase {
  readonly kind: "seq";
  readonly items: readonly Node[];
}
export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The scalar as it was written, without quotes: `0644` keeps its zero. */
  readonly raw: string;
  /** True when quotes or a block style made it a string. */
  readonly quoted: boolean;
}

/** The value of a key of a map; undefined when absent or when the node is no map. */
export function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** Follows a chain of keys. */
export function getIn(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>((current, key) => get(current, key), node);
}

/** The string value of a scalar; numbers and booleans as they were written. Undefined for null, lists and maps. */
export function asString(node: Node | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : node.raw;
}

/** The items of a list, the entries of nothing else. */
export function items(node: Node | undefined): readonly Node[] {
  return node?.kind === "seq" ? node.items : [];
}

/** True for an absent node and an explicit null. */
export function isNull(node: Node | undefined): boolean {
  return node === undefined || (node.kind === "scalar" && node.value === null);
}

/** What a node is, for a message. */
export function describe(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === "scalar") return node.value;
  return node.kind === "map" ? {} : [];
}

/** Plain JavaScript data of a node, without positions. Preconditions: the node's expanded size is bounded (parsers see to it). */
export function toData(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(toData);
  const data: Record<string, unknown> = {};
  for (const { key, value } of node.entries.values()) {
    // A key named __proto__ must become an own property, not the prototype.
    Object.defineProperty(data, key, {
      value: toData(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return data;
}
