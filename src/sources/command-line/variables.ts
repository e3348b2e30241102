import type { Assignment } from "./lexer.ts";

/**
 * What a script's own text says about its variables. Only a name that is assigned exactly once has a value here: with
 * two assignments the text does not say which one holds when the command runs.
 */
export type Variables = ReadonlyMap<string, Variable>;
export interface Variable {
  readonly value: string;
  /** The words of an array; undefined for a scalar. */
  readonly words?: readonly string[] | undefined;
}

/** One `$…` or backquote form of the text. */
export interface Expansion {
  readonly end: number;
  readonly name: string;
  /** The value, or a placeholder such as `$NAME` where the text does not say it. */
  readonly value: string;
  readonly known: boolean;
  /** Several words, where the shell makes several of it. */
  readonly words?: readonly string[] | undefined;
  /** Where the text of a command substitution stands. */
  readonly command?: readonly [number, number] | undefined;
}

/** Names that hold the directory of the project: the shell's, Make's, and those of build services. */
const projectNames = new Set(
  "PWD CURDIR WORKSPACE CI_PROJECT_DIR GITHUB_WORKSPACE BITBUCKET_CLONE_DIR TRAVIS_BUILD_DIR BUILD_SOURCESDIRECTORY".split(
    " ",
  ),
);
const projectCommands =
  /^(?:shell\s+)?(?:pwd(?:\s+-[LP])?|realpath\s+\.|readlink\s+-f\s+\.|git\s+rev-parse\s+--show-toplevel)$/;
const maxLength = 4000;

/** The end of the `$(…)` at `start` (after its parenthesis); `start + 1` when it is not closed nearby. */
export function substitution(text: string, start: number): number {
  let depth = 0;
  const limit = Math.min(text.length, start + maxLength);
  for (let i = start + 1; i < limit; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (character === "'") {
      const end = text.indexOf("'", i + 1);
      if (end !== -1 && end < limit) i = end;
    } else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return i + 1;
  }
  return start + 1;
}

