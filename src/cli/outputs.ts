import { usageProblem } from "../assess/request.ts";
import { quote } from "../base/text.ts";
import type { ReporterId } from "../reporters/registry.ts";

/** What was asked for with `--format` and `--output`, in the order it stands on the command line. */
export type OutputWord = { readonly format: string } | { readonly file: string };

/** One report: its format, and the file it goes to (absent: standard output). */
export interface Output {
  readonly format: ReporterId;
  readonly file?: string | undefined;
}

/** Formats that the contract names and a later release brings. */
const later = ["sarif", "markdown", "html", "junit"];

/**
 * Pairs formats with files: the n-th `--output` belongs to the n-th `--format`; where there are fewer files than formats, a
 * file belongs to the format before it. At most one report goes to standard output.
 * @throws UsageProblem for a format that does not exist, a file without a format, two reports for standard output
 */
export function pairOutputs(words: readonly OutputWord[], known: readonly string[]): readonly Output[] {
  const formats = words.flatMap((word) => ("format" in word ? [word.format] : []));
  const files = words.flatMap((word) => ("file" in word ? [word.file] : []));
  if (formats.length === 0) formats.push("text");
  if (files.length > formats.length) {
    throw usageProblem(
      `expected a \`--format\` for each \`--output\`, found ${String(formats.length)} for ${String(files.length)}`,
    );
  }
  const outputs =
    files.length === formats.length || files.length === 0
      ? formats.map((format, index) => ({ format: readFormat(format, known), file: files[index] }))
      : pairByPlace(words, known);
  const toStdout = outputs.filter(({ file }) => file === undefined).map(({ format }) => format);
  if (toStdout.length > 1) {
    throw usageProblem(
      `expected at most one \`--format\` without \`--output FILE\`, found ${String(toStdout.length)}: ${toStdout.join(", ")}`,
    );
  }
  return outputs;
}

function pairByPlace(words: readonly OutputWord[], known: readonly string[]): readonly Output[] {
  const outputs: Output[] = [];
  let waiting: string | undefined;
  for (const word of words) {
    if ("format" in word) {
      outputs.push({ format: readFormat(word.format, known), file: waiting });
      waiting = undefined;
      continue;
    }
    const last = outputs.at(-1);
    if (!last) waiting = word.file;
    else if (last.file === undefined) outputs[outputs.length - 1] = { ...last, file: word.file };
    else
      throw usageProblem(
        `expected one \`--output\` after each \`--format\`, found ${quote(word.file)} as well`,
      );
  }
  return outputs;
}

function readFormat(format: string, known: readonly string[]): ReporterId {
  if (known.includes(format)) return format as ReporterId;
  const names = known.join(", ");
  if (later.includes(format))
    throw usageProblem(`\`--format ${format}\` is not in this release: expected one of ${names}`);
  throw usageProblem(`expected \`--format\` to be one of ${names}, found ${quote(format)}`);
}
