/** Looks a variable up; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

export interface Substitution {
  readonly text: string;
  readonly unset: readonly string[];
  /** Some variable's value went into the text. */
  readonly used: boolean;
  readonly failure?: Failure | undefined;
}

export type Failure =
  | { readonly kind: "required"; readonly variable: string; readonly reason: string }
  | { readonly kind: "invalid" };

interface Progress {
  readonly lookup: Lookup;
  readonly unset: string[];
  used: boolean;
  failure: Failure | undefined;
}

/** Deeper nesting of defaults is refused: each level is a recursion. */
const maxDepth = 100;
const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const operator = /:?[-+?]/y;

/**
 * Replaces variables in a text: `$NAME`, `${NAME}`, the forms with `-`, `:-`, `+`, `:+`, `?`, `:?` (nested), and `$$`.
 * A variable that is unset and has no default becomes empty and is listed in `unset`.
 * @see Compose specification, 12-interpolation.md; compose-go template/template.go
 */
export function substitute(text: string, lookup: Lookup): Substitution {
  const progress: Progress = { lookup, unset: [], used: false, failure: undefined };
  const result = expand(text, progress, 0);
  return { text: result, unset: progress.unset, used: progress.used, failure: progress.failure };
}

function expand(text: string, progress: Progress, depth: number): string {
  let result = "";
  let position = 0;
  while (position < text.length && progress.failure === undefined) {
    const dollar = text.indexOf("$", position);
    if (dollar === -1) break;
    const { value, end } = reference(text, dollar, progress, depth);
    result += text.slice(position, dollar) + value;
    position = end;
  }
  return result + text.slice(position);
}

interface Replaced {
  readonly value: string;
  /** Where the text goes on. */
  readonly end: number;
}

function reference(text: string, dollar: number, progress: Progress, depth: number): Replaced {
  if (text[dollar + 1] === "{") return braced(text, dollar, progress, depth);
  const variable = match(name, text, dollar + 1);
  if (variable !== undefined) return { value: plain(variable, progress), end: dollar + 1 + variable.length };
  // Two are one; a dollar sign before anything else, or at the end, is just that.
  return { value: "$", end: dollar + (text[dollar + 1] === "$" ? 2 : 1) };
}

function braced(text: string, dollar: number, progress: Progress, depth: number): Replaced {
  const start = dollar + 2;
  const variable = match(name, text, start);
  const end = variable === undefined || depth > maxDepth ? -1 : closingBrace(text, dollar + 1);
  const rest = end === -1 ? undefined : text.slice(start + (variable?.length ?? 0), end);
  const value = rest === undefined ? undefined : inBraces(variable ?? "", rest, progress, depth);
  if (value === undefined) progress.failure ??= { kind: "invalid" };
  return { value: value ?? "", end: end + 1 };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The brace that closes the one at `open`; braces in a default count too. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function plain(variable: string, progress: Progress): string {
  const value = progress.lookup(variable);
  if (value === undefined) progress.unset.push(variable);
  else progress.used = true;
  return value ?? "";
}

/** `rest` is what stands between the name and the closing brace; undefined when it is no known form. */
function inBraces(variable: string, rest: string, progress: Progress, depth: number): string | undefined {
  if (rest === "") return plain(variable, progress);
  const form = match(operator, rest, 0);
  if (form === undefined) return undefined;
  const argument = rest.slice(form.length);
  const value = progress.lookup(variable);
  const present = value !== undefined && (form.length === 1 || value !== "");
  if (form.endsWith("+")) {
    if (present) return expand(argument, progress, depth + 1);
    return value ?? "";
  }
  if (present) {
    progress.used = true;
    return value;
  }
  if (form.endsWith("-")) return expand(argument, progress, depth + 1);
  const reason = expand(argument, progress, depth + 1);
  progress.failure ??= { kind: "required", variable, reason };
  return "";
}
