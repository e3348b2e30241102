import { walkFolder } from "../observe/walk.ts";
import type { Node } from "../base/document.ts";
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
  const read = createReader();
  const beside: Node[] = [];
  for (const file of files) {
    const result = read(file);
    if ("source" in result) beside.push(...(await documentsBeside(result.source)));
  }
  for (const file of files) {
    const result = read(file);
    if ("source" in result) await scanText(result.source, "found", root, beside, file, progress);
    else if (result.problem.code !== "not-text") report(result.problem, file, progress);
    progress.done++;
    progress.events.onProgress?.(progress.done, progress.total, progress.short);
  }
}

/** Texts that are kept between the two readings of a folder, in UTF-16 units; the rest is read twice. */
const kept = 16 * 1024 * 1024;

/** Reads each file, and remembers what fits for the second time it is asked for. */
function createReader(): (file: string) => ReturnType<typeof readText> {
  const known = new Map<string, ReturnType<typeof readText>>();
  let room = kept;
  return (file) => {
    const before = known.get(file);
    if (before) {
      known.delete(file);
      return before;
    }
    const result = readText(file);
    const size = "source" in result ? result.source.text.length : 0;
    if (size <= room) {
      room -= size;
      known.set(file, result);
    }
    return result;
  };
}
