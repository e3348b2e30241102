import type { Position } from "../../base/location.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { FlagKind, FlagSet } from "./flags.ts";
import { nearestFlag } from "./flags.ts";
import type { Piece } from "./piece.ts";
import { csvPieces, positionIn, slicePiece } from "./piece.ts";

/** One flag with one of its values; `value` is undefined for a boolean flag without one. */
export interface FlagUse {
  readonly name: string;
  /** As it was written: `-v`, `--volume`. */
  readonly written: string;
  readonly value: Piece | undefined;
  readonly at: Position;
}

export interface ParsedFlags {
  readonly uses: readonly FlagUse[];
  /** Index of the first word that is no flag; the number of words where there is none. */
  readonly next: number;
  readonly problems: readonly Problem[];
}

interface Parser {
  readonly words: readonly Piece[];
  readonly flags: FlagSet;
  readonly uses: FlagUse[];
  readonly problems: Problem[];
  index: number;
}

/**
 * Reads flags up to the first argument that is none, as spf13/pflag does with interspersed arguments off: `--flag v`,
 * `--flag=v`, `-f v`, `-fv`, `-f=v`, combined letters, `--`. An unknown flag becomes a problem and the rest is still read.
 */
export function parseFlags(words: readonly Piece[], start: number, flags: FlagSet): ParsedFlags {
  const parser: Parser = { words, flags, uses: [], problems: [], index: start };
  for (let word = words[start]; word !== undefined; word = words[parser.index]) {
    if (word.value === "--") {
      parser.index++;
      break;
    }
    if (word.value.startsWith("--")) longFlag(parser, word);
    else if (word.value.length > 1 && word.value.startsWith("-")) shortFlags(parser, word);
    else if (isOptionsVariable(word, words[parser.index + 1])) skipVariable(parser, word);
    else break;
  }
  return { uses: parser.uses, next: parser.index, problems: parser.problems };
}

function longFlag(parser: Parser, word: Piece): void {
  parser.index++;
  const equals = word.value.indexOf("=");
  const written = equals === -1 ? word.value : word.value.slice(0, equals);
  const inline = equals === -1 ? undefined : slicePiece(word, equals + 1);
  const name = resolveName(parser.flags, written.slice(2));
  const kind = parser.flags.kinds.get(name);
  if (kind === undefined) unknownFlag(parser, written, word, inline !== undefined);
  else take(parser, { name, kind, written, inline, at: positionIn(word) });
}

function resolveName(flags: FlagSet, name: string): string {
  return flags.aliases.get(name) ?? name;
}

/** pflag's parseSingleShortArg: `-abc`, `-ovalue`, `-o=value`. */
function shortFlags(parser: Parser, word: Piece): void {
  parser.index++;
  for (let i = 1; i < word.value.length; i++) {
    const letter = word.value[i] ?? "";
    const written = `-${letter}`;
    const long = parser.flags.short.get(letter);
    const rest = slicePiece(word, i + 1);
    if (long === undefined) {
      unknownFlag(parser, written, word, true);
      return;
    }
    const name = resolveName(parser.flags, long);
    const kind = parser.flags.kinds.get(long) ?? "value";
    const at = positionIn(word, i === 1 ? 0 : i);
    const inline = rest.value.startsWith("=") && rest.value.length > 1 ? slicePiece(rest, 1) : undefined;
    if (inline) {
      take(parser, { name, kind, written, inline, at });
      return;
    }
    if (kind !== "boolean") {
      take(parser, { name, kind, written, inline: rest.value ? rest : undefined, at });
      return;
    }
    take(parser, { name, kind, written, inline: undefined, at });
  }
}

interface Taken {
  readonly name: string;
  readonly kind: FlagKind;
  readonly written: string;
  readonly inline: Piece | undefined;
  readonly at: Position;
}

function take(parser: Parser, { name, kind, written, inline, at }: Taken): void {
  if (kind === "boolean") {
    parser.uses.push({ name, written, value: inline, at });
    return;
  }
  const value = inline ?? parser.words[parser.index];
  if (!inline) parser.index++;
  if (!value) {
    parser.problems.push({
      code: "missing-field",
      message: `expected a value after ${written}, found the end of the command`,
      at,
    });
    return;
  }
  for (const part of kind === "list" ? csvPieces(value) : [value])
    parser.uses.push({ name, written, value: part, at });
}

/**
 * What an unknown flag takes is guessed so that as little as possible is lost: as the flag it resembles; else it has a
 * value when the word after that is a known flag (so that flag is not mistaken for the container's argument).
 */
function unknownFlag(parser: Parser, written: string, word: Piece, complete: boolean): void {
  const { flags, words, index } = parser;
  const name = written.replace(/^--?/, "");
  const nearest = written.startsWith("--") ? nearestFlag(name, flags) : undefined;
  parser.problems.push({
    code: "unknown-flag",
    message: expected("a known flag", written),
    at: positionIn(word),
    hint: nearest === undefined ? undefined : `did you mean "--${nearest}"?`,
  });
  if (complete) return;
  const next = words[index]?.value ?? "-";
  if (next.startsWith("-")) return;
  const kind = nearest === undefined ? undefined : flags.kinds.get(resolveName(flags, nearest));
  if (kind === undefined ? isKnownFlag(flags, words[index + 1]?.value ?? "") : kind !== "boolean")
    parser.index++;
}

function isKnownFlag(flags: FlagSet, text: string): boolean {
  if (text.startsWith("--")) return flags.kinds.has(resolveName(flags, text.slice(2).replace(/=[^]*$/, "")));
  return text.startsWith("-") && flags.short.has(text[1] ?? "");
}

const optionNames =
  /opt|arg|flag|param|mount|vol|env|port|net|gpu|device|dev$|tty|extra|label|cap|secur|limit|^[@*]$/i;
const imageNames = /image|img|tag|registry|repo|container|^[0-9]$/i;

/** `docker run $OPTS image`: a whole word that is one unresolved variable, named for options, with more words behind it. */
function isOptionsVariable(word: Piece, next: Piece | undefined): boolean {
  const [hole] = word.holes;
  if (!hole || hole.start !== 0 || hole.end !== word.value.length) return false;
  if (next === undefined) return /^[@*]$/.test(hole.name);
  return optionNames.test(hole.name) && !imageNames.test(hole.name);
}

function skipVariable(parser: Parser, word: Piece): void {
  parser.index++;
  parser.problems.push({
    code: "unset-variable",
    message: `${expected("every option to be in the text", word.value)}, whose options are not judged`,
    at: positionIn(word),
  });
}
