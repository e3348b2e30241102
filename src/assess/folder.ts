import type { Node } from "../base/document.ts";
import type { ReportedProblem, Subject } from "../engine/assessment.ts";
import { walkFolder } from "../observe/walk.ts";
import { documentsBeside } from "./beside.ts";
import type { Batch, BatchResult, Parallel, WorkerOrder } from "./parallel.ts";
import { scanInParallel, worthwhile } from "./parallel.ts";
import type { Progress } from "./progress.ts";
import { report, startProgress, tell } from "./progress.ts";
import { readText } from "./read-text.ts";
import type { ScanEvents } from "./request.ts";
import { createSetting } from "./setting.ts";
import { scanText } from "./texts.ts";

/** Assesses every file of a folder that looks like one of ours. */
export async function scanFolder(root: string, progress: Progress): Promise<void> {
  const files: string[] = [];
  for (const found of walkFolder(root)) {
    if (typeof found === "string") files.push(found);
    else report(found, root, progress);
  }
  progress.total = files.length;
  const { parallel } = progress.request;
  if (parallel && files.length >= worthwhile) return scanWithWorkers(files, root, parallel, progress);
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

async function scanWithWorkers(
  files: readonly string[],
  root: string,
  { entry, format }: Parallel,
  progress: Progress,
): Promise<void> {
  const { targets: _targets, parallel: _parallel, ...request } = progress.request;
  const beside = files.filter((file) => besideOf(file).length > 0);
  await scanInParallel(files, { role: "scan", request, root, beside, format }, entry, (result) => {
    progress.count += result.count;
    progress.short += result.short;
    progress.open += result.open;
    progress.done += result.files;
    for (const [problem, severity] of result.problems) tell(problem, severity, progress);
    progress.events.onText?.(result.text);
    progress.events.onProgress?.(progress.done, progress.total, progress.short);
  });
}

/** What a worker does with its orders: `render` is the record of a subject in the format that was asked for. */
export async function createBatchScan(
  { request, root, beside }: WorkerOrder,
  render: (subject: Subject) => string,
): Promise<(batch: Batch) => Promise<BatchResult>> {
  const setting = await createSetting(request);
  const documents = beside.flatMap(besideOf);
  return async ({ index, files }) => {
    let text = "";
    const problems: [ReportedProblem, "error" | "warning"][] = [];
    const events: ScanEvents = {
      keep: false,
      onSubject: (subject) => (text += render(subject)),
      onProblem: (problem, severity) => problems.push([problem, severity]),
    };
    const progress = startProgress(setting, { ...request, targets: [] }, events);
    await scanFiles(files, root, documents, progress);
    return {
      index,
      text,
      problems,
      count: progress.count,
      short: progress.short,
      open: progress.open,
      files: files.length,
    };
  };
}

function besideOf(file: string): readonly Node[] {
  const read = readText(file);
  return "source" in read ? documentsBeside(read.source) : [];
}
