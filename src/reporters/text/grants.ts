import type { Location } from "../../base/location.ts";
import type { ReportedPath } from "../../engine/assessment.ts";
import { commandLine } from "../words.ts";

/** A line is where a reader looks; in a command, and in files without line breaks, it is the place on the line. */
const widestLine = 160;

/** What tells two places apart in a report. */
export function lineKey({ file, line, column }: Location): string {
  return `${file}:${String(line)}${file === commandLine || column > widestLine ? `:${String(column)}` : ""}`;
}

/** The lines of the user's files that a way stands on, each once. */
export function grantsOf(path: ReportedPath): readonly Location[] {
  const lines = new Map<string, Location>();
  for (const { conditions } of path.steps) {
    for (const { status, evidence } of conditions) {
      if (status === "blocked") continue;
      for (const { provenance, location, against } of evidence) {
        if (provenance === "declared" && location && !against) lines.set(lineKey(location), location);
      }
    }
  }
  return [...lines.values()];
}

/** The line as it was written; of a long one the part that is meant. Values that look like credentials stay unsaid. */
export function excerpt(line: string | undefined, location: Location): string {
  return line === undefined ? "" : withoutSecrets(partOf(line, location));
}

function partOf(line: string, { file, column }: Location): string {
  if (file === commandLine) return optionAt(line, column - 1);
  const rest = line.slice(column - 1, column - 1 + widestLine);
  return line.length <= widestLine ? line.trim() : rest;
}

/** The word of a command that an offset lies in, with the option before it whose value it is: `--cap-add SYS_ADMIN`. */
function optionAt(line: string, offset: number): string {
  const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)];
  const at = words.findIndex((word) => offset < word.index + word[0].length);
  const word = words[at]?.[0] ?? "";
  const before = words[at - 1]?.[0] ?? "";
  return before.startsWith("-") && !before.includes("=") && !word.startsWith("-")
    ? `${before} ${word}`
    : word;
}

const secret =
  /(\w*(?:pass|secret|token|key|credential)\w*["']?\s*[=:]\s*)(?!\s*$|["']?(?:true|false|\/))("[^"]*"|'[^']*'|\S+)/gi;

function withoutSecrets(text: string): string {
  return text.replace(secret, "$1…");
}
