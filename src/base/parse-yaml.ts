import type { Event, ScalarEvent } from "js-yaml";
import { EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents } from "js-yaml";
import type { Entry, Node, ScalarNode } from "./document.ts";
import type { Position, SourceText } from "./location.ts";
import type { Problem } from "./problems.ts";

/** Aliases may not make a document larger than this when expanded: the billion-laughs attack grows without bound. */
const maxExpandedNodes = 2_000_000;
const maxDepth = 500;

/** The documents of a YAML stream, each as a Node (null for an empty one), and what is wrong with them. */
export function parseYaml(source: SourceText): {
  documents: readonly (Node | null)[];
  problems: readonly Problem[];
} {
  const whole = parsePart(source, 0, source.text.length);
  if (whole.problems.length === 0 || !/^---/m.test(source.text)) return whole;
  // One broken document must not take the others of its stream with it: each is read alone.
  const parts = partsOf(source.text).map(([start, end]) => parsePart(source, start, end));
  return {
    documents: parts.flatMap((part) => part.documents),
    problems: parts.flatMap((part) => part.problems),
  };
}

/** Start and end of each stretch between lines that begin with `---`. */
function partsOf(text: string): readonly (readonly [number, number])[] {
  const starts = [
    0,
    ...[...text.matchAll(/^---(?=\s|$)/gm)].map((match) => match.index).filter((index) => index > 0),
  ];
  return starts.map((start, i) => [start, starts[i + 1] ?? text.length] as const);
}

function parsePart(
  source: SourceText,
  base: number,
  end: number,
): { documents: readonly (Node | null)[]; problems: readonly Problem[] } {
  const text = base === 0 && end === source.text.length ? source.text : source.text.slice(base, end);
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth });
  } catch (error) {
    return { documents: [], problems: [syntaxProblem(error, source, base)] };
  }
  return buildDocuments(events, text, source, base);
}

function syntaxProblem(error: unknown, source: SourceText, base: number): Problem {
  if (error instanceof RangeError) return tooDeep({ source, offset: base });
  if (!(error instanceof YAMLException)) throw error;
  const at = { source, offset: base + (error.mark?.position ?? 0) };
  if (/nesting exceeded/i.test(error.reason)) return tooDeep(at);
  return { code: "yaml-syntax", message: `expected YAML, found: ${error.reason}`, at };
}

function tooDeep(at: Position): Problem {
  return {
    code: "too-deep",
    message: `expected YAML nested at most ${String(maxDepth)} levels deep, found more`,
    at,
  };
}

/** A collection whose end has not come yet; `key` is a map's key that waits for its value. */
type Frame =
  | {
      readonly kind: "map";
      readonly offset: number;
      readonly entries: Map<string, Entry>;
      readonly merged: Node[];
      readonly anchor: string | undefined;
      readonly tag: string | undefined;
      size: number;
      key: { text: string; offset: number; merges: boolean } | undefined;
    }
  | {
      readonly kind: "seq";
      readonly offset: number;
      readonly items: Node[];
      readonly anchor: string | undefined;
      readonly tag: string | undefined;
      size: number;
    }
  | { readonly kind: "document"; root: Node | null };

interface Building {
  readonly text: string;
  readonly source: SourceText;
  readonly base: number;
  readonly anchors: Map<string, { node: Node; size: number }>;
  problem: Problem | undefined;
  /** Where the last value or key stood: the place of a value that was left out. */
  last: number;
}

function buildDocuments(
  events: readonly Event[],
  text: string,
  source: SourceText,
  base: number,
): { documents: readonly (Node | null)[]; problems: readonly Problem[] } {
  const documents: (Node | null)[] = [];
  const problems: Problem[] = [];
  const stack: Frame[] = [];
  let building: Building = { text, source, base, anchors: new Map(), problem: undefined, last: base };
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      building = { text, source, base, anchors: new Map(), problem: undefined, last: building.last };
      stack.push({ kind: "document", root: null });
    } else if (event.type === EVENT_ID.POP) {
      const frame = stack.pop();
      if (frame?.kind === "document") {
        if (building.problem) problems.push(building.problem);
        else documents.push(frame.root);
      } else if (frame) add(stack, close(frame, building), building);
    } else take(event, stack, building);
  }
  return { documents, problems };
}

function take(event: Exclude<Event, { type: 1 | 6 }>, stack: Frame[], b: Building): void {
  switch (event.type) {
    case EVENT_ID.ALIAS: {
      const offset = b.base + event.anchorStart - 1;
      const name = b.text.slice(event.anchorStart, event.anchorEnd);
      const target = b.anchors.get(name);
      if (!target)
        fail(
          b,
          "yaml-syntax",
          `expected an anchor that is defined before, found alias ${JSON.stringify(name)}`,
          offset,
        );
      b.last = offset;
      return add(stack, target ?? { node: scalar(b, offset, null, "", false, undefined), size: 1 }, b);
    }
    case EVENT_ID.SCALAR: {
      const node = scalarNode(event, b);
      const anchor = textOf(b, event.anchorStart, event.anchorEnd);
      if (anchor !== undefined) b.anchors.set(anchor, { node, size: 1 });
      return add(stack, { node, size: 1 }, b);
    }
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE: {
      const offset = b.base + event.start;
      b.last = offset;
      const head = {
        offset,
        anchor: textOf(b, event.anchorStart, event.anchorEnd),
        tag: textOf(b, event.tagStart, event.tagEnd),
        size: 1,
      };
      stack.push(
        event.type === EVENT_ID.MAPPING
          ? { kind: "map", ...head, entries: new Map(), merged: [], key: undefined }
          : { kind: "seq", ...head, items: [] },
      );
    }
  }
}

