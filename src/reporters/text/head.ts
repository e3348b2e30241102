import { plural, terminalSafe } from "../../base/text.ts";
import type { Assessment } from "../../engine/assessment.ts";
import { count } from "../words.ts";
import type { Sheet } from "./sheet.ts";
import { hanging } from "./sheet.ts";
import { widthOf } from "./width.ts";

/** What was read, on which host, under which threat model. */
export function headLines(sheet: Sheet): readonly string[] {
  const { assessment, paint } = sheet;
  if (assessment.subjects.length === 0) return [];
  const title = titleOf(sheet);
  const host = hostWords(assessment);
  const first = `${subjectCount(assessment)} on ${host}`;
  const judged = notJudged(assessment);
  const column = Math.min(widthOf(title) + 3, 24);
  const beside = widthOf(title) + 3 <= column;
  const hang = (text: string): readonly string[] => hanging("", column, text, sheet, paint.aside);
  const rest = [...(judged === "" ? [] : hang(judged)), ...hang(modelWords(assessment))];
  if (!beside) return [paint.name(title), ...hanging("", column, first, sheet), ...rest];
  const [head = "", ...more] = hanging("", column, first, sheet);
  return [paint.name(title) + head.slice(widthOf(title)), ...more, ...rest];
}

function titleOf({ file, assessment }: Sheet): string {
  if (file !== undefined) return terminalSafe(file === "-" ? "standard input" : file);
  const files = new Set(assessment.subjects.map(({ location }) => location?.file ?? ""));
  return plural(files.size, "file").replace(/^\d+/, count(files.size));
}

function subjectCount({ subjects, summary }: Assessment): string {
  const kinds = new Set(subjects.map(({ kind }) => kind));
  const noun = kinds.size === 1 && kinds.has("compose") ? "service" : "container";
  return `${count(summary.subjects)} ${noun}${summary.subjects === 1 ? "" : "s"}`;
}

function hostWords({ host: { source } }: Assessment): string {
  if (source === "patched") return "a host assumed patched";
  if (source === "unknown") return "a host of which nothing is assumed";
  if (source === "live") return "this host";
  if (source.startsWith("preset:")) return `host preset ${terminalSafe(source.slice("preset:".length))}`;
  return `the host of ${terminalSafe(source)}`;
}

function notJudged({ host: { notJudged } }: Assessment): string {
  if (notJudged === 0) return "";
  const noun = notJudged === 1 ? "vulnerability" : "vulnerabilities";
  return `${count(notJudged)} known ${noun} not judged (--host NAME would)`;
}

/** The threat model that every verdict below was drawn under. */
function modelWords({ model }: Assessment): string {
  const image = model.image === "trusted" ? "hostile code, trusted image" : "hostile code, hostile image";
  const operator =
    model.operator === "any" ? "operators who exec, copy and attach" : "operators as the input shows";
  const assumed = Object.entries(model.assumptions)
    .filter(([key]) => key !== "image" && key !== "operator")
    .map(([key, value]) => terminalSafe(`${key}=${value}`));
  const also = assumed.length === 0 ? "" : `; assumed ${assumed.join(", ")}`;
  const goals = model.goals.length >= 4 ? "" : `; goals ${model.goals.join(", ")}`;
  return `${image}, ${operator}${also}${goals}`;
}
