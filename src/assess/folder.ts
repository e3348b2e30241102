import type { Node } from "../base/document.ts";
import { walkFolder } from "../observe/walk.ts";
import { documentsBeside } from "./beside.ts";
import type { Progress } from "./progress.ts";
import { report } from "./progress.ts";
import { readText } from "./read-text.ts";
import { scanText } from "./texts.ts";

/** Assesses every file of a folder that looks like one of ours. */
export async function scanFolder(root: string, progress: Progress): Promise<void> {
  const files: string[] = [];
  for (const found of walkFolder(root)) {
    if (typeof found === "string") files.push(found);
    else report(found, root, progress);
  }
  progress.total = files.length;
  await scanFiles(files, root, files.flatMap(besideOf), progress);
}

async function scanFiles(
  files: readonly string[],
  root: string,
  beside: readonly Node[],
  progress: Progress,
): Promise<void> {
  for (const file of files) {
    const read = readText(file);
    if ("problem" in read) {
      if (read.problem.code !== "not-text") report(read.problem, file, progress);
    } else await scanText(read.source, "found", root, beside, file, progress);
    progress.done++;
    progress.events.onProgress?.(progress.done, progress.total, progress.short);
  }
}

function besideOf(file: string): readonly Node[] {
  const read = readText(file);
  return "source" in read ? documentsBeside(read.source) : [];
}
