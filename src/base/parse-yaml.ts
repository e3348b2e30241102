import type { Alias, Document, Node as YamlNode, Pair } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Entry, Node } from "./document.ts";
import type { Position, SourceText } from "./location.ts";
import type { Problem } from "./problems.ts";

/** Aliases may not make a document larger than this when expanded: the billion-laughs attack grows without bound. */
const maxExpandedNodes = 2_000_000;
const maxDepth = 500;

interface Conversion {
  readonly source: SourceText;
  readonly anchors: Map<string, Node>;
  readonly sizes: Map<Node, number>;
  readonly problems: Problem[];
}

/** The documents of a YAML stream, each as a Node (null for an empty one), and what is wrong with them. */
export function parseYaml(source: SourceText): { documents: readonly (Node | null)[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let parsed: readonly Document[];
  try {
    const result = parseAllDocuments(source.text, { merge: true, prettyErrors: false, logLevel: "silent", maxAliasCount: -1 } as never);
    parsed = Array.isArray(result) ? (result as Document[]) : [];
  } catch (error) {
    // The parser recurses: very deep nesting exhausts the stack before any limit of ours is asked.
    if (!(error instanceof RangeError)) throw error;
    return { documents: [], problems: [tooDeep({ source, offset: 0 })] };
  }
  const documents: (Node | null)[] = [];
  for (const document of parsed) {
    const [first] = document.errors;
    if (first) {
      const at = { source, offset: first.pos[0] };
      const exhausted = (first.code as string) === "RESOURCE_EXHAUSTION";
      problems.push(exhausted ? tooDeep(at) : { code: "yaml-syntax", message: `expected YAML, found ${oneLine(first.message)}`, at });
      continue;
    }
    if (document.contents === null) {
      documents.push(null);
      continue;
    }
    const conversion: Conversion = { source, anchors: new Map(), sizes: new Map(), problems: [] };
    const node = convert(document.contents, conversion, 0);
    if (conversion.problems.length > 0) problems.push(...conversion.problems.slice(0, 1));
    else documents.push(node);
  }
  return { documents, problems };
}

function tooDeep(at: Position): Problem {
  return { code: "too-deep", message: `expected YAML nested at most ${String(maxDepth)} levels deep, found more`, at };
}

function oneLine(message: string): string {
  const line = message.split("\n")[0] ?? "";
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function convert(node: YamlNode | null, c: Conversion, depth: number): Node {
  const offset = node?.range?.[0] ?? 0;
  if (depth > maxDepth) {
    c.problems.push(tooDeep({ source: c.source, offset }));
    return scalar(c, offset, null, "", false);
  }
  if (isAlias(node)) return convertAlias(node, c, offset);
  let result: Node;
  let size = 1;
  if (isMap(node)) {
    const entries = convertPairs(node.items as Pair<YamlNode, YamlNode | null>[], c, depth);
    for (const { value } of entries.values()) size += c.sizes.get(value) ?? 1;
    result = { kind: "map", source: c.source, offset, entries };
  } else if (isSeq(node)) {
    const list = (node.items as YamlNode[]).map((item) => convert(item, c, depth + 1));
    for (const value of list) size += c.sizes.get(value) ?? 1;
    result = { kind: "seq", source: c.source, offset, items: list };
  } else {
    result = convertScalar(node, c, offset);
  }
  c.sizes.set(result, size);
  if (size > maxExpandedNodes) bomb(c, offset);
  const anchor = node === null ? undefined : (node as { anchor?: string }).anchor;
  if (anchor) c.anchors.set(anchor, result);
  return result;
}

function bomb(c: Conversion, offset: number): void {
  c.problems.push({ code: "yaml-alias-bomb", message: "expected a document of reasonable size, found aliases that expand without bound", at: { source: c.source, offset } });
}

function convertAlias(node: Alias, c: Conversion, offset: number): Node {
  const target = c.anchors.get(node.source);
  if (target) return target;
  c.problems.push({ code: "yaml-syntax", message: `expected an anchor defined before its use, found alias ${JSON.stringify(node.source)}`, at: { source: c.source, offset } });
  return scalar(c, offset, null, "", false);
}

function convertScalar(node: YamlNode | null, c: Conversion, offset: number): Node {
  if (!isScalar(node)) return scalar(c, offset, null, "", false);
  const { value } = node;
  const quoted = node.type !== undefined && node.type !== "PLAIN";
  const raw = node.source ?? String(value as string);
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return scalar(c, offset, value, typeof value === "string" ? value : raw, quoted);
  }
  return scalar(c, offset, raw, raw, quoted);
}

function scalar(c: Conversion, offset: number, value: string | number | boolean | null, raw: string, quoted: boolean): Node {
  return { kind: "scalar", source: c.source, offset, value, raw, quoted };
}

function convertPairs(pairs: readonly Pair<YamlNode, YamlNode | null>[], c: Conversion, depth: number): Map<string, Entry> {
  const own = new Map<string, Entry>();
  const merged: Node[] = [];
  for (const pair of pairs) {
    const keyOffset = pair.key.range?.[0] ?? 0;
    const value = pair.value === null ? scalar(c, keyOffset, null, "", false) : convert(pair.value, c, depth + 1);
    const key = keyText(pair.key, c, depth);
    const plainKey = isScalar(pair.key) && (pair.key.type === undefined || pair.key.type === "PLAIN");
    if (key === "<<" && plainKey) merged.push(value);
    else own.set(key, { key, keyOffset, value });
  }
  if (merged.length === 0) return own;
  // https://yaml.org/type/merge.html: own keys win over merged ones, earlier merged maps over later ones.
  for (const node of merged.flatMap((m) => (m.kind === "seq" ? m.items : [m]))) {
    if (node.kind !== "map") continue;
    for (const entry of node.entries.values()) if (!own.has(entry.key)) own.set(entry.key, entry);
  }
  return own;
}

function keyText(key: YamlNode, c: Conversion, depth: number): string {
  const node = convert(key, c, depth + 1);
  if (node.kind === "scalar") return node.value === null ? "null" : typeof node.value === "string" ? node.value : node.raw;
  c.problems.push({ code: "yaml-syntax", message: "expected a scalar as a key, found a collection", at: { source: c.source, offset: node.offset } });
  return "";
}
