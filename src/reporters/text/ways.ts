import { plural, terminalSafe } from "../../base/text.ts";
import type { Location } from "../../base/location.ts";
import type { ReportedPath, Subject } from "../../engine/assessment.ts";
import { barrierWords, factWords, goalWords, list, stageWords } from "../words.ts";
import type { Ways } from "./group.ts";
import { groupWays, labelOf } from "./group.ts";
import { pointWords } from "./margin-line.ts";
import type { Sheet } from "./sheet.ts";
import { commandLine, hanging, linePlace } from "./sheet.ts";
import { fit, widthOf } from "./width.ts";

const mostGroups = 4;
const mostLines = 2;
const widestLabel = 22;

/** The ways out of one subject: open ones with what grants them, undecided ones with what would decide. */
export function wayLines(subject: Subject, sheet: Sheet): readonly string[] {
  const open = groupWays(of(subject, "open"), groundOf);
  const unknown = groupWays(of(subject, "unknown"), (path) => factsOf(path).join(" "));
  const labels = [...open, ...unknown].map(({ label }) => widthOf(terminalSafe(label)));
  const column = Math.min(widestLabel, Math.max(0, ...labels)) + 6;
  return [
    ...limited(open, sheet, (ways) => openLines(ways, column, sheet)),
    // Beside a way that is open, ways that may be open as well are news for later.
    ...(open.length > 0 && !sheet.verbose
      ? undecidedLine(unknown, sheet)
      : limited(unknown, sheet, (ways) => unknownLines(ways, column, sheet))),
  ];
}

function undecidedLine(unknown: readonly Ways[], sheet: Sheet): readonly string[] {
  if (unknown.length === 0) return [];
  const number = unknown.reduce((sum, { also }) => sum + 1 + also.length, 0);
  const facts = list([
    ...new Set(unknown.flatMap(({ first }) => factsOf(first)).map((fact) => factWords(fact).name)),
  ]);
  const [head = "", ...rest] = hanging("", 4, `${plural(number, "way")} more, as ${facts} may be`, sheet);
  return [`  ${sheet.paint.unknown("?")} ${head.slice(4)}`, ...rest];
}

function of({ paths }: Subject, status: ReportedPath["status"]): readonly ReportedPath[] {
  return paths.filter((path) => path.status === status);
}

function limited(
  groups: readonly Ways[],
  sheet: Sheet,
  lines: (ways: Ways) => readonly string[],
): readonly string[] {
  const shown = sheet.verbose ? groups : groups.slice(0, mostGroups);
  const rest = groups.slice(shown.length).flatMap(({ label, also }) => [label, ...also]);
  const more =
    rest.length === 0
      ? []
      : [
          sheet.paint.aside(
            `    and ${String(rest.length)} more: ${fit(list(rest.map(terminalSafe), 6), sheet.width - 16)}`,
          ),
        ];
  return [...shown.flatMap(lines), ...more];
}

function openLines({ first, label, also }: Ways, column: number, sheet: Sheet): readonly string[] {
  const aside = " ".repeat(column);
  const goal = first.goal === "host-root" ? "" : ` (${goalWords[first.goal]})`;
  const chain = chainOf(first);
  return [
    ...headLines("✗", label, terminalSafe(first.reason) + goal, column, sheet, sheet.paint.open),
    ...grantLines(first, aside, sheet),
    ...(chain === undefined ? [] : hanging(aside, column, chain, sheet)),
    ...alsoLine(also, aside, sheet),
    ...(first.remedy === null
      ? []
      : hanging(aside, column, `next: ${terminalSafe(first.remedy)}`, sheet, sheet.paint.held)),
  ];
}

function unknownLines({ first, label, also }: Ways, column: number, sheet: Sheet): readonly string[] {
  const aside = " ".repeat(column);
  const facts = factsOf(first).map(factWords);
  const options = [...new Set(facts.flatMap(({ option }) => (option === undefined ? [] : [option])))];
  const decide = `would decide: ${list([...new Set(facts.map(({ name }) => name))])}`;
  return [
    ...headLines("?", label, terminalSafe(first.reason), column, sheet, sheet.paint.unknown),
    ...grantLines(first, aside, sheet),
    ...alsoLine(also, aside, sheet),
    ...hanging(aside, column, decide, sheet),
    ...options.slice(0, mostLines).map((option) => aside + sheet.paint.aside(option)),
  ];
}

