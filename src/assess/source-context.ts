import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { SourceText } from "../base/location.ts";
import type { SourceContext } from "../sources/types.ts";
import type { Origin } from "./sources.ts";
import { readText } from "./read-text.ts";

/**
 * How sources read what lies beside their input. Only regular files are read, and of a relative path only what stays
 * within the project: the folder that was scanned, or the folder above the named file's own (Compose files point one up).
 * `projectDirectory` is left out on purpose: where the project lies on this machine says nothing of the host that will run
 * it, and a checkout below /root must not turn `./data` into a path of root's home.
 *
 * Files outside are refused: an input must not make the tool read /etc/shadow and print a line of it in an error.
 */
export function sourceContext(
  file: string,
  root: string,
  origin: Origin,
  given: Pick<SourceContext, "environment" | "profiles">,
): SourceContext {
  const projectDirectory = dirname(resolve(file));
  return {
    ...given,
    foundInFolder: origin === "found",
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
