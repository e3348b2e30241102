import { locate } from "../base/location.ts";
import type { Problem } from "../base/problems.ts";
import { problemLocation } from "../base/problems.ts";
import type { Boundary } from "../boundary/boundary.ts";
import { askTechnique } from "../engine/ask.ts";
import type { ReportedProblem, Subject } from "../engine/assessment.ts";
import { blastRadius } from "../engine/blast-radius/blast-radius.ts";
import type { SubjectIdentity } from "../engine/report.ts";
import { reportPath, reportSubject } from "../engine/report.ts";
import { complete } from "../sources/defaults/complete.ts";
import type { SourceResult, SubjectSpec } from "../sources/types.ts";
import type { ScanEvents, ScanRequest } from "./request.ts";
import type { Setting } from "./setting.ts";

/** A scan under way: what was found so far. */
export interface Progress {
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

/** A scan that has found nothing yet. */
export function startProgress(setting: Setting, request: ScanRequest, events: ScanEvents): Progress {
  return {
    setting,
    request,
    events,
    subjects: [],
    errors: [],
    warnings: [],
    count: 0,
    short: 0,
    open: 0,
    done: 0,
    total: undefined,
  };
}

/** Takes what a source read: problems are told, subjects assessed. */
export function finish(result: SourceResult, target: string, progress: Progress): void {
  for (const problem of result.problems) report(problem, target, progress);
  for (const subject of result.subjects) assessSubject(subject, target, progress);
}

function assessSubject(found: SubjectSpec, target: string, progress: Progress): void {
  const { setting, request, events } = progress;
  const boundary = boundaryOf(found, setting);
  if (!boundary) return;
  const identity = identityOf(found, target, setting);
  if (events.onBoundary) {
    events.onBoundary({ id: identity.id, name: identity.name, boundary });
    return;
  }
  const blast = blastRadius(boundary, setting.prepared.hostPaths);
  const reported = reportSubject(identity, boundary, setting.judge(boundary), blast, {
    order: request.order,
    boundary: request.boundary,
    proofs: request.proofs ?? "all",
  });
  const subject = withAsked(reported, boundary, progress);
  progress.count++;
  const margin = subject.margin[request.judge];
  if (margin !== null && margin < request.failOn) progress.short++;
  if (margin === 0) progress.open++;
  if (events.keep) progress.subjects.push(subject);
  events.onSubject?.(subject);
}

function boundaryOf(
  { boundary, spec }: SubjectSpec,
  { host, filters, completion }: Setting,
): Boundary | undefined {
  if (boundary) return boundary(host, filters);
  return spec ? complete(spec, completion) : undefined;
}

function identityOf(
  { at, name, kind, image }: SubjectSpec,
  target: string,
  { idOf }: Setting,
): SubjectIdentity {
  return { id: idOf(at?.source.file ?? target, name), name, kind, location: at ? locate(at) : null, image };
}

/** The technique that was asked for, where the subject's paths do not hold it: then its proof says why it is closed. */
function withAsked(subject: Subject, boundary: Boundary, { request, setting }: Progress): Subject {
  const id = request.explain;
  if (
    id === undefined ||
    subject.paths.some((path) => path.cve === id || path.steps.some(({ technique }) => technique === id))
  )
    return subject;
  const asked = askTechnique(setting.prepared, boundary, setting.filters.filters, id);
  return asked ? { ...subject, asked: [reportPath(asked, boundary)] } : subject;
}

/** Tells a problem, under the name of the target where it names no file itself. */
export function report(problem: Problem, target: string, progress: Progress): void {
  const severity = problem.severity ?? "error";
  const hint = problem.hint === undefined ? "" : ` (${problem.hint})`;
  const path = problem.path === undefined || problem.path === "" ? "" : `${problem.path}: `;
  const reported: ReportedProblem = {
    target: problem.file ?? target,
    location: problemLocation(problem),
    message: `${path}${problem.message}${hint}`,
  };
  tell(reported, severity, progress);
}

/** Tells a problem that is already in the form reports have. */
export function tell(problem: ReportedProblem, severity: "error" | "warning", progress: Progress): void {
  if (progress.events.keep || severity === "error")
    (severity === "error" ? progress.errors : progress.warnings).push(problem);
  progress.events.onProblem?.(problem, severity);
}
