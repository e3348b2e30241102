import type { SourceText } from "../../base/location.ts";
import type { Hole, Piece } from "./piece.ts";
import { slicePiece } from "./piece.ts";
import type { Variables } from "./variables.ts";

/** What reading shell text works on: words with places, the state between two characters, and what ends them. */
export interface Word extends Piece {
  /** Some part was quoted. */
  readonly quoted: boolean;
  /** The texts of command substitutions in the word, which hold commands of their own. */
  readonly nested: readonly Stream[];
}

/** Text with the place of each character; `offsets` absent: the text is the source's own. */
export interface Stream {
  readonly source: SourceText;
  readonly text: string;
  readonly offsets?: readonly number[] | undefined;
}

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  readonly array: boolean;
  readonly words: readonly Word[];
}

export interface ShellText {
  readonly commands: readonly (readonly Word[])[];
  readonly assignments: readonly Assignment[];
  /** Bodies of here-documents: texts of their own. */
  readonly documents: readonly Stream[];
}

/** A word while it is being read. */
export interface Builder {
  value: string;
  readonly offsets: number[];
  readonly holes: Hole[];
  readonly nested: Stream[];
  quoted: boolean;
}

/** The state of reading one stream. */
export interface Lexer {
  readonly stream: Stream;
  readonly variables: Variables;
  i: number;
  word: Builder | undefined;
  words: Word[];
  readonly commands: (readonly Word[])[];
  readonly assignments: Assignment[];
  readonly documents: Stream[];
  inArray: boolean;
  /** Here-documents without an end; each costs a scan of the rest, so only some are looked for. */
  unclosed: number;
  pending: { delimiter: string; indented: boolean }[];
  /** The next word is a redirection's target, or a here-document's delimiter. */
  skip: "target" | "delimiter" | "indented-delimiter" | undefined;
}

/** Where the character at an index of the stream was written. */
export function offsetAt(lexer: Lexer, index: number): number {
  return lexer.stream.offsets ? (lexer.stream.offsets[index] ?? lexer.stream.source.text.length) : index;
}

/** The word that is being read, begun if there is none. */
export function builder(lexer: Lexer): Builder {
  lexer.word ??= { value: "", offsets: [], holes: [], nested: [], quoted: false };
  return lexer.word;
}

/** Adds text to the word; each character gets the place of the one at `index`, counting on where `verbatim`. */
export function push(lexer: Lexer, text: string, index: number, verbatim = false): void {
  const word = builder(lexer);
  for (let k = 0; k < text.length; k++) word.offsets.push(offsetAt(lexer, verbatim ? index + k : index));
  word.value += text;
}

/** Ends the word, if one is being read: as a word of the command, or as what a redirection asked for. */
export function endWord(lexer: Lexer): void {
  const { word, stream } = lexer;
  if (!word) return;
  lexer.word = undefined;
  const last = word.offsets.at(-1);
  const offsets = [...word.offsets, last === undefined ? offsetAt(lexer, lexer.i) : last + 1];
  const done: Word = { ...word, source: stream.source, offsets };
  const { skip } = lexer;
  lexer.skip = undefined;
  if (skip === undefined) lexer.words.push(done);
  else if (skip !== "target")
    lexer.pending.push({ delimiter: word.value, indented: skip === "indented-delimiter" });
}

/** Ends the command, and notes what it assigns. */
export function endCommand(lexer: Lexer): void {
  endWord(lexer);
  lexer.skip = undefined;
  if (lexer.words.length === 0) return;
  const { words } = lexer;
  lexer.words = [];
  lexer.commands.push(words);
  recordAssignments(lexer, words);
}

const reserved = /^(?:then|else|do|if|elif|while|until|\{|!)$/;
const declaring = /^(?:export|readonly|local|declare|typeset)$/;

function recordAssignments(lexer: Lexer, words: readonly Word[]): void {
  const command = words.slice(words.findIndex((word) => !reserved.test(word.value)));
  const first = command[0]?.value ?? "";
  // What a loop or `read` sets is never the same twice: recorded as added to, it has no settled value.
  if (/^(?:for|select|read)$/.test(first)) {
    for (const { value } of first === "read" ? command.slice(1) : command.slice(1, 2)) {
      lexer.assignments.push({ name: value, append: true, array: false, words: [] });
    }
  }
  const candidates = declaring.test(first)
    ? command.slice(1)
    : command.every((word) => assigned(word))
      ? command
      : [];
  for (const word of candidates) {
    const match = assigned(word);
    if (!match) continue;
    const [text, name = "", plus] = match;
    const value = { ...word, ...slicePiece(word, text.length) };
    lexer.assignments.push({ name, append: plus === "+", array: false, words: [value] });
  }
}

function assigned(word: Word): RegExpExecArray | null {
  return /^([A-Za-z_]\w*)(\+?)=/.exec(word.value);
}

/** A part of the stream as a text of its own. */
export function subStream(lexer: Lexer, from: number, to: number): Stream {
  const offsets = Array.from({ length: to - from }, (_, k) => offsetAt(lexer, from + k));
  return { source: lexer.stream.source, text: lexer.stream.text.slice(from, to), offsets };
}
