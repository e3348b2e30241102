import type { ScanEvents, ScanRequest } from "../assess/request.ts";
import type { Assessment, ReportedProblem, Subject } from "../engine/assessment.ts";
import type { Reporter, RenderOptions } from "../reporters/types.ts";
import { reporters } from "../reporters/registry.ts";
import type { OutputOptions } from "./options.ts";
import type { Output } from "./outputs.ts";
import { mayBeTerminal } from "./standard-output.ts";
import { noProgress, progressOn } from "./progress.ts";
import type { Sink } from "./sink.ts";
import { openSink } from "./sink.ts";
import { renderOptions } from "./terminal.ts";

/** A report under way. */
interface Report {
  readonly reporter: Reporter;
  readonly sink: Sink;
  readonly options: RenderOptions;
}

/** How a run ended, as far as the exit status asks. */
export interface Outcome {
  readonly errors: number;
  readonly short: number;
}

/**
 * Assesses and reports: reporters that stream write while the work goes on, the others at its end. Nothing is kept that no
 * reporter needs: when all stream, memory stays flat.
 */
export async function assessAndReport(
  request: ScanRequest,
  outputs: readonly Output[],
  options: OutputOptions,
): Promise<Outcome> {
  const reports = await Promise.all(outputs.map((output) => openReport(output, options, commandOf(request))));
  const streaming = reports.flatMap(({ reporter, sink }) =>
    reporter.stream ? [{ stream: reporter.stream, sink }] : [],
  );
  const keep = keeperOf(reports.flatMap(({ reporter }) => (reporter.stream ? [] : [reporter])));
  const kept = {
    subjects: [] as Subject[],
    errors: [] as ReportedProblem[],
    warnings: [] as ReportedProblem[],
  };
  const proofs =
    options.verbose === true || reports.some(({ reporter }) => reporter.showsClosedProofs === true)
      ? "all"
      : "open";
  const vulnerabilities = reports.some(({ reporter }) => reporter.needsVulnerabilities === true);
  const { assessment } = await assess({ ...request, proofs, vulnerabilities }, options, {
    keep: false,
    onSubject: (subject) => {
      if (keep) kept.subjects.push(keep(subject));
      for (const { stream, sink } of streaming) sink.write(stream.subject(subject));
    },
    onProblem: (problem, severity) => {
      if (keep || severity === "error") kept[severity === "error" ? "errors" : "warnings"].push(problem);
      for (const { stream, sink } of streaming) sink.write(stream.problem(problem, severity));
    },
  });
  const whole: Assessment = { ...assessment, ...kept };
  for (const { reporter, sink, options: render } of reports) {
    sink.write(reporter.stream ? reporter.stream.end(assessment) : reporter.render(whole, render));
    sink.end();
  }
  await tellErrors(kept.errors, outputs, options);
  return { errors: kept.errors.length, short: assessment.summary.short };
}

/** What is kept of each subject for the reporters that write at the end; undefined when there are none. */
function keeperOf(reporters: readonly Reporter[]): ((subject: Subject) => Subject) | undefined {
  const [first, ...others] = reporters;
  if (!first) return undefined;
  return (others.length === 0 ? first.digester?.() : undefined) ?? ((subject) => subject);
}

async function openReport(
  { format, file }: Output,
  options: OutputOptions,
  command: readonly string[],
): Promise<Report> {
  return {
    reporter: await reporters[format](),
    sink: openSink(file),
    options: renderOptions(options, file !== undefined, command),
  };
}

/** The words after `--`, for reports that show one of them. */
export function commandOf({ targets }: ScanRequest): readonly string[] {
  return targets.flatMap((target) => (target.kind === "command" ? target.argv : []));
}

type Events = Pick<ScanEvents, "keep" | "onSubject" | "onProblem">;

/** Runs the pipeline with a progress line, where standard error is a terminal. */
export async function assess(
  request: ScanRequest,
  options: OutputOptions,
  events: Events,
): Promise<{ readonly assessment: Assessment }> {
  const { isFolder, scan } = await import("../assess.ts");
  if (request.targets.some((target) => target.kind === "path" && isFolder(target.path)))
    (await import("./memory.ts")).keepHeapSmall();
  const wanted = options.progress && options.quiet !== true && mayBeTerminal(2);
  const progress = wanted ? progressOn(process.stderr) : noProgress;
  try {
    return { assessment: await scan(request, { ...events, onProgress: progress.update }) };
  } finally {
    progress.clear();
  }
}

const mostErrors = 10;

/** Errors stand in every report; where no text report shows them, the person at the terminal is told as well. */
async function tellErrors(
  errors: readonly ReportedProblem[],
  outputs: readonly Output[],
  options: OutputOptions,
): Promise<void> {
  if (
    errors.length === 0 ||
    options.quiet === true ||
    outputs.some(({ format, file }) => format === "text" && file === undefined)
  )
    return;
  const { problemWords } = await import("../reporters/text/tail.ts");
  const more = errors.length - mostErrors;
  const lines = [
    ...errors.slice(0, mostErrors).map(problemWords),
    ...(more > 0 ? [`and ${String(more)} more errors`] : []),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
}
