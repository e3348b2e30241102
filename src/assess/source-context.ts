import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { SourceText } from "../base/location.ts";
import type { SourceContext } from "../sources/types.ts";
import { readText } from "./read-text.ts";

/**
 * How sources read what lies beside their input. Only regular files are read, and of a relative path only what stays
 * within the project: the folder that was scanned, or the folder above the named file's own (Compose files point one up).
 * Files outside are refused: an input must not make the tool read /etc/shadow and print a line of it in an error.
 */
export function sourceContext(file: string, root: string, environment: ReadonlyMap<string, string>, profiles: readonly string[]): SourceContext {
  const projectDirectory = dirname(resolve(file));
  return {
    environment,
    profiles,
    projectDirectory,
    readText(path): SourceText | undefined {
      const absolute = isAbsolute(path) ? path : join(projectDirectory, path);
      if (!isInside(realpathOr(absolute), realpathOr(root))) return undefined;
      const name = isAbsolute(file) ? absolute : relative(process.cwd(), absolute);
      const result = readText(absolute, name);
      return "source" in result ? result.source : undefined;
    },
  };
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}
