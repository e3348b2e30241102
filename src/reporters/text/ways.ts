import { plural, terminalSafe } from "../../base/text.ts";
import type { ReportedPath, Subject } from "../../engine/assessment.ts";
import { commandLine, barrierWords, factWords, goalWords, list, stageWords } from "../words.ts";
import type { Ways } from "./group.ts";
import { excerpt, grantsOf, lineKey } from "./grants.ts";
import { factsOf, groupWays, labelOf, mainFacts, undecided } from "./group.ts";
import { pointWords } from "./margin-line.ts";
import type { Sheet } from "./sheet.ts";
import { hanging, linePlace } from "./sheet.ts";
import { fit, widthOf } from "./width.ts";

const mostGroups = 4;
const mostLines = 2;
const widestLabel = 22;

/** The ways out of one subject: open ones with what grants them, undecided ones with what would decide. */
export function wayLines(subject: Subject, sheet: Sheet): readonly string[] {
  const open = groupWays(of(subject, "open"), groundOf);
  const facts = mainFacts(undecided(subject.paths));
  const unknown = groupWays([...facts.keys()], (path) => facts.get(path));
  const labels = [...open, ...unknown].map(({ label }) => widthOf(terminalSafe(label)));
  const column = Math.min(widestLabel, Math.max(0, ...labels)) + 6;
  return [
    ...limited(open, sheet, (ways) => openLines(ways, column, sheet)),
    // Beside a way that is open, ways that may be open as well are news for later.
    ...(open.length > 0 && !sheet.verbose
      ? undecidedLine(unknown, sheet)
      : limited(unknown, sheet, (ways) => unknownLines(ways, column, sheet))),
    ...unconfirmedLine(subject, sheet),
  ];
}

/** Drafts: said, so that nobody takes silence for an answer, and said to count for nothing yet. */
function unconfirmedLine({ paths }: Subject, sheet: Sheet): readonly string[] {
  const drafts = paths.filter(({ status, confirmed }) => status === "unknown" && !confirmed);
  if (drafts.length === 0) return [];
  const names = list([...new Set(drafts.map(({ id }) => terminalSafe(id)))], 4);
  return hanging("", 4, `not confirmed yet, and in no margin: ${names}`, sheet).map(sheet.paint.aside);
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

function openLines(ways: Ways, column: number, sheet: Sheet): readonly string[] {
  const { first, label, also } = ways;
  const aside = " ".repeat(column);
  const goal = first.goal === "host-root" ? "" : ` (${goalWords[first.goal]})`;
  const chain = chainOf(first);
  const next = nextWords(ways);
  return [
    ...headLines("✗", label, terminalSafe(first.reason) + goal, column, sheet, sheet.paint.open),
    ...grantLines(first, aside, sheet),
    ...(chain === undefined ? [] : hanging(aside, column, chain, sheet)),
    ...alsoLine(also, aside, sheet),
    ...(next === "" ? [] : hanging(aside, column, `next: ${next}`, sheet, sheet.paint.held)),
  ];
}

/** What would close the ways of a group: one remedy where it serves all, else the lines that they all stand on. */
function nextWords({ first, also, remedies }: Ways): string {
  const [remedy] = remedies;
  if (remedies.length === 1 && remedy !== undefined) return terminalSafe(remedy);
  const grants = grantsOf(first);
  const [grant] = grants;
  if (remedies.length === 0 || !grant) return "";
  const noun = grant.file === commandLine ? "option" : "line";
  const [what, them] = grants.length === 1 ? [`that ${noun}`, "it"] : [`those ${noun}s`, "them"];
  return `change ${what}: all ${String(also.length + 1)} ways stand on ${them}`;
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

function groundOf(path: ReportedPath): string | undefined {
  const lines = grantsOf(path).map(lineKey);
  return lines.length === 0 ? undefined : lines.sort().join(" ");
}

function grantLines(path: ReportedPath, aside: string, sheet: Sheet): readonly string[] {
  return grantsOf(path)
    .slice(0, sheet.verbose ? undefined : mostLines)
    .flatMap((location) => {
      const where = linePlace(location, sheet);
      const line = excerpt(sheet.lineOf(location), location);
      const lead = where === "" ? aside : `${aside}${sheet.paint.aside(where)}  `;
      const room = sheet.width - aside.length - widthOf(where) - 2;
      const shown = line === "" || room < 8 ? "" : fit(terminalSafe(line), room);
      return where === "" && shown === "" ? [] : [`${lead}${shown}`.trimEnd()];
    });
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

/** What stands alone against the ways that are closed, where others are open. */
export function besideLine(subject: Subject, sheet: Sheet): readonly string[] {
  const { singlePoints } = subject;
  const points = pointWords(singlePoints, sheet.verbose);
  if (points.length === 0) return [];
  const holds = singlePoints.length === 1 ? "alone holds" : "each hold alone";
  const text = `the other ways: ${list(points, sheet.verbose ? points.length : 4)} ${holds}`;
  return hanging("    ", 4, text, sheet, sheet.paint.aside);
}
