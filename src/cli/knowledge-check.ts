import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { usageProblem } from "../assess/request.ts";
import { formatProblem } from "../base/problems.ts";
import { quote } from "../base/text.ts";
import { prepare } from "../engine/prepare.ts";
import { compileKnowledge } from "../knowledge/compile.ts";
import { loadTechniques } from "../knowledge/load-techniques.ts";
import { shippedKnowledge } from "../knowledge/store.ts";
import { reviewTechniques } from "./knowledge-review.ts";

export interface KnowledgeCheck {
  readonly techniques: number;
  /** `file:line:column: field: expected X, found Y`, one line each. */
  readonly problems: readonly string[];
}

/**
 * Validates the technique files of a folder: their schema, ids, ranges, references, and whether each condition names things
 * that exist; a folder laid out as knowledge/ of the repository is validated as a whole. No folder: what is shipped, of which
 * it is only asked whether the engine can read it, for the build has validated it.
 */
export function checkKnowledge(folder: string | undefined): KnowledgeCheck {
  if (folder === undefined) {
    const knowledge = shippedKnowledge();
    prepare(knowledge);
    return { techniques: knowledge.techniques.length, problems: [] };
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw usageProblem(`expected DIR to be a folder, found ${quote(folder)}`);
  const whole = existsSync(join(folder, "techniques"));
  const folders = whole ? [join(folder, "techniques"), join(folder, "vulnerabilities")] : [folder];
  const loaded = folders.map(loadTechniques);
  const count = loaded.reduce((sum, { techniques }) => sum + techniques.length, 0);
  const found = [
    ...(whole
      ? compileKnowledge(folder).problems
      : loaded.flatMap(({ problems }) => problems.map(formatProblem))),
    ...reviewTechniques(folders, whole ? syscallNames(folder) : undefined).map(formatProblem),
  ];
  return {
    techniques: count,
    problems:
      count === 0 && found.length === 0
        ? [`${folder}: expected technique files (*.yaml), found none`]
        : found,
  };
}

/** The names of knowledge/syscalls; undefined where the folder has none. */
function syscallNames(folder: string): readonly string[] | undefined {
  const tables = join(folder, "syscalls");
  if (!existsSync(tables)) return undefined;
  return readdirSync(tables)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const { numbers } = JSON.parse(readFileSync(join(tables, name), "utf8")) as {
        readonly numbers: Readonly<Record<string, number>>;
      };
      return Object.keys(numbers);
    });
}
