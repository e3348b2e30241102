import { fileURLToPath } from "node:url";
import { toData } from "../../src/base/document.ts";
import type { Node } from "../../src/base/document.ts";
import { loadFolder } from "../../src/knowledge/load-folder.ts";
import type { SchemaProblem } from "../../src/knowledge/engine-defaults-schema.ts";
import { checkTechnique } from "../../src/knowledge/technique-schema.ts";
import type { Technique } from "../../src/knowledge/types.ts";

const root = fileURLToPath(new URL("../../knowledge/", import.meta.url));

/** One file of knowledge/techniques or knowledge/vulnerabilities. */
export interface TechniqueFile {
  readonly path: string;
  readonly name: string;
  readonly document: Node;
  readonly technique: Technique | undefined;
  readonly problems: readonly SchemaProblem[];
}

function read(folder: string): readonly TechniqueFile[] {
  return loadFolder(`${root}${folder}`).files.map(({ file, name, document }) => {
    const { value, problems } = checkTechnique(toData(document), name);
    return { path: file.slice(root.length), name, document, technique: value, problems };
  });
}

export const techniqueFiles = read("techniques");
export const vulnerabilityFiles = read("vulnerabilities");

/** Every technique and vulnerability of the tree that is valid. */
export const allTechniques: readonly Technique[] = [...techniqueFiles, ...vulnerabilityFiles].flatMap(
  ({ technique }) => (technique ? [technique] : []),
);
