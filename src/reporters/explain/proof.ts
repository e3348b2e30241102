import { terminalSafe } from "../../base/text.ts";
import type {
  ReportedCondition,
  ReportedEvidence,
  ReportedPath,
  ReportedStep,
  Subject,
} from "../../engine/assessment.ts";
import type { Axis } from "../../knowledge/types.ts";
import type { Sheet } from "../text/sheet.ts";
import { place } from "../text/sheet.ts";
import { excerpt } from "../text/grants.ts";
import { fit, widthOf, wrap } from "../text/width.ts";
import { barrierWords, factWords, goalWords, stageWords } from "../words.ts";
import type { Tree } from "./tree.ts";
import { treeOf } from "./tree.ts";

/** One way of one subject: its verdict, then each step with the tree of its conditions. */
export function proofLines(subject: Subject, path: ReportedPath, sheet: Sheet): readonly string[] {
  const where = subject.location
    ? `  ${sheet.paint.aside(place(subject.location, { ...sheet, file: undefined }))}`
    : "";
  return [
    `${sheet.paint.name(terminalSafe(subject.name))}  ${statusPaint(path.status, sheet)(path.status)}  ${terminalSafe(path.id)}${where}`.trimEnd(),
    ...paragraph(terminalSafe(path.reason), "  ", sheet),
    ...verdictLines(path, sheet),
    ...path.steps.flatMap((step) => ["", ...stepLines(step, sheet)]),
    ...(path.remedy === null
      ? []
      : ["", ...paragraph(`next: ${terminalSafe(path.remedy)}`, "  ", sheet, sheet.paint.held)]),
  ];
}

function statusPaint(status: ReportedPath["status"], { paint }: Sheet): (text: string) => string {
  return { open: paint.open, unknown: paint.unknown, closed: paint.held }[status];
}

const axisWords: Readonly<Record<Axis, string>> = {
  kernel: "a kernel bug",
  runtime: "a runtime bug",
  misconfiguration: "configuration alone",
};

/** What the verdict means, and what closes the way where something does. */
function verdictLines(path: ReportedPath, sheet: Sheet): readonly string[] {
  const names = [path.cve, path.attack === null ? null : `ATT&CK ${path.attack}`]
    .filter((name) => name !== null)
    .map(terminalSafe);
  const also = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return paragraph(
    `${goalWords[path.goal]}, by ${axisWords[path.axis]}${also}: ${verdictWords(path)}`,
    "  ",
    sheet,
  );
}

function verdictWords({ status, barriers, closedBy }: ReportedPath): string {
  if (status === "open") return "nothing stands in the way";
  const held = barriers.map(barrierWords);
  if (status === "unknown")
    return held.length === 0
      ? "open or closed, as the unknown facts are"
      : `at worst nothing holds it, at best ${held.join(" and ")}`;
  if (held.length === 0) return `closed for good by ${closedBy.map(barrierWords).join(" and ")}`;
  return held.length === 1
    ? `${held[0] ?? ""} alone holds it`
    : `${held.join(" and ")} must ${held.length === 2 ? "both" : "all"} fail`;
}

function stepLines(step: ReportedStep, sheet: Sheet): readonly string[] {
  const title = `${stageWords(step.from)} → ${stageWords(step.to)}`;
  const heading = paragraph(
    `${title}  ${terminalSafe(step.technique)}: ${terminalSafe(step.title)}`,
    "  ",
    sheet,
    sheet.paint.name,
  );
  return [...heading, ...treeLines(treeOf(step.conditions), "  ", "  ", sheet)];
}

function treeLines(tree: Tree, first: string, rest: string, sheet: Sheet): readonly string[] {
  if (tree.kind === "condition") return conditionLines(tree.condition, first, rest, sheet);
  if (tree.children.length === 0) return [`${first}nothing is required`];
  const lines = [`${first}${tree.kind} of`];
  for (const [index, child] of tree.children.entries()) {
    const last = index === tree.children.length - 1;
    lines.push(...treeLines(child, `${rest}${last ? "└ " : "├ "}`, `${rest}${last ? "  " : "│ "}`, sheet));
  }
  return lines;
}

