import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Node } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import { locate } from "../base/location.ts";
import type { Problem } from "../base/problems.ts";
import { problemLocation } from "../base/problems.ts";
import type { Assessment, ReportedProblem, Subject, Summary } from "../engine/assessment.ts";
import { askTechnique } from "../engine/ask.ts";
import type { Boundary } from "../boundary/boundary.ts";
import { blastRadius } from "../engine/blast-radius/blast-radius.ts";
import { plain, reportPath, reportSubject } from "../engine/report.ts";
import { complete } from "../sources/defaults/complete.ts";
import type { SourceContext, SourceResult, SubjectSpec } from "../sources/types.ts";
import { walkFolder } from "../observe/walk.ts";
import { documentsBeside } from "./beside.ts";
import type { Setting } from "./setting.ts";
import { createSetting } from "./setting.ts";
import { readText, textOf } from "./read-text.ts";
import type { ScanEvents, ScanRequest, Target } from "./request.ts";
import { sourceContext } from "./source-context.ts";
import type { Origin } from "./sources.ts";
import { readSubjects } from "./sources.ts";
import { version } from "./version.ts";

/** A scan under way: what was found so far. */
interface Progress {
  readonly setting: Setting;
  readonly request: ScanRequest;
  readonly events: ScanEvents;
  readonly subjects: Subject[];
  readonly errors: ReportedProblem[];
  readonly warnings: ReportedProblem[];
  count: number;
  short: number;
  open: number;
  done: number;
  total: number | undefined;
}

/**
 * Assesses everything that the targets hold. Inputs that cannot be read or understood become `errors`; the rest is
 * still assessed. With `events.keep` false the assessment that is returned holds no subjects and no problems.
 *
 * @throws UsageProblem for a host, an assumption or a knowledge folder that does not exist or cannot be understood.
 */
export async function scan(request: ScanRequest, events: ScanEvents): Promise<Assessment> {
  const started = performance.now();
  const setting = await createSetting(request);
  const progress: Progress = { setting, request, events, subjects: [], errors: [], warnings: [], count: 0, short: 0, open: 0, done: 0, total: undefined };
  for (const target of request.targets) await scanTarget(target, progress);
  return assessment(progress, performance.now() - started);
}

async function scanTarget(target: Target, progress: Progress): Promise<void> {
  if (target.kind === "command") return scanCommand(target.argv, progress);
  if (target.kind === "stdin") return scanStdin(progress);
  if (isFolder(target.path)) return scanFolder(target.path, progress);
  const read = readText(target.path);
  if ("problem" in read) return report(read.problem, target.path, progress);
  await scanText(read.source, "named", projectRoot(target.path), [], target.path, progress);
}

