import { posix } from "node:path";
import type { MapNode, Node } from "../../../base/document.ts";
import { asString, isNull } from "../../../base/document.ts";
import type { Position, SourceText } from "../../../base/location.ts";
import { parseYaml } from "../../../base/parse-yaml.ts";
import type { Problem } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import type { SourceContext } from "../../types.ts";
import type { Lookup } from "./template.ts";

/** One file of a project: `path` is relative to the folder of the project's first file, or absolute. */
export interface ComposeFile {
  readonly path: string;
  readonly documents: readonly Node[];
}

/** A project while it is being loaded. */
export interface Loading {
  readonly context: SourceContext;
  readonly problems: Problem[];
  readonly files: Map<string, ComposeFile | undefined>;
  /** Models of included files, not yet relocated. */
  readonly included: Map<string, MapNode>;
}

/** Where relative paths are taken from and what variables mean: the project itself, or one `include` of it. */
export interface Scope {
  /** Relative to the folder of the project's first file; empty for that folder. */
  readonly folder: string;
  readonly lookup: Lookup;
  /** Tells scopes with other variables apart. */
  readonly environmentKey: string;
  /** The files on the way here, against cycles. */
  readonly trail: readonly string[];
}

/** Loads and merges files in order; handed down, since an included file is loaded the same way. */
export type LoadModel = (
  files: readonly ComposeFile[],
  scope: Scope,
  loading: Loading,
) => MapNode | undefined;

/** More files than this belong to no project; include and extends could otherwise be made to read for ever. */
const maxFiles = 500;

/** A path that a file of this scope names, as the context wants it. */
export function resolveIn(scope: Scope, path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join(scope.folder, path);
}

/** Long enough that no `..` of an input climbs beyond it. */
const anywhere = "/_".repeat(256);

/** The way from a scope's folder to another; absolute when only one of them is. */
export function wayTo(scope: Scope, folder: string): string {
  if (posix.isAbsolute(folder) !== posix.isAbsolute(scope.folder)) return folder;
  const root = posix.isAbsolute(folder) ? "" : `${anywhere}/`;
  return posix.relative(root + scope.folder, root + folder);
}

/** Reads and parses a file that the input names; undefined, with a problem at `at`, when that cannot be done. */
export function openFile(
  path: string,
  at: Position,
  field: string,
  loading: Loading,
): ComposeFile | undefined {
  if (loading.files.has(path)) return loading.files.get(path);
  if (loading.files.size >= maxFiles) {
    loading.problems.push({
      code: "internal-limit",
      message: `expected at most ${String(maxFiles)} files in a project, found more`,
      at,
      path: field,
    });
    return undefined;
  }
  const source = loading.context.readText(path);
  const file = source === undefined ? undefined : parseFile(path, source, loading);
  if (source === undefined)
    missing("a readable Compose file within the project", path, at, field, loading.problems);
  loading.files.set(path, file);
  return file;
}

function parseFile(path: string, source: SourceText, loading: Loading): ComposeFile {
  const { documents, problems } = parseYaml(source);
  loading.problems.push(...problems);
  return { path, documents: documents.filter((document) => document !== null) };
}

/** Records that something which the input refers to is not there. */
export function missing(
  what: string,
  found: unknown,
  at: Position,
  path: string,
  problems: Problem[],
  severity?: "warning",
): void {
  problems.push({
    code: "missing-reference",
    message: expected(what, found),
    at,
    path,
    ...(severity && { severity }),
  });
}

/** The texts of a value that may be one text or a list of them, each with its node; anything else is a problem. */
export function textsOf(
  node: Node | undefined,
  path: string,
  problems: Problem[],
): readonly { readonly text: string; readonly node: Node }[] {
  if (node === undefined || isNull(node)) return [];
  const list = node.kind === "seq" ? node.items : [node];
  return list.flatMap((item, index) => {
    const text = asString(item);
    if (text !== undefined) return [{ text, node: item }];
    const where = node.kind === "seq" ? `${path}[${String(index)}]` : path;
    problems.push({
      code: "wrong-type",
      message: expected("a text", item.kind === "scalar" ? item.value : item.kind === "map" ? {} : []),
      at: item,
      path: where,
    });
    return [];
  });
}