function textOf(b: Building, start: number, end: number): string | undefined {
  return start === -1 ? undefined : b.text.slice(start, end);
}

function fail(b: Building, code: Problem["code"], message: string, offset: number): void {
  b.problem ??= { code, message, at: { source: b.source, offset } };
}

/** Puts a finished node where it belongs: the document's root, a list's end, a map's key or the value of its key. */
function add(stack: readonly Frame[], { node, size }: { node: Node; size: number }, b: Building): void {
  const frame = stack.at(-1);
  if (!frame) return;
  if (frame.kind === "document") {
    frame.root = node;
    return;
  }
  frame.size += size;
  if (frame.size > maxExpandedNodes)
    fail(
      b,
      "yaml-alias-bomb",
      "expected a document of reasonable size, found aliases that expand without bound",
      frame.offset,
    );
  if (frame.kind === "seq") frame.items.push(node);
  else if (frame.key === undefined) frame.key = keyOf(node, b);
  else {
    const { text, offset, merges } = frame.key;
    frame.key = undefined;
    if (merges) frame.merged.push(node);
    else if (frame.entries.has(text))
      fail(
        b,
        "yaml-syntax",
        `expected each key once, found ${JSON.stringify(text.slice(0, 80))} again`,
        offset,
      );
    else frame.entries.set(text, { key: text, keyOffset: offset, value: node });
  }
}

function keyOf(node: Node, b: Building): { text: string; offset: number; merges: boolean } {
  if (node.kind !== "scalar")
    fail(b, "yaml-syntax", "expected a scalar as a key, found a collection", node.offset);
  const text =
    node.kind !== "scalar"
      ? ""
      : node.value === null
        ? "null"
        : typeof node.value === "string"
          ? node.value
          : node.raw;
  return { text, offset: node.offset, merges: text === "<<" && node.kind === "scalar" && !node.quoted };
}

function close(frame: Exclude<Frame, { kind: "document" }>, b: Building): { node: Node; size: number } {
  const tag = frame.tag === undefined ? {} : { tag: frame.tag };
  if (frame.kind === "map") mergeInto(frame.entries, frame.merged);
  const node: Node =
    frame.kind === "map"
      ? { kind: "map", source: b.source, offset: frame.offset, entries: frame.entries, ...tag }
      : { kind: "seq", source: b.source, offset: frame.offset, items: frame.items, ...tag };
  const result = { node, size: frame.size };
  if (frame.anchor !== undefined) b.anchors.set(frame.anchor, result);
  return result;
}

/** https://yaml.org/type/merge.html: own keys win over merged ones, earlier merged maps over later ones. */
function mergeInto(own: Map<string, Entry>, merged: readonly Node[]): void {
  for (const node of merged.flatMap((m) => (m.kind === "seq" ? m.items : [m]))) {
    if (node.kind !== "map") continue;
    for (const entry of node.entries.values()) if (!own.has(entry.key)) own.set(entry.key, entry);
  }
}

function scalarNode(event: ScalarEvent, b: Building): ScalarNode {
  const tag = textOf(b, event.tagStart, event.tagEnd);
  if (event.valueStart === -1) return scalar(b, b.last, null, "", false, tag);
  const quoted = event.style !== SCALAR_STYLE.PLAIN;
  // The range of a quoted scalar begins after its quote, that of a block scalar after its header.
  const isFlowQuoted =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  const offset = b.base + event.valueStart - (isFlowQuoted ? 1 : 0);
  b.last = offset;
  const raw = event.fast ? b.text.slice(event.valueStart, event.valueEnd) : getScalarValue(b.text, event);
  const isText = quoted || tag === "!!str" || tag === "!";
  return scalar(b, offset, isText ? raw : plainValue(raw), raw, isText, tag);
}

function scalar(
  b: Building,
  offset: number,
  value: ScalarNode["value"],
  raw: string,
  quoted: boolean,
  tag: string | undefined,
): ScalarNode {
  return {
    kind: "scalar",
    source: b.source,
    offset,
    value,
    raw,
    quoted,
    ...(tag === undefined ? {} : { tag }),
  };
}

/** What a plain scalar stands for in the YAML 1.2 core schema (section 10.3.2). Numbers keep their text in `raw`. */
function plainValue(raw: string): ScalarNode["value"] {
  const first = raw.charCodeAt(0);
  // Digits, sign, point: the rest of the alphabet cannot begin a number.
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) return numberOr(raw);
  const word = words.get(raw);
  return word === undefined ? raw : word;
}

const words: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

function numberOr(raw: string): number | string {
  if (/^[-+]?[0-9]+$/.test(raw)) return Number(raw);
  if (/^0o[0-7]+$/.test(raw) || /^0x[0-9a-fA-F]+$/.test(raw)) return Number(raw);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(raw)) return Number(raw);
  return raw;
}
