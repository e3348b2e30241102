import { terminalSafe } from "../../base/text.ts";
import type { Location } from "../../base/location.ts";
import type { Assessment } from "../../engine/assessment.ts";
import type { RenderOptions } from "../types.ts";
import type { Paint } from "./paint.ts";
import { paint } from "./paint.ts";
import { commandLine } from "../words.ts";
import { widthOf, wrap } from "./width.ts";

/** What every part of the report is written on: the columns, the colours, and what all subjects have in common. */
export interface Sheet {
  readonly paint: Paint;
  readonly width: number;
  readonly verbose: boolean;
  readonly assessment: Assessment;
  /** Columns of the subjects' names; 0 when they are so long that each stands on a line of its own. */
  readonly nameWidth: number;
  /** The one file that every subject stands in: then places need not repeat its folder. */
  readonly file: string | undefined;
  readonly lineOf: (location: Location) => string | undefined;
}

const narrowest = 40;
const widestName = 24;

export function sheetOf(assessment: Assessment, options: RenderOptions): Sheet {
  const longest = Math.max(
    0,
    ...assessment.subjects.slice(0, 500).map(({ name }) => widthOf(terminalSafe(name))),
  );
  return {
    paint: paint(options.color),
    width: Math.max(narrowest, options.width),
    verbose: options.verbose,
    assessment,
    nameWidth: longest > widestName ? 0 : longest,
    file: onlyFile(assessment),
    lineOf: (location) => options.lineOf?.(location),
  };
}

function onlyFile({ subjects }: Assessment): string | undefined {
  const file = subjects[0]?.location?.file;
  return subjects.every(({ location }) => location?.file === file) ? file : undefined;
}

/** `:9` below a subject of the only file, else the whole place. */
export function linePlace(location: Location, sheet: Sheet): string {
  if (location.file === commandLine) return "";
  return sheet.file === location.file ? `:${String(location.line)}` : place(location, sheet);
}

/** `compose.yaml:7`; the folder only where subjects stand in several files. */
export function place(location: Location, sheet: Sheet): string {
  if (location.file === commandLine) return "";
  const file = sheet.file === location.file ? location.file.replace(/^.*\//, "") : location.file;
  return terminalSafe(`${file}:${String(location.line)}`);
}

/** A label with text beside it, wrapped between words and hanging below itself. */
export function hanging(
  label: string,
  labelWidth: number,
  text: string,
  sheet: Sheet,
  color: (text: string) => string = (t) => t,
): readonly string[] {
  const lines = wrap(text, Math.max(24, sheet.width - labelWidth));
  const first = label + " ".repeat(Math.max(0, labelWidth - widthOf(label)));
  return lines.map((line, index) => (index === 0 ? first : " ".repeat(labelWidth)) + color(line));
}
