import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node } from "../base/document.ts";
import { sourceText } from "../base/location.ts";
import { parseYaml } from "../base/parse-yaml.ts";
import type { Problem } from "../base/problems.ts";

/** One YAML file of a knowledge folder, parsed. */
export interface KnowledgeFile {
  /** The name problems are reported under. */
  readonly file: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly document: Node;
}

/** Every `*.yaml` below a folder, in order of name; an empty list when the folder does not exist. */
export function loadFolder(folder: string): {
  files: readonly KnowledgeFile[];
  problems: readonly Problem[];
} {
  const files: KnowledgeFile[] = [];
  const problems: Problem[] = [];
  for (const path of yamlFiles(folder)) {
    const source = sourceText(path, readFileSync(path, "utf8"));
    const parsed = parseYaml(source);
    problems.push(...parsed.problems);
    const [document] = parsed.documents;
    if (parsed.documents.length !== 1 || !document) {
      if (parsed.problems.length === 0)
        problems.push({ code: "wrong-value", message: "expected one YAML document", file: path });
    } else files.push({ file: path, name: path.replace(/^.*\//, "").replace(/\.ya?ml$/, ""), document });
  }
  return { files, problems };
}

function yamlFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}
