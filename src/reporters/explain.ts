import { plural, terminalSafe } from "../base/text.ts";
import type { Assessment, ReportedPath, Subject } from "../engine/assessment.ts";
import { barrierLines } from "./explain/barrier.ts";
import { proofLines } from "./explain/proof.ts";
import type { Sheet } from "./text/sheet.ts";
import { sheetOf } from "./text/sheet.ts";
import type { RenderOptions } from "./types.ts";
import { barrierWords } from "./words.ts";

/** What was asked for: ways by technique, by path or by CVE id; or a barrier. */
export type Question =
  { readonly kind: "way"; readonly id: string } | { readonly kind: "barrier"; readonly id: string };

/** Whether a path is one that the question means: a step's technique, the whole chain, or the vulnerability. */
export function answers(path: ReportedPath, id: string): boolean {
  const wanted = id.toLowerCase();
  return (
    path.id.toLowerCase() === wanted ||
    path.cve?.toLowerCase() === wanted ||
    path.steps.some(({ technique }) => technique.toLowerCase() === wanted)
  );
}

/** Whether a barrier stands in any way of a subject. */
export function hasBarrier({ paths, singlePoints }: Subject, id: string): boolean {
  return (
    singlePoints.includes(id) ||
    paths.some((path) => path.closedBy.includes(id) || path.barriers.includes(id))
  );
}

/**
 * The proof of one verdict, against each subject: for a way every step with its conditions as the technique's formula
 * nests them, their status and evidence; for a barrier the ways that it holds, alone or with which others.
 */
export function explain(assessment: Assessment, question: Question, options: RenderOptions): string {
  const sheet = sheetOf(assessment, options);
  const blocks = question.kind === "way" ? wayBlocks(sheet, question.id) : barrierBlocks(sheet, question.id);
  const errors = assessment.errors.length;
  const unread =
    errors === 0
      ? []
      : [[sheet.paint.open(`${plural(errors, "error")} in the input: holdfast scan lists them`)]];
  return `${[...blocks, ...unread].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The assessment with only the ways that a question means: what `explain` gives as JSON. */
export function onlyAsked(assessment: Assessment, { kind, id }: Question): Assessment {
  const wanted = (subject: Subject): readonly ReportedPath[] =>
    kind === "way"
      ? waysOf(subject, id)
      : subject.paths.filter((path) => path.closedBy.includes(id) || path.barriers.includes(id));
  return {
    ...assessment,
    subjects: assessment.subjects.map(({ asked: _, ...subject }) => ({
      ...subject,
      paths: wanted({ ...subject, asked: _ }),
    })),
  };
}

function wayBlocks(sheet: Sheet, id: string): readonly (readonly string[])[] {
  const { subjects } = sheet.assessment;
  if (subjects.length === 0) return [["nothing to explain: no container configuration was found"]];
  const blocks = subjects.flatMap((subject) => subjectBlocks(subject, sheet, id));
  const without = subjects.filter((subject) => waysOf(subject, id).length === 0);
  return [...blocks, ...(without.length === 0 ? [] : [noWayLines(without, sheet, id)])];
}

function waysOf({ paths, asked }: Subject, id: string): readonly ReportedPath[] {
  return [...paths, ...(asked ?? [])].filter((path) => answers(path, id));
}

function subjectBlocks(subject: Subject, sheet: Sheet, id: string): readonly (readonly string[])[] {
  return waysOf(subject, id).map((path) => proofLines(subject, path, sheet));
}

/** Why there is nothing to prove for some subjects: each of the ways that a question can come to nothing has its own words. */
function noWayLines(without: readonly Subject[], sheet: Sheet, id: string): readonly string[] {
  const names = without.map(({ name }) => terminalSafe(name)).join(", ");
  const { host, model } = sheet.assessment;
  const isVulnerability = /^cve-/i.test(id);
  const why =
    isVulnerability && host.notJudged > 0
      ? "not judged: the host is assumed free of known vulnerabilities (--host unknown judges them)"
      : `no way by ${terminalSafe(id)} that ${String(model.order)} failures or fewer would open`;
  const reachable = without.filter(({ backtest }) =>
    [...backtest.kernel.ids, ...backtest.runtime.ids].some(
      (known) => known.toLowerCase() === id.toLowerCase(),
    ),
  );
  const backtest =
    reachable.length === 0
      ? []
      : [
          `  as if unpatched, it could have been reached from ${reachable.map(({ name }) => terminalSafe(name)).join(", ")}`,
        ];
  return [`${sheet.paint.name(names)}  ${why}`, ...backtest];
}

function barrierBlocks(sheet: Sheet, id: string): readonly (readonly string[])[] {
  const blocks = sheet.assessment.subjects
    .filter((subject) => hasBarrier(subject, id))
    .map((subject) => barrierLines(subject, id, sheet));
  const without = sheet.assessment.subjects
    .filter((subject) => !hasBarrier(subject, id))
    .map(({ name }) => terminalSafe(name));
  const none =
    without.length === 0
      ? []
      : [[`${sheet.paint.name(without.join(", "))}  ${barrierWords(id)} stands in no way that is listed`]];
  return [[`${sheet.paint.name(terminalSafe(id))}  ${barrierWords(id)}`], ...blocks, ...none];
}
