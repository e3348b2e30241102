import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Node } from "../base/document.ts";
import { stopwatch } from "../base/elapsed.ts";
import type { Assessment, Summary } from "../engine/assessment.ts";
import { plain } from "../engine/report.ts";
import { parseText } from "./parse.ts";
import type { Progress } from "./progress.ts";
import { finish, report, startProgress } from "./progress.ts";
import { readText, textOf } from "./read-text.ts";
import type { ScanEvents, ScanRequest, Target } from "./request.ts";
import { createSetting } from "./setting.ts";
import { sourceContext } from "./source-context.ts";
import { given, scanText } from "./texts.ts";
import { version } from "./version.ts";

/**
 * Assesses everything that the targets hold. Inputs that cannot be read or understood become `errors`; the rest is
 * still assessed. With `events.keep` false the assessment that is returned holds no subjects and no problems.
 *
 * @throws UsageProblem for a host, an assumption or a knowledge folder that does not exist or cannot be understood.
 */
export async function scan(request: ScanRequest, events: ScanEvents): Promise<Assessment> {
  const elapsed = stopwatch();
  const setting = await createSetting(request);
  const progress = startProgress(setting, request, events);
  for (const target of request.targets) await scanTarget(target, progress);
  return assessment(progress, elapsed());
}

async function scanTarget(target: Target, progress: Progress): Promise<void> {
  if (target.kind === "command") return scanCommand(target.argv, progress);
  if (target.kind === "stdin") return scanStdin(progress);
  if (target.kind === "compose") return scanComposeFiles(target.paths, progress);
  if (isFolder(target.path)) return (await import("./folder.ts")).scanFolder(target.path, progress);
  const read = readText(target.path);
  if ("problem" in read) report(read.problem, target.path, progress);
  else await scanText(read.source, "named", projectRoot(target.path), [], target.path, progress);
}

/** Compose files reach one folder up now and then (`extends: ../common.yaml`): that far a named file may look. */
function projectRoot(path: string): string {
  return dirname(dirname(resolve(path)));
}

/** Whether a path names a folder that can be looked into. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function scanCommand(argv: readonly string[], progress: Progress): Promise<void> {
  const { readArguments } = await import("../sources/command-line/command-line.ts");
  const context = sourceContext("command line", process.cwd(), "named", given(progress));
  finish(readArguments(argv, context), "command line", progress);
}

/** Several Compose files that are one project, merged in order as `docker compose -f A -f B` does. */
async function scanComposeFiles(paths: readonly string[], progress: Progress): Promise<void> {
  const [first = ""] = paths;
  const { mergeComposeFiles } = await import("../sources/compose/compose.ts");
  const inputs: { readonly file: string; readonly documents: readonly Node[] }[] = [];
  for (const path of paths) {
    const read = readText(path);
    if ("problem" in read) {
      report(read.problem, path, progress);
      continue;
    }
    const { documents, problems } = await parseText(read.source);
    for (const problem of problems) report(problem, path, progress);
    inputs.push({ file: path, documents });
  }
  const context = sourceContext(first, projectRoot(first), "named", given(progress));
  if (inputs.length === paths.length) finish(mergeComposeFiles(inputs, context), first, progress);
}

async function scanStdin(progress: Progress): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const read = textOf(Buffer.concat(chunks), "-");
  if ("problem" in read) report(read.problem, "-", progress);
  else await scanText(read.source, "named", process.cwd(), [], "-", progress);
}

function assessment(progress: Progress, elapsed: number): Assessment {
  const { setting, request } = progress;
  const { techniques } = setting.prepared.knowledge;
  const vulnerabilities = setting.prepared.vulnerabilities.length;
  const summary: Summary = {
    subjects: progress.count,
    short: progress.short,
    open: progress.open,
    failOn: request.failOn,
    judge: request.judge,
    durationMs: Math.round(elapsed),
  };
  return {
    schema: "holdfast.assessment/1",
    tool: { name: "holdfast", version },
    knowledge: {
      version: setting.prepared.knowledge.version,
      techniques: techniques.length - vulnerabilities,
      vulnerabilities,
    },
    host: {
      source: setting.host.source,
      facts: plain(setting.host) as Record<string, unknown>,
      notJudged: setting.host.assumedPatched ? vulnerabilities : 0,
    },
    model: {
      image: request.assume.get("image") === "untrusted" ? "untrusted" : "trusted",
      operator: request.assume.get("operator") === "any" ? "any" : "shown",
      goals: request.goals,
      order: request.order,
      assumptions: Object.fromEntries(request.assume),
    },
    subjects: progress.subjects,
    errors: progress.errors,
    warnings: progress.warnings,
    summary,
  };
}
