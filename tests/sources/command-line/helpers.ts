import type { Position } from "../../../src/base/location.ts";
import { locate, sourceText } from "../../../src/base/location.ts";
import { formatProblem } from "../../../src/base/problems.ts";
import { readArguments, readScript } from "../../../src/sources/command-line/command-line.ts";
import type { SourceContext, SourceResult } from "../../../src/sources/types.ts";

export function contextWith(
  files: Readonly<Record<string, string>> = {},
  projectDirectory?: string,
): SourceContext {
  return {
    readText: (path) => {
      const text = files[path];
      return text === undefined ? undefined : sourceText(path, text);
    },
    environment: new Map(),
    profiles: [],
    projectDirectory,
  };
}

export function argumentsOf(line: string, files?: Readonly<Record<string, string>>): SourceResult {
  return readArguments(line.split(" "), contextWith(files));
}

export function scriptOf(text: string, files?: Readonly<Record<string, string>>): SourceResult {
  return readScript(sourceText("run.sh", text), contextWith(files));
}

/** Replaces `{value, at}` by its value, so that a table can state what was said without where. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("value" in value && "at" in value) return plain(value.value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  );
}

export function problemsOf(result: SourceResult): readonly string[] {
  return result.problems.map((problem) => formatProblem(problem));
}

/** `line:column` of a position. */
export function place(at: Position | undefined | null): string {
  if (!at) return "nowhere";
  const { line, column } = locate(at);
  return `${String(line)}:${String(column)}`;
}

/** Every position anywhere in a result, for the property that each lies inside its text. */
export function positionsIn(value: unknown, found: Position[] = []): Position[] {
  if (typeof value !== "object" || value === null || value instanceof Map) return found;
  if ("source" in value && "offset" in value && typeof value.offset === "number") {
    found.push(value as Position);
    return found;
  }
  for (const item of Object.values(value)) positionsIn(item, found);
  return found;
}