/** Compose files reach one folder up now and then (`extends: ../common.yaml`): that far a named file may look. */
function projectRoot(path: string): string {
  return dirname(dirname(`${process.cwd()}/${path}`.replace(/^.*\/\//, "/")));
}

function isFolder(path: string): boolean {
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

async function scanStdin(progress: Progress): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const read = textOf(Buffer.concat(chunks), "-");
  if ("problem" in read) report(read.problem, "-", progress);
  else await scanText(read.source, "named", process.cwd(), [], "-", progress);
}

async function scanFolder(root: string, progress: Progress): Promise<void> {
  const files: string[] = [];
  for (const found of walkFolder(root)) {
    if (typeof found === "string") files.push(found);
    else report(found, root, progress);
  }
  progress.total = files.length;
  const beside = besideOf(files);
  for (const file of files) {
    const read = readText(file);
    if ("problem" in read) {
      if (read.problem.code !== "not-text") report(read.problem, file, progress);
    } else await scanText(read.source, "found", root, beside, file, progress);
    progress.done++;
    progress.events.onProgress?.(progress.done, progress.total, progress.short);
  }
}

function besideOf(files: readonly string[]): readonly Node[] {
  return files.flatMap((file) => {
    const read = readText(file);
    return "source" in read ? documentsBeside(read.source) : [];
  });
}

async function scanText(source: SourceText, origin: Origin, root: string, beside: readonly Node[], target: string, progress: Progress): Promise<void> {
  if (origin === "found" && isOverride(source.file)) return;
  const context = sourceContext(source.file, root, origin, given(progress));
  // The same array for every file: sources index it once, by identity; their own documents among it do no harm.
  finish(await readSubjects(source, origin, context, beside), target, progress);
}

/** Compose merges an override file into its main file: alone it is no subject of a folder. */
function isOverride(file: string): boolean {
  return /^(docker-)?compose\.override\.ya?ml$/.test(basename(file));
}

function given({ request }: Progress): Pick<SourceContext, "environment" | "profiles"> {
  return { environment: environment(), profiles: request.profiles };
}

let environmentMap: ReadonlyMap<string, string> | undefined;

function environment(): SourceContext["environment"] {
  environmentMap ??= new Map(Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
  return environmentMap;
}

function finish(result: SourceResult, target: string, progress: Progress): void {
  for (const problem of result.problems) report(problem, target, progress);
  for (const subject of result.subjects) assessSubject(subject, target, progress);
}

function assessSubject(found: SubjectSpec, target: string, progress: Progress): void {
  const { setting, request, events } = progress;
  const host = setting.host;
  const boundary = found.boundary ? found.boundary(host, setting.filters) : found.spec ? complete(found.spec, setting.completion) : undefined;
  if (!boundary) return;
  const file = found.at?.source.file ?? target;
  const identity = { id: setting.idOf(file, found.name), name: found.name, kind: found.kind, location: found.at ? locate(found.at) : null, image: found.image };
  const reported = reportSubject(identity, boundary, setting.judge(boundary), blastRadius(boundary, setting.prepared.hostPaths), { order: request.order, boundary: request.boundary, proofs: request.proofs ?? "all" });
  const subject = withAsked(reported, boundary, progress);
  progress.count++;
  const margin = subject.margin[request.judge];
  if (margin !== null && margin < request.failOn) progress.short++;
  if (margin === 0) progress.open++;
  if (events.keep) progress.subjects.push(subject);
  events.onSubject?.(subject);
}

/** The technique that was asked for, where the subject's paths do not hold it: then its proof says why it is closed. */
function withAsked(subject: Subject, boundary: Boundary, { request, setting }: Progress): Subject {
  const id = request.explain;
  if (id === undefined || subject.paths.some((path) => path.cve === id || path.steps.some(({ technique }) => technique === id))) return subject;
  const asked = askTechnique(setting.prepared, boundary, setting.filters.filters, id);
  return asked ? { ...subject, asked: [reportPath(asked, boundary, true)] } : subject;
}

function report(problem: Problem, target: string, progress: Progress): void {
  const severity = problem.severity ?? "error";
  const hint = problem.hint === undefined ? "" : ` (${problem.hint})`;
  const path = problem.path === undefined || problem.path === "" ? "" : `${problem.path}: `;
  const reported: ReportedProblem = { target: problem.file ?? target, location: problemLocation(problem), message: `${path}${problem.message}${hint}` };
  if (progress.events.keep || severity === "error") (severity === "error" ? progress.errors : progress.warnings).push(reported);
  progress.events.onProblem?.(reported, severity);
}

function assessment(progress: Progress, elapsed: number): Assessment {
  const { setting, request } = progress;
  const { techniques } = setting.prepared.knowledge;
  const vulnerabilities = setting.prepared.vulnerabilities.length;
  const summary: Summary = { subjects: progress.count, short: progress.short, open: progress.open, failOn: request.failOn, judge: request.judge, durationMs: Math.round(elapsed) };
  return {
    schema: "holdfast.assessment/1",
    tool: { name: "holdfast", version },
    knowledge: { version: setting.prepared.knowledge.version, techniques: techniques.length - vulnerabilities, vulnerabilities },
    host: { source: setting.host.source, facts: plain(setting.host) as Record<string, unknown>, notJudged: setting.host.assumedPatched ? vulnerabilities : 0 },
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
