import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { usageProblem } from "../assess/request.ts";
import { formatProblem } from "../base/problems.ts";
import { quote } from "../base/text.ts";
import { prepare } from "../engine/prepare.ts";
import { compileKnowledge } from "../knowledge/compile.ts";
import { loadTechniques } from "../knowledge/load-techniques.ts";
import { shippedKnowledge } from "../knowledge/store.ts";

export interface KnowledgeCheck {
  readonly techniques: number;
  readonly problems: readonly string[];
}

/**
 * Validates the technique files of a folder; a folder laid out as knowledge/ of the repository is validated as a whole. No
 * folder: what is shipped, of which it is only asked whether the engine can read it, for the build has validated it.
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
  const { techniques, problems } = loadTechniques(whole ? join(folder, "techniques") : folder);
  const vulnerabilities = whole ? loadTechniques(join(folder, "vulnerabilities")).techniques.length : 0;
  const found = whole ? compileKnowledge(folder).problems : problems.map(formatProblem);
  const count = techniques.length + vulnerabilities;
  return {
    techniques: count,
    problems:
      count === 0 && found.length === 0
        ? [`${folder}: expected technique files (*.yaml), found none`]
        : found,
  };
}