function headLines(
  mark: string,
  label: string,
  reason: string,
  column: number,
  sheet: Sheet,
  color: (text: string) => string,
): readonly string[] {
  const safe = terminalSafe(label);
  const title = `  ${color(mark)} ${sheet.paint.name(safe)}`;
  const titleWidth = 4 + widthOf(safe);
  const text = hanging("", column, reason, sheet);
  if (titleWidth + 2 > column) return [title, ...text];
  return [title + " ".repeat(column - titleWidth) + (text[0] ?? "").trimStart(), ...text.slice(1)];
}

function alsoLine(also: readonly string[], aside: string, sheet: Sheet): readonly string[] {
  if (also.length === 0) return [];
  const names = list(also.map(terminalSafe), sheet.verbose ? also.length : 5);
  return hanging(aside, aside.length, `likewise: ${names}`, sheet, sheet.paint.aside);
}

/** `workload → engine API → host root`, for ways of more than one step. */
function chainOf({ steps }: ReportedPath): string | undefined {
  const [first] = steps;
  if (!first || steps.length < 2) return undefined;
  return [first.from, ...steps.map(({ to }) => to)].map(stageWords).join(" → ");
}

/** The lines of the user's files that a way stands on, each once. */
export function grantsOf(path: ReportedPath): readonly Location[] {
  const lines = new Map<string, Location>();
  for (const { conditions } of path.steps) {
    for (const { status, evidence } of conditions) {
      if (status === "blocked") continue;
      for (const { provenance, location } of evidence) {
        if (provenance === "declared" && location)
          lines.set(`${location.file}:${String(location.line)}`, location);
      }
    }
  }
  return [...lines.values()];
}

function groundOf(path: ReportedPath): string | undefined {
  const lines = grantsOf(path).map(({ file, line }) => `${file}:${String(line)}`);
  return lines.length === 0 ? undefined : lines.sort().join(" ");
}

function factsOf(path: ReportedPath): readonly string[] {
  return [
    ...new Set(path.steps.flatMap(({ conditions }) => conditions.flatMap(({ wouldDecide }) => wouldDecide))),
  ];
}

function grantLines(path: ReportedPath, aside: string, sheet: Sheet): readonly string[] {
  return grantsOf(path)
    .filter(({ file }) => file !== commandLine)
    .slice(0, sheet.verbose ? undefined : mostLines)
    .map((location) => {
      const where = linePlace(location, sheet);
      const line = excerpt(sheet.lineOf(location), location);
      const room = sheet.width - aside.length - widthOf(where) - 2;
      return `${aside}${sheet.paint.aside(where)}${line === "" || room < 8 ? "" : `  ${fit(terminalSafe(line), room)}`}`;
    });
}

const longestLine = 160;

/** The line as it was written; of a long one the part that is meant. Values that look like credentials stay unsaid. */
export function excerpt(line: string | undefined, location: Location): string {
  if (line === undefined) return "";
  const part =
    line.length <= longestLine
      ? line.trim()
      : line.slice(location.column - 1, location.column - 1 + longestLine);
  return part.replace(
    /(\w*(?:pass|secret|token|key|credential)\w*["']?\s*[=:]\s*)(?!\s*$|["']?(?:true|false|\/))("[^"]*"|'[^']*'|\S+)/gi,
    "$1…",
  );
}

/** Barriers that stand alone, each with the ways that it alone holds. */
export function aloneLines(subject: Subject, sheet: Sheet): readonly string[] {
  const closed = subject.paths.filter(({ status, barriers }) => status === "closed" && barriers.length === 1);
  const held = new Map<string, Set<string>>();
  for (const path of closed) {
    const [barrier] = path.barriers;
    if (barrier !== undefined)
      held.set(barrier, (held.get(barrier) ?? new Set()).add(path.cve ?? labelOf(path)));
  }
  return [...held].slice(0, sheet.verbose ? undefined : mostGroups).flatMap(([barrier, ways]) => {
    const names = list([...ways].map(terminalSafe), sheet.verbose ? ways.size : 4);
    const title = `${barrierWords(barrier)} alone against `;
    const [head = "", ...rest] = hanging("", 4, title + names, sheet);
    return [`  ${sheet.paint.unknown("!")} ${head.slice(4)}`, ...rest];
  });
}

/** What would still stand alone once the open ways are closed. */
export function beyondLine(subject: Subject, sheet: Sheet): readonly string[] {
  const points = pointWords(subject.singlePoints, sheet.verbose);
  if (points.length === 0) return [];
  const text = `once closed: ${list(points, sheet.verbose ? points.length : 4)} ${points.length === 1 && subject.singlePoints.length === 1 ? "alone would hold" : "would each hold alone"}`;
  return hanging("    ", 4, text, sheet, sheet.paint.aside);
}
