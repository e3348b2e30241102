import type { Location } from "../base/location.ts";
import type { RenderOptions } from "../reporters/types.ts";
import { commandLine } from "../reporters/words.ts";
import { readText } from "../assess/read-text.ts";
import type { OutputOptions } from "./options.ts";
import { mayBeTerminal } from "./standard-output.ts";

/** Columns of a report that goes to a file or a pipe. */
const defaultWidth = 100;

/**
 * Whether to colour: as asked; else FORCE_COLOR (force-color.org) before NO_COLOR (no-color.org), as Node.js has it; else when
 * the output is a terminal that is not `dumb`.
 */
export function wantsColor(
  when: OutputOptions["color"],
  environment: NodeJS.ProcessEnv,
  isTerminal: boolean,
): boolean {
  if (when !== "auto") return when === "always";
  const force = environment["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  if (environment["NO_COLOR"]) return false;
  return isTerminal && environment["TERM"] !== "dumb";
}

/** How a report is drawn that goes to standard output, or to a file; `command` is what stood after `--`. */
export function renderOptions(
  options: OutputOptions,
  toFile: boolean,
  command?: readonly string[],
): RenderOptions {
  const terminal = !toFile && mayBeTerminal(1) && process.stdout.isTTY;
  return {
    color: toFile ? options.color === "always" : wantsColor(options.color, process.env, terminal),
    width: terminal ? process.stdout.columns : defaultWidth,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    lineOf: lineReader(command),
    timestamp: timestampOf(process.env),
  };
}

/** Now; or what SOURCE_DATE_EPOCH says (reproducible-builds.org), so that equal inputs can give equal reports. */
export function timestampOf(environment: NodeJS.ProcessEnv): string {
  const seconds = environment["SOURCE_DATE_EPOCH"];
  const isGiven = seconds !== undefined && /^\d{1,11}$/.test(seconds);
  return new Date(isGiven ? Number(seconds) * 1000 : Date.now()).toISOString();
}

/** Reads lines of the user's files again, each file once. Only what is a file: standard input is gone by then. */
function lineReader(command: readonly string[] = []): (location: Location) => string | undefined {
  const files = new Map<string, readonly string[]>([[commandLine, [command.map(shellWord).join(" ")]]]);
  return ({ file, line }) => {
    let lines = files.get(file);
    if (!lines) {
      const read = file === "-" ? undefined : readText(file);
      lines = read && "source" in read ? read.source.text.split(/\r?\n/) : [];
      files.set(file, lines);
    }
    return lines[line - 1];
  };
}

/** As the source of command lines quotes words, for its positions count the quotes. */
function shellWord(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
