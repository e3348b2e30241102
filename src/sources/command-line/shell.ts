import type { Lexer, ShellText, Stream } from "./lexer.ts";
import { builder, endCommand, endWord, push, subStream } from "./lexer.ts";
import type { Variables } from "./variables.ts";
import { substitution, variableAt } from "./variables.ts";

const maxUnclosed = 20;

/**
 * Splits shell text into simple commands whose words know where each character was written (POSIX shell command
 * language, sections 2.2 and 2.3, with Bash's arrays and here-strings and Make's `$$`). Nothing is executed: what a
 * variable or a command substitution gives is a hole unless the text itself says it. Nothing fails: an unclosed quote is
 * an ordinary character.
 */
export function lexShell(stream: Stream, variables: Variables): ShellText {
  const lexer: Lexer = {
    stream,
    variables,
    i: 0,
    word: undefined,
    words: [],
    commands: [],
    assignments: [],
    documents: [],
    inArray: false,
    unclosed: 0,
    pending: [],
    skip: undefined,
  };
  while (lexer.i < stream.text.length) step(lexer);
  endCommand(lexer);
  return lexer;
}

const readers: Readonly<Record<string, (lexer: Lexer) => void>> = {
  "\\": escaped,
  "'": singleQuoted,
  '"': doubleQuotedText,
  $: expandUnquoted,
  "`": expandUnquoted,
  "\n": newline,
  " ": blank,
  "\t": blank,
  "\r": blank,
  "#": comment,
  ";": operator,
  "&": operator,
  "|": operator,
  "(": openParenthesis,
  ")": operator,
  "{": brace,
  "}": brace,
  "<": redirection,
  ">": redirection,
  "~": tilde,
};

function step(lexer: Lexer): void {
  const character = lexer.stream.text[lexer.i] ?? "";
  const read = Object.hasOwn(readers, character) ? readers[character] : undefined;
  if (read) read(lexer);
  else literal(lexer, character);
}

function literal(lexer: Lexer, character: string): void {
  push(lexer, character, lexer.i);
  lexer.i++;
}

function blank(lexer: Lexer): void {
  endWord(lexer);
  lexer.i++;
}

function comment(lexer: Lexer): void {
  if (lexer.word) {
    literal(lexer, "#");
    return;
  }
  const end = lexer.stream.text.indexOf("\n", lexer.i);
  lexer.i = end === -1 ? lexer.stream.text.length : end;
}

function tilde(lexer: Lexer): void {
  const home = !lexer.word && /[/\s]|^$/.test(lexer.stream.text[lexer.i + 1] ?? "");
  push(lexer, home ? "$HOME" : "~", lexer.i);
  lexer.i++;
}

function escaped(lexer: Lexer): void {
  const { text } = lexer.stream;
  const continuation = /^\\\r?\n/.exec(text.slice(lexer.i, lexer.i + 3));
  if (continuation) {
    lexer.i += continuation[0].length;
    return;
  }
  const next = text[lexer.i + 1];
  builder(lexer).quoted = true;
  push(lexer, next ?? "\\", lexer.i + (next === undefined ? 0 : 1));
  lexer.i += 2;
}

function singleQuoted(lexer: Lexer): void {
  const { text } = lexer.stream;
  const start = lexer.i;
  const end = text.indexOf("'", start + 1);
  // An apostrophe inside a word, with no second one on its line, is prose.
  const apostrophe =
    /\w'\w/.test(text.slice(Math.max(0, start - 1), start + 2)) && text.slice(start, end).includes("\n");
  if (end === -1 || apostrophe) {
    literal(lexer, "'");
    return;
  }
  builder(lexer).quoted = true;
  push(lexer, text.slice(start + 1, end), start + 1, true);
  lexer.i = end + 1;
}

function doubleQuotedText(lexer: Lexer): void {
  const end = closingQuote(lexer.stream.text, lexer.i);
  if (end === -1) {
    literal(lexer, '"');
    return;
  }
  builder(lexer).quoted = true;
  lexer.i++;
  while (lexer.i < end) doubleQuoted(lexer);
  lexer.i = end + 1;
}

function closingQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "$" && text[i + 1] === "(") i = substitution(text, i) - 1;
    else if (text[i] === '"') return i;
  }
  return -1;
}

function doubleQuoted(lexer: Lexer): void {
  const { text } = lexer.stream;
  const character = text[lexer.i] ?? "";
  if (character === "$" || character === "`") {
    expand(lexer, true);
    return;
  }
  const next = text[lexer.i + 1] ?? "";
  if (character === "\\" && '$`"\\\n'.includes(next)) {
    if (next !== "\n") push(lexer, next, lexer.i + 1);
    lexer.i += 2;
    return;
  }
  push(lexer, character, lexer.i);
  lexer.i++;
}

