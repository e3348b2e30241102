import { terminalSafe } from "../base/text.ts";
import type { Subject } from "../engine/assessment.ts";
import { blastRadiusLines } from "./text/blast-radius.ts";
import { digester } from "./text/digest.ts";
import type { Group } from "./text/group.ts";
import { fallsShort, groupSubjects } from "./text/group.ts";
import { headLines } from "./text/head.ts";
import { marginLines } from "./text/margin-line.ts";
import type { Sheet } from "./text/sheet.ts";
import { place, sheetOf } from "./text/sheet.ts";
import { closingLine, distribution, hintLine, problemLines, problemWords } from "./text/tail.ts";
import { verboseLines } from "./text/verbose.ts";
import { aloneLines, besideLine, wayLines } from "./text/ways.ts";
import type { Reporter, RenderOptions } from "./types.ts";
import { count, marginWords } from "./words.ts";

/** With more groups than this only those that fall short are shown, and of these the worst. */
const mostGroups = 24;

/**
 * A person's first look: worst first, a block for each verdict, the ways out with the lines that grant them, what holds
 * alone, then what all share. Quiet: what falls short, a line each, and the count.
 */
export const text: Reporter = {
  id: "text",
  mediaType: "text/plain",
  digester,
  render(assessment, options) {
    const sheet = sheetOf(assessment, options);
    const sections = options.quiet
      ? [quietLines(sheet)]
      : [
          headLines(sheet),
          ...subjectSections(sheet),
          blastRadiusLines(sheet),
          problemLines(sheet),
          tailLines(sheet, options),
        ];
    return `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n")}\n`;
  },
};

function quietLines(sheet: Sheet): readonly string[] {
  const { subjects, errors, summary } = sheet.assessment;
  const short = subjects.filter((subject) => fallsShort(subject, summary));
  const line = ({ name, margin, location }: Subject): string => {
    const where = location ? place(location, { ...sheet, file: undefined }) : "";
    return `${where === "" ? "" : `${where}: `}${terminalSafe(name)}: margin ${marginWords(margin)}`;
  };
  return [...short.map(line), ...errors.map(problemWords), closingLine(sheet)];
}

/** A section for every group that asks for attention; groups that need no more than a line stand together. */
function subjectSections(sheet: Sheet): readonly (readonly string[])[] {
  const { assessment, verbose, paint } = sheet;
  const groups = groupSubjects(assessment);
  const all = verbose || groups.length <= mostGroups;
  const wanted = all ? groups : groups.filter(({ first }) => fallsShort(first, assessment.summary));
  const shown = all ? wanted : wanted.slice(0, mostGroups);
  const sections: string[][] = [];
  let lines: string[] | undefined;
  for (const group of shown) {
    const block = [...marginLines(group, sheet), ...bodyLines(group, sheet)];
    if (bodyLines(group, sheet).length > 0) {
      sections.push(block);
      lines = undefined;
    } else if (lines) lines.push(...block);
    else sections.push((lines = block));
  }
  if (all) return sections;
  const hidden = wanted.slice(shown.length).reduce((sum, { subjects }) => sum + subjects.length, 0);
  const more = hidden === 0 ? "" : `${count(hidden)} more fall short; `;
  return [...sections, [distribution(assessment), paint.aside(`${more}--verbose shows every subject`)]];
}

function bodyLines({ first }: Group, sheet: Sheet): readonly string[] {
  const ways = wayLines(first, sheet);
  const short = fallsShort(first, sheet.assessment.summary);
  const beside =
    first.margin.best === 0
      ? besideLine(first, sheet)
      : short && first.margin.worst !== 0
        ? aloneLines(first, sheet)
        : [];
  return [...ways, ...beside, ...(sheet.verbose ? verboseLines(first, sheet) : [])];
}

function tailLines(sheet: Sheet, options: RenderOptions): readonly string[] {
  const hint = options.quiet ? undefined : hintLine(sheet);
  return [closingLine(sheet), ...(hint === undefined ? [] : [hint])];
}