function conditionLines(
  condition: ReportedCondition,
  first: string,
  rest: string,
  sheet: Sheet,
): readonly string[] {
  const { paint } = sheet;
  const [mark, words, color] = {
    holds: ["✗", "holds", paint.open] as const,
    blocked: ["✓", "blocked", paint.held] as const,
    unknown: ["?", "unknown", paint.unknown] as const,
  }[condition.status];
  const head = color(`${mark} ${words}`);
  const indent = widthOf(first) + words.length + 4;
  const [line = "", ...more] = wrapAt(terminalSafe(condition.condition), sheet, indent);
  const by =
    condition.status === "blocked" && condition.barriers.length > 0
      ? `by ${condition.barriers.map(barrierWords).join(", ")}`
      : "";
  return [
    `${first}${head}  ${line}`,
    ...more.map((text) => `${rest}${" ".repeat(words.length + 4)}${text}`),
    ...(by === "" ? [] : paragraph(by, `${rest}  `, sheet, paint.held)),
    ...condition.evidence.flatMap((evidence, index, all) =>
      evidenceLines(evidence, all[index + 1], `${rest}  `, sheet),
    ),
    ...(condition.wouldDecide.length === 0 ? [] : decideLines(condition, `${rest}  `, sheet)),
  ];
}

function decideLines(
  { wouldDecide, barriers }: ReportedCondition,
  indent: string,
  sheet: Sheet,
): readonly string[] {
  const facts = wouldDecide.map(factWords);
  const options = facts.flatMap(({ option }) => (option === undefined ? [] : [option]));
  const held = barriers.length === 0 ? "" : `; it could be held by ${barriers.map(barrierWords).join(", ")}`;
  return paragraph(
    `would decide: ${facts.map(({ name }) => name).join(", ")}${options.length === 0 ? "" : ` (${options.join(", ")})`}${held}`,
    indent,
    sheet,
    sheet.paint.unknown,
  );
}

/** The sentence, then where it comes from: the user's line, or the default and whose. Sentences from one place say it once. */
function evidenceLines(
  evidence: ReportedEvidence,
  next: ReportedEvidence | undefined,
  indent: string,
  sheet: Sheet,
): readonly string[] {
  const text = paragraph(terminalSafe(evidence.text), indent, sheet);
  const from = sourceWords(evidence, sheet);
  if (from === "" || (next && sourceWords(next, sheet) === from)) return text;
  const line = evidence.location ? excerpt(sheet.lineOf(evidence.location), evidence.location) : "";
  const room = sheet.width - widthOf(indent) - widthOf(from) - 4;
  return [
    ...text,
    `${indent}${sheet.paint.aside(`  ${from}`)}${line === "" || room < 8 ? "" : `  ${fit(terminalSafe(line), room)}`}`,
  ];
}

function sourceWords({ provenance, by, location }: ReportedEvidence, sheet: Sheet): string {
  const where = location ? place(location, { ...sheet, file: undefined }) : "";
  const whose = by === null ? "" : terminalSafe(by);
  const words: Readonly<Record<string, string>> = {
    declared: "declared",
    defaulted: `default of ${whose}`,
    observed: `observed in ${whose}`,
    assumed: `assumed by ${whose}`,
    unknown: `not known: ${whose}`,
    model: "",
  };
  return [words[provenance] ?? terminalSafe(provenance), where].filter((part) => part !== "").join(", ");
}

function wrapAt(text: string, sheet: Sheet, used: number): readonly string[] {
  return wrap(text, Math.max(24, sheet.width - used));
}

function paragraph(
  text: string,
  indent: string,
  sheet: Sheet,
  color: (text: string) => string = (t) => t,
): readonly string[] {
  return wrapAt(text, sheet, widthOf(indent)).map((line) => indent + color(line));
}