function expandUnquoted(lexer: Lexer): void {
  expand(lexer, false);
}

/** A variable or a substitution. An unquoted known value is split into words, as the shell does. */
function expand(lexer: Lexer, quoted: boolean): void {
  const { stream, variables } = lexer;
  const start = lexer.i;
  // The value of an assignment is not split into words (POSIX 2.9.1).
  const whole = quoted || /^[A-Za-z_]\w*\+?=/.test(lexer.word?.value ?? "");
  const expansion = variableAt(stream.text, start, variables, whole);
  if (!expansion) {
    push(lexer, stream.text[start] ?? "", start);
    lexer.i++;
    return;
  }
  lexer.i = expansion.end;
  if (expansion.words) {
    expansion.words.forEach((text, index) => {
      if (index > 0) endWord(lexer);
      push(lexer, text, start);
    });
    return;
  }
  const word = builder(lexer);
  if (expansion.command) {
    const [from, to] = expansion.command;
    word.nested.push(subStream(lexer, from, to));
  }
  const hole = word.value.length;
  push(lexer, expansion.value, start);
  if (!expansion.known)
    word.holes.push({ start: hole, end: hole + expansion.value.length, name: expansion.name });
}

function newline(lexer: Lexer): void {
  endCommand(lexer);
  lexer.i++;
  const { pending } = lexer;
  lexer.pending = [];
  for (const { delimiter, indented } of pending) {
    if (lexer.unclosed < maxUnclosed) hereDocument(lexer, delimiter, indented);
  }
}

function hereDocument(lexer: Lexer, delimiter: string, indented: boolean): void {
  const { text } = lexer.stream;
  const start = lexer.i;
  let end = text.length;
  for (let line = start; line < text.length;) {
    const next = text.indexOf("\n", line);
    const stop = next === -1 ? text.length : next;
    const content = text.slice(line, stop).replace(/\r$/, "");
    if ((indented ? content.replace(/^\t+/, "") : content) === delimiter) {
      end = line;
      lexer.i = stop;
      break;
    }
    line = stop + 1;
  }
  // A delimiter that never comes: what looked like a here-document is read as commands.
  if (end === text.length) {
    lexer.unclosed++;
    return;
  }
  lexer.documents.push(subStream(lexer, start, end));
}

function operator(lexer: Lexer): void {
  const { text } = lexer.stream;
  // `&>` redirects; the `>` is read next.
  if (text[lexer.i] === "&" && text[lexer.i + 1] === ">") endWord(lexer);
  else endCommand(lexer);
  lexer.i++;
}

function openParenthesis(lexer: Lexer): void {
  if (lexer.word && !lexer.inArray && /^[A-Za-z_]\w*\+?=$/.test(lexer.word.value)) array(lexer);
  else operator(lexer);
}

/** Braces are reserved words, not operators: `{}` and `{a,b}` inside a word are text. */
function brace(lexer: Lexer): void {
  const { text } = lexer.stream;
  if (lexer.word || !/[\s;]|^$/.test(text[lexer.i + 1] ?? "")) literal(lexer, text[lexer.i] ?? "");
  else operator(lexer);
}

function redirection(lexer: Lexer): void {
  const { text } = lexer.stream;
  const digits = lexer.word && !lexer.word.quoted && /^\d+$/.test(lexer.word.value);
  if (digits) lexer.word = undefined;
  else endWord(lexer);
  const [operatorText = ">"] =
    /^(?:<<<|<<-|<<|>>|>\||[<>]&|<>|[<>])/.exec(text.slice(lexer.i, lexer.i + 3)) ?? [];
  lexer.i += operatorText.length;
  lexer.skip = operatorText === "<<" ? "delimiter" : operatorText === "<<-" ? "indented-delimiter" : "target";
}

/** `NAME=( … )`: the words up to the closing parenthesis, over line breaks and comments. */
function array(lexer: Lexer): void {
  const head = lexer.word?.value ?? "";
  lexer.word = undefined;
  const outer = lexer.words;
  lexer.words = [];
  lexer.inArray = true;
  lexer.i++;
  while (lexer.i < lexer.stream.text.length && lexer.stream.text[lexer.i] !== ")") {
    if (lexer.stream.text[lexer.i] === "\n") {
      endWord(lexer);
      lexer.i++;
    } else step(lexer);
  }
  endWord(lexer);
  lexer.inArray = false;
  lexer.i++;
  lexer.assignments.push({
    name: head.replace(/\+?=$/, ""),
    append: head.endsWith("+="),
    array: true,
    words: lexer.words,
  });
  lexer.words = outer;
}