/** Reads the `$` or backquote form at `start`; undefined for a lone character. */
export function variableAt(
  text: string,
  start: number,
  variables: Variables,
  quoted = false,
): Expansion | undefined {
  if (text[start] === "`") {
    const end = text.indexOf("`", start + 1);
    const far = end === -1 || end - start > maxLength;
    return far ? undefined : command(text, start + 1, end, end + 1, variables, quoted);
  }
  const next = text[start + 1] ?? "";
  if (next === "(") {
    const end = substitution(text, start);
    return end <= start + 1 ? undefined : command(text, start + 2, end - 1, end, variables, quoted);
  }
  if (next === "{") return braces(text, start, variables, quoted);
  if (next === "$") return escapedDollar(text, start, variables, quoted);
  const [name] = /^(?:[A-Za-z_]\w*|[0-9@*#?!-])/.exec(text.slice(start + 1, start + 256)) ?? [];
  return name === undefined ? undefined : valueOf(name, start + 1 + name.length, variables, quoted);
}

/** Make writes `$$` for the shell's `$`; in a shell it is the number of the process. */
function escapedDollar(text: string, start: number, variables: Variables, quoted: boolean): Expansion {
  const make = /[({A-Za-z_]/.test(text[start + 2] ?? "");
  return (make ? variableAt(text, start + 1, variables, quoted) : undefined) ?? hole("$", start + 2);
}

function hole(name: string, end: number): Expansion {
  return { end, name, value: `$${name.replace(/[^\w.@*-]/g, "")}`, known: false };
}

function valueOf(name: string, end: number, variables: Variables, quoted: boolean): Expansion {
  const variable = variables.get(name);
  if (variable) {
    const split = variable.words ?? (quoted ? undefined : variable.value.split(/\s+/).filter(Boolean));
    const words = split?.length === 1 && !variable.words ? undefined : split;
    return { end, name, value: quoted ? variable.value : variable.value.trim(), known: true, words };
  }
  if (projectNames.has(name)) return { end, name, value: ".", known: true };
  if (name === "HOME") return { end, name, value: "$HOME", known: true };
  return hole(name, end);
}

function command(
  text: string,
  from: number,
  to: number,
  end: number,
  variables: Variables,
  quoted: boolean,
): Expansion {
  const content = text.slice(from, to).trim();
  if (projectCommands.test(content)) return { end, name: content, value: ".", known: true };
  // `$(NAME)` is a variable of Make.
  if (/^[A-Z_][A-Z0-9_.]*$/.test(content) || variables.has(content))
    return valueOf(content, end, variables, quoted);
  const [program = ""] = content.split(/\s/);
  return {
    end,
    name: `(${program})`,
    value: `$(${program.replace(/[^\w.-]/g, "")})`,
    known: false,
    command: [from, to],
  };
}

function braces(text: string, start: number, variables: Variables, quoted: boolean): Expansion | undefined {
  const window = text.slice(start, start + maxLength);
  const workflow = /^\$\{\{\s*([^{}]*?)\s*\}\}/.exec(window);
  if (workflow) return workflowExpression(workflow, start);
  const length = closingBrace(window);
  if (length === -1) return undefined;
  const inside = window.slice(2, length);
  const end = start + length + 1;
  const parts = /^([A-Za-z_]\w*|[0-9@*#?!-])(?:\[[@*]\])?(?:(:?[-=])([^]*))?$/.exec(inside);
  if (!parts) return altered(/[A-Za-z_]\w*/.exec(inside)?.[0] ?? "", end, variables);
  const [, name = "", , fallback] = parts;
  const value = valueOf(name, end, variables, quoted);
  return value.known || fallback === undefined ? value : withDefault(name, fallback, end, variables, quoted);
}

/** `${{ github.workspace }}` of a workflow file, and its like. */
function workflowExpression([whole, name = ""]: RegExpExecArray, start: number): Expansion {
  const end = start + whole.length;
  return name === "github.workspace" ? { end, name, value: ".", known: true } : hole(name, end);
}

/** `${NAME%/}`, `${NAME:+…}` and so on: what becomes of the value is not computed. */
function altered(name: string, end: number, variables: Variables): Expansion {
  const project = projectNames.has(name) && !variables.has(name);
  return project ? { end, name, value: ".", known: true } : hole(name, end);
}

function withDefault(
  name: string,
  fallback: string,
  end: number,
  variables: Variables,
  quoted: boolean,
): Expansion {
  const text = expandText(fallback.replace(/^(["'])([^]*)\1$/, "$2"), variables);
  if (text === undefined) return hole(name, end);
  const words = quoted ? undefined : text.split(/\s+/).filter(Boolean);
  return { end, name, value: text, known: true, words: words?.length === 1 ? undefined : words };
}

function closingBrace(window: string): number {
  let depth = 0;
  for (let i = 1; i < window.length; i++) {
    if (window[i] === "\\") i++;
    else if (window[i] === "{") depth++;
    else if (window[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

/** A text with its variables replaced; undefined when one of them has no known value. */
function expandText(text: string, variables: Variables): string | undefined {
  let result = "";
  for (let i = 0; i < text.length;) {
    const expansion = text[i] === "$" || text[i] === "`" ? variableAt(text, i, variables, true) : undefined;
    if (expansion && !expansion.known) return undefined;
    result += expansion ? expansion.value : (text[i] ?? "");
    i = expansion ? expansion.end : i + 1;
  }
  return result;
}

/** The variables that assignments of the shell and of Make (`NAME := value`) settle. */
export function settledVariables(
  assignments: readonly Assignment[],
  text: string,
  known: Variables,
): Variables {
  const values = new Map<string, Variable | undefined>();
  const add = (name: string, variable: Variable | undefined): void => {
    const before = values.get(name);
    const same =
      before !== undefined &&
      before.value === variable?.value &&
      before.words?.join("\0") === variable.words?.join("\0");
    if (!same) values.set(name, values.has(name) ? undefined : variable);
  };
  for (const { name, append, array, words } of assignments) {
    const settled = !append && words.every((word) => word.holes.length === 0);
    const texts = words.map((word) => word.value);
    add(name, settled ? { value: texts.join(" "), words: array ? texts : undefined } : undefined);
  }
  for (const match of text.matchAll(/^([A-Za-z_]\w*)(?:[ \t]*(?::{1,3}|\?)=|[ \t]+=)[ \t]*([^\n#]*)/gm)) {
    const [, name = "", value = ""] = match;
    const expanded = value.endsWith("\\") ? undefined : expandText(value.trim(), known);
    add(name, expanded === undefined ? undefined : { value: expanded });
  }
  const settled = new Map<string, Variable>();
  for (const [name, variable] of values) if (variable) settled.set(name, variable);
  return settled;
}
