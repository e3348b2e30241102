import { terminalSafe } from "../../base/text.ts";
import type { Subject } from "../../engine/assessment.ts";
import { barrierWords, count, factWords, list, marginWords } from "../words.ts";
import type { Group } from "./group.ts";
import { mainFacts, undecided } from "./group.ts";
import type { Sheet } from "./sheet.ts";
import { place } from "./sheet.ts";
import { pad, widthOf, wrap } from "./width.ts";

const marginColumn = "margin 0–1".length;

/** The first lines of a block: who, the margin, what it rests on, and where it stands. */
export function marginLines(group: Group, sheet: Sheet): readonly string[] {
  const { first } = group;
  const color = marginColor(first, sheet);
  const name = nameOf(group, sheet);
  const where = whereOf(group, sheet);
  const margin = pad(`margin ${marginWords(first.margin)}`, marginColumn);
  const stacked = sheet.nameWidth === 0;
  const indent = (stacked ? 2 : sheet.nameWidth + 2) + marginColumn + 2;
  const room = sheet.width - indent;
  const texts = flow(
    phrasesOf(first, sheet),
    stacked || where === "" ? room : Math.max(24, room - widthOf(where) - 2),
    room,
  );
  const [text = "", ...rest] = texts;
  const own = `${color(margin)}  ${first.margin.worst === 0 ? color(text) : text}`;
  const below = rest.map((line) => " ".repeat(indent) + line);
  if (stacked) return [...titleLines(name, where, sheet), `  ${own}`.trimEnd(), ...below];
  const left = `${sheet.paint.name(pad(name, sheet.nameWidth))}  ${own}`;
  return [...beside(left, indent + widthOf(text), where, sheet), ...below];
}

/** A title of its own, wrapped, with the place at the right of its last line or below. */
function titleLines(name: string, where: string, sheet: Sheet): readonly string[] {
  const lines = wrap(name, sheet.width);
  const last = lines.at(-1) ?? "";
  return [
    ...lines.slice(0, -1).map(sheet.paint.name),
    ...beside(sheet.paint.name(last), widthOf(last), where, sheet),
  ];
}

/** On one line where they fit, else a phrase a line. */
function flow(phrases: readonly string[], firstRoom: number, room: number): readonly string[] {
  const joined = phrases.join("; ");
  if (widthOf(joined) <= firstRoom) return [joined];
  return phrases.flatMap((phrase, index) => wrap(phrase, index === 0 ? firstRoom : room));
}

function beside(left: string, leftWidth: number, where: string, sheet: Sheet): readonly string[] {
  if (where === "") return [left.trimEnd()];
  const gap = sheet.width - leftWidth - widthOf(where);
  // A place that does not fit goes below, so that neither the name nor the path is cut.
  return gap >= 2
    ? [left + " ".repeat(gap) + sheet.paint.aside(where)]
    : [left.trimEnd(), `  ${sheet.paint.aside(where)}`];
}

function nameOf({ subjects }: Group, sheet: Sheet): string {
  return list(
    subjects.map(({ name }) => terminalSafe(name)),
    sheet.verbose ? subjects.length : 4,
  );
}

function whereOf({ first, subjects }: Group, sheet: Sheet): string {
  if (!first.location) return "";
  const more = subjects.length - 1;
  const where = place(first.location, sheet);
  return where === "" ? "" : where + (more > 0 ? ` +${count(more)}` : "");
}

function marginColor(
  { margin }: Subject,
  { paint, assessment: { summary } }: Sheet,
): (text: string) => string {
  const { failOn } = summary;
  if (margin.best !== null && margin.best < failOn) return paint.open;
  return margin.worst !== null && margin.worst < failOn ? paint.unknown : paint.held;
}

/** What the margin rests on, in words; the second phrase says what it is worth. */
function phrasesOf(subject: Subject, sheet: Sheet): readonly string[] {
  const { worst, best } = subject.margin;
  if (worst === null) return ["no way out was found"];
  if (best === 0) return [openWords(subject)];
  if (worst !== best) {
    const depends = `depends on ${list(decidingFacts(subject), 2)}`;
    if (worst === 0) return [depends];
    return [
      worst === 1 ? `at worst ${aloneWords(subject, sheet)}` : depends,
      ...(worst === 1 ? [depends] : []),
      worth(subject),
    ].filter(Boolean);
  }
  if (worst === 1) return [aloneWords(subject, sheet), worth(subject)].filter(Boolean);
  return [jointWords(subject, worst)];
}

function openWords({ paths }: Subject): string {
  const ways = new Set(
    paths
      .filter(({ status }) => status === "open")
      .map((path) => path.steps.map(({ technique }) => technique).join(">")),
  ).size;
  return ways > 1 ? `open, ${String(ways)} ways` : "open";
}

/** The facts that make the worst case worse than the best, those of the most dangerous ways first. */
export function decidingFacts({ paths, unknowns }: Subject): readonly string[] {
  const deciding = new Set(mainFacts(undecided(paths)).values());
  const facts = deciding.size > 0 ? [...deciding] : unknowns.map(({ fact }) => fact);
  return [...new Set(facts.map((fact) => factWords(fact).name))];
}

/** `the kernel alone holds`; several barriers may each stand alone, against different ways. */
function aloneWords({ singlePoints }: Subject, sheet: Sheet): string {
  const names = pointWords(singlePoints, sheet.verbose);
  if (names.length === 0) return "one barrier holds";
  return names.length === 1 && singlePoints.length === 1
    ? `${names[0] ?? ""} alone holds`
    : `${list(names, 4)} each hold alone`;
}

/** Single points in words; capabilities that are missing are one entry when they are many. */
export function pointWords(points: readonly string[], verbose: boolean): readonly string[] {
  const capabilities = points.filter((point) => point.startsWith("capability:"));
  if (verbose || capabilities.length < 3) return points.map(barrierWords);
  const others = points.filter((point) => !point.startsWith("capability:")).map(barrierWords);
  return [...others, `${String(capabilities.length)} missing capabilities`];
}

/** From the workload outwards: its own kernel first, the host's last. */
const outermost = ["gvisor-correct", "guest-kernel-correct", "vmm-correct", "jail"];

function jointWords({ cutSets }: Subject, size: number): string {
  const sets = Object.values(cutSets).flatMap((list) => list.filter((set) => set.length === size));
  const [set] = sets;
  if (!set) return `${String(size)} barriers must fail`;
  const rank = (id: string): number =>
    id === "kernel-correct"
      ? outermost.length + 1
      : (outermost.indexOf(id) + outermost.length + 1) % (outermost.length + 1) || outermost.length;
  const inner = set.some((id) => outermost.includes(id));
  const names = [...set]
    .sort((a, b) => rank(a) - rank(b))
    .map((id) => (inner && id === "kernel-correct" ? "the host's" : barrierWords(id)));
  return inner && names.length === 2
    ? names.join(", then ")
    : `${list(names, 4)} must ${size === 2 ? "both" : "all"} fail`;
}

/** The backtest: what the configuration alone is worth without patches. */
function worth({ backtest: { kernel } }: Subject): string {
  if (kernel.known === 0) return "";
  return `${String(kernel.reachable)} of ${String(kernel.known)} past kernel escapes were reachable from here`;
}
