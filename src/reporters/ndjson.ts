import type { ReportedPath, Subject } from "../engine/assessment.ts";
import { ordered, orderedPath, orderedSubject } from "./json/order.ts";
import { safeJson } from "./json/safe.ts";
import type { Reporter } from "./types.ts";

const stream: NonNullable<Reporter["stream"]> = {
  subject: (subject) => subjectLine(subject),
  problem: (problem, severity) => line({ type: severity, ...problem }),
  end: (assessment) => line({ type: "summary", ...ordered(assessment), summary: assessment.summary }),
};

/**
 * One JSON object a line, written while the work goes on: `{"type":"subject",…}` with a subject as in `json`,
 * `{"type":"error",…}` and `{"type":"warning",…}` with target, location and message, in the order they are found; and at
 * last one `{"type":"summary",…}` with schema, tool, knowledge, host, model and summary. A stream without it is cut off.
 * Closed ways carry no steps unless `--verbose` asks for them: they are nine tenths of the volume, and `json` has them.
 */
export const ndjson: Reporter = {
  id: "ndjson",
  mediaType: "application/x-ndjson",
  render: (assessment) =>
    [
      ...assessment.subjects.map(stream.subject),
      ...assessment.errors.map((problem) => stream.problem(problem, "error")),
      ...assessment.warnings.map((problem) => stream.problem(problem, "warning")),
      stream.end(assessment),
    ].join(""),
  stream,
};

const outlines = new WeakMap<ReportedPath, string>();

/**
 * The record of a subject. A closed way without its proof is the same object for every subject that shares a judgement: it
 * is written out once, which saves most of the work in a large folder.
 */
function subjectLine(subject: Subject): string {
  const whole = line({ type: "subject", ...orderedSubject({ ...subject, paths: [] }) });
  const paths = subject.paths.map((path) => {
    if (path.steps.length > 0) return safeJson(orderedPath(path));
    const text = outlines.get(path) ?? safeJson(orderedPath(path));
    outlines.set(path, text);
    return text;
  });
  // Inside a JSON string every quote is escaped: this text can only be the key itself.
  return whole.replace('"paths":[]', () => `"paths":[${paths.join(",")}]`);
}

function line(record: Readonly<Record<string, unknown>>): string {
  return `${safeJson(record)}\n`;
}
