import type { Node } from "../base/document.ts";
import { get, toData } from "../base/document.ts";
import type { Problem } from "../base/problems.ts";
import { loadFolder } from "./load-folder.ts";
import { checkTechnique } from "./technique-schema.ts";
import type { Technique } from "./types.ts";

/**
 * The techniques and vulnerabilities of a folder of YAML files, each checked against its schema, its conditions' own
 * schemas and its file's name. A file with a problem is left out; problems name file, line and field.
 */
export function loadTechniques(folder: string): {
  techniques: readonly Technique[];
  problems: readonly Problem[];
} {
  const { files, problems } = loadFolder(folder);
  const found: Problem[] = [...problems];
  const techniques = files.flatMap(({ document, name }) => {
    const checked = checkTechnique(toData(document), name);
    for (const { path, message } of checked.problems) {
      found.push({ code: "wrong-value", message, path, at: nodeAt(document, path) });
    }
    return checked.value && checked.problems.length === 0 ? [checked.value] : [];
  });
  return { techniques, problems: found };
}

/** The node at `requires.all[0].capability`, or the closest one above it that exists. */
function nodeAt(root: Node, path: string): Node {
  let node = root;
  for (const part of path.split(/[.[\]]+/).filter((p) => p !== "")) {
    const next = node.kind === "seq" ? node.items[Number(part)] : get(node, part);
    if (!next) return node;
    node = next;
  }
  return node;
}
