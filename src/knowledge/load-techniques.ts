import { toData } from "../base/document.ts";
import type { Problem } from "../base/problems.ts";
import { loadFolder } from "./load-folder.ts";
import type { Technique } from "./types.ts";

export function loadTechniques(folder: string): { techniques: readonly Technique[]; problems: readonly Problem[] } {
  const { files, problems } = loadFolder(folder);
  return { techniques: files.map(({ document }) => toData(document) as Technique), problems };
}
