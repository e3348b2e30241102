import type { Position } from "../../base/location.ts";
import type { Problem, ProblemCode } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { ContainerSpec, MountRequest, Said } from "../spec.ts";
import type { SourceContext } from "../types.ts";
import type { Engine } from "./flags.ts";
import type { Piece } from "./piece.ts";
import { positionIn } from "./piece.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type ListKeys =
  | "groupAdd" | "capAdd" | "capDrop" | "maskPaths" | "unmaskPaths" | "devices" | "deviceCgroupRules" | "sysctls"
  | "rlimits" | "published" | "networks" | "environment" | "secrets" | "operatorActions" | "siblings" | "uidMap"; // prettier-ignore
type Item<K extends ListKeys> = NonNullable<ContainerSpec[K]>[number];

/** A ContainerSpec while it is being read: scalars in `spec`, lists in `lists`, and what was wrong. */
export interface Draft {
  readonly engine: Engine;
  readonly context: SourceContext;
  readonly problems: Problem[];
  readonly mounts: MountRequest[];
  readonly spec: Partial<Writable<Omit<ContainerSpec, ListKeys | "engine" | "mounts">>>;
  readonly lists: { [K in ListKeys]?: Item<K>[] };
  /** Set where the values were observed rather than declared. */
  readonly observedFrom?: string | undefined;
  /** Containers whose volumes this one mounts as well. */
  readonly volumesFrom: { readonly name: string; readonly readOnly: boolean; readonly at: Position }[];
}

/** An empty draft. */
export function newDraft(engine: Engine, context: SourceContext, observedFrom?: string): Draft {
  return { engine, context, problems: [], mounts: [], spec: {}, lists: {}, volumesFrom: [], observedFrom };
}

/** The spec that a draft amounts to. */
export function finishDraft(draft: Draft): ContainerSpec {
  return { engine: draft.engine, ...draft.spec, ...draft.lists, mounts: draft.mounts };
}

/** A value with its place. */
export function said<T>(draft: Draft, value: T, at: Position): Said<T> {
  const position = { source: at.source, offset: at.offset };
  return draft.observedFrom === undefined
    ? { value, at: position }
    : { value, at: position, observedFrom: draft.observedFrom };
}

/** The text of a piece with its place. */
export function saidPiece(draft: Draft, piece: Piece): Said<string> {
  return said(draft, piece.value, positionIn(piece));
}

/** Adds to one of the lists of the spec. */
export function append<K extends ListKeys>(draft: Draft, key: K, item: Item<K>): void {
  const list: Item<K>[] = draft.lists[key] ?? [];
  list.push(item);
  (draft.lists as Record<K, Item<K>[]>)[key] = list;
}

/** Records `expected what, found value` at the piece. */
export function wrongValue(draft: Draft, what: string, piece: Piece, path?: string, hint?: string): void {
  draft.problems.push({
    code: "wrong-value",
    message: expected(what, piece.value),
    at: positionIn(piece),
    path,
    hint,
  });
}

/** Records something that is doubtful but changes no verdict. */
export function warn(draft: Draft, code: ProblemCode, message: string, at: Position, path?: string): void {
  draft.problems.push({ code, message, at, path, severity: "warning" });
}

const trueWords = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const falseWords = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** Go's strconv.ParseBool; undefined for anything else. */
export function parseBool(text: string): boolean | undefined {
  return trueWords.has(text) ? true : falseWords.has(text) ? false : undefined;
}
