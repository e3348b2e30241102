import { plural, terminalSafe } from "../../base/text.ts";
import type { Assessment, ReportedProblem } from "../../engine/assessment.ts";
import { commandLine, count, marginWords } from "../words.ts";
import { fallsShort, labelOf } from "./group.ts";
import type { Sheet } from "./sheet.ts";
import { hanging } from "./sheet.ts";

const mostProblems = 10;

/** Inputs that could not be read or understood, and what else the reader should know of them. */
export function problemLines(sheet: Sheet): readonly string[] {
  const { errors, warnings } = sheet.assessment;
  return [
    ...section(plural(errors.length, "error"), errors, sheet, sheet.paint.open),
    ...(errors.length > 0 && warnings.length > 0 ? [""] : []),
    ...section(plural(warnings.length, "warning"), warnings, sheet, sheet.paint.unknown),
  ];
}

function section(
  title: string,
  problems: readonly ReportedProblem[],
  sheet: Sheet,
  color: (text: string) => string,
): readonly string[] {
  if (problems.length === 0) return [];
  const shown = sheet.verbose ? problems : problems.slice(0, mostProblems);
  const more = problems.length - shown.length;
  return [
    color(title),
    ...shown.flatMap((problem) => hanging("", 2, problemWords(problem), sheet)),
    ...(more === 0 ? [] : [sheet.paint.aside(`  and ${count(more)} more: --verbose lists them`)]),
  ];
}

/** One line, as editors and terminals know it: `file:line:column: message`. */
export function problemWords({ target, location, message }: ReportedProblem): string {
  const where = location ? `${location.file}:${String(location.line)}:${String(location.column)}` : target;
  return terminalSafe(where === "" ? message : `${where}: ${message}`);
}

/** How many fall short: the last line, and the one that the exit status stands for. */
export function closingLine({ assessment, paint }: Sheet): string {
  const { subjects, short, failOn, judge } = assessment.summary;
  const failed = assessment.errors.length;
  const unread = failed === 0 ? "" : paint.open(`; ${plural(failed, "error")} in the input`);
  if (subjects === 0)
    return failed === 0
      ? "nothing to assess: no container configuration was found"
      : `nothing was assessed${unread}`;
  const inCase = judge === "best" ? " in the best case" : "";
  if (failOn === 0) return `${count(subjects)} assessed${unread}`;
  if (short > 0)
    return `${paint.open(`${count(short)} of ${count(subjects)} fall${short === 1 ? "s" : ""} short of margin ${String(failOn)}${inCase}`)}${unread}`;
  const all = subjects === 1 ? "it reaches" : `all ${count(subjects)} reach`;
  return `${paint.held(`${all} margin ${String(failOn)}${inCase}`)}${unread}`;
}

/** How many subjects have which margin, for reports that do not show them all. */
export function distribution({ subjects }: Assessment): string {
  const counts = new Map<string, number>();
  for (const { margin } of subjects) {
    const words = marginWords(margin);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([margin, number]) => `margin ${margin}: ${count(number)}`)
    .join("   ");
}

/** The command that proves the first verdict of the report. */
export function hintLine({ assessment, paint }: Sheet): string | undefined {
  const ranked = [...assessment.subjects].sort((a, b) => (a.margin.worst ?? 9) - (b.margin.worst ?? 9));
  const subject = ranked.find((s) => fallsShort(s, assessment.summary)) ?? ranked[0];
  const path = subject?.paths[0];
  const file = subject?.location?.file;
  if (!path || file === undefined || file === "-" || file === commandLine) return undefined;
  return paint.aside(`holdfast explain ${shellWord(labelOf(path))} ${shellWord(file)}   proves a verdict`);
}

function shellWord(word: string): string {
  const safe = terminalSafe(word);
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
