import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join, relative, sep } from "node:path";
import ignore from "ignore";
import type { Ignore } from "ignore";
import type { Problem } from "../base/problems.ts";

/** Folders that hold no configuration of the project's own. */
const passedOver = new Set([".git", "node_modules"]);

/** A folder still to be read, with the rules that hold in it: each .gitignore speaks for its own folder and below. */
interface Folder {
  readonly path: string;
  readonly rules: readonly Rules[];
}
interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

/**
 * The YAML and JSON files below a folder, each under its path as `root` was given, in an order that depends on names only: a
 * folder's files, then its folders. What cannot be read is a Problem among them, and the walk goes on.
 *
 * The .gitignore files of `root` and below are honoured as gitignore(5) says; those above are not: who names a folder
 * wants it read. Links to folders are not followed, so no loop can arise; links to files are, while they stay within `root`.
 */
export function* walkFolder(root: string): Generator<string | Problem> {
  const realRoot = realpathOr(root);
  const stack: Folder[] = [{ path: root, rules: [] }];
  for (let folder = stack.pop(); folder; folder = stack.pop()) {
    const entries = readFolder(folder.path);
    if ("code" in entries) {
      yield entries;
      continue;
    }
    const rules = [...folder.rules, ...ownRules(folder.path, entries)];
    const below: Folder[] = [];
    for (const entry of entries) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory()) {
        if (!passedOver.has(entry.name) && !isIgnored(path, true, rules)) below.push({ path, rules });
      } else if (isCandidate(entry, path, realRoot) && !isIgnored(path, false, rules)) yield path;
    }
    stack.push(...below.reverse());
  }
}

function readFolder(path: string): readonly Dirent[] | Problem {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return {
      code: "unreadable",
      message: `expected a readable folder, found ${reasonOf(error)}`,
      file: path,
    };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
  const words: Record<string, string> = {
    EACCES: "no permission to read it",
    ENOENT: "no such folder",
    ENOTDIR: "a file",
    ENAMETOOLONG: "a path that is too long",
  };
  return words[code] ?? code;
}

function isCandidate(entry: Dirent, path: string, realRoot: string): boolean {
  if (!/\.(ya?ml|json)$/i.test(entry.name)) return false;
  return entry.isFile() || (entry.isSymbolicLink() && leadsToFileWithin(path, realRoot));
}

function leadsToFileWithin(link: string, realRoot: string): boolean {
  try {
    const target = realpathSync(link);
    const way = relative(realRoot, target);
    return way !== ".." && !way.startsWith(`..${sep}`) && statSync(target).isFile();
  } catch {
    // A link that leads nowhere, or in a circle, names no file.
    return false;
  }
}

function ownRules(folder: string, entries: readonly Dirent[]): readonly Rules[] {
  if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return [];
  try {
    return [
      {
        folder,
        matcher: ignore({ ignorecase: false }).add(readFileSync(join(folder, ".gitignore"), "utf8")),
      },
    ];
  } catch {
    // Unreadable rules leave nothing out: reading too much is the safe side.
    return [];
  }
}

/** The nearest .gitignore that says anything of a path decides. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (const { folder, matcher } of rules.toReversed()) {
    const answer = matcher.test(`${relative(folder, path)}${isFolder ? "/" : ""}`);
    if (answer.ignored) return true;
    if (answer.unignored) return false;
  }
  return false;
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
