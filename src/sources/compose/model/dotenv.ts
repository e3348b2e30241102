import type { Position, SourceText } from "../../../base/location.ts";
import type { Lookup } from "./template.ts";
import { substitute } from "./template.ts";

/** One assignment of an environment file. `value` is undefined for a bare name, which takes the caller's value. */
export interface Assignment {
  readonly name: string;
  readonly value: string | undefined;
  readonly at: Position;
}

/** What stands beyond is not read: no environment file is this long. */
const maxLength = 1_000_000;
const statement = /[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][\w.[\]-]*)[^\S\n]*(?:([=:])[^\S\n]*|(?=\r?\n|$|#))/y;
const blank = /\s*(?:#[^\n]*)?/y;
const doubleQuoted = /"([^"\\]*(?:\\[^][^"\\]*)*)"/y;
const singleQuoted = /'([^'\\]*(?:\\[^][^'\\]*)*)'/y;
const unquoted = /[^\n]*/y;
const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", c: "", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", '"': '"', "\\": "\\" }; // prettier-ignore

/**
 * Reads an environment file: `NAME=value`, quotes, `export`, comments, values over several lines, variables in values
 * (the caller's environment first, then what stands above). A line that is none of these is passed over.
 * @see docs.docker.com/compose/how-tos/environment-variables/variable-interpolation; compose-go dotenv/parser.go
 */
export function readEnvFile(file: SourceText, lookup: Lookup): readonly Assignment[] {
  const text = file.text.slice(0, maxLength);
  const found: Assignment[] = [];
  const above = new Map<string, string>();
  const inherit: Lookup = (name) => lookup(name) ?? above.get(name);
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  };
  while (position < text.length) {
    const before = position;
    take(blank);
    const [whole = "", name, separator] = take(statement) ?? [];
    if (name !== undefined) {
      const at = { source: file, offset: position - whole.length };
      const value = separator === undefined ? undefined : valueAt(take, inherit);
      if (value !== undefined) above.set(name, value);
      found.push({ name, value, at });
    }
    if (name === undefined || position === before) take(unquoted);
    if (position === before) position++;
  }
  return found;
}

function valueAt(take: (pattern: RegExp) => RegExpExecArray | null, lookup: Lookup): string {
  const double = take(doubleQuoted);
  if (double) {
    const unescaped = (double[1] ?? "").replace(/\\([abcfnrtv"\\$])/g, (_, letter: string) =>
      letter === "$" ? "$$" : (escapes[letter] ?? letter),
    );
    return expandValue(unescaped, lookup);
  }
  const single = take(singleQuoted);
  if (single) return (single[1] ?? "").replace(/\\'/g, "'");
  const rest = take(unquoted)?.[0] ?? "";
  return expandValue(rest.split(" #", 1)[0]?.trimEnd() ?? "", lookup);
}

function expandValue(text: string, lookup: Lookup): string {
  if (!text.includes("$")) return text;
  const { text: expanded, failure } = substitute(text, lookup);
  return failure ? text : expanded;
}

/** The values that environment files give, later files first; names without a value take the caller's. */
export function valuesOf(files: readonly SourceText[], lookup: Lookup): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const file of files) {
    for (const { name, value } of readEnvFile(file, (wanted) => lookup(wanted) ?? values.get(wanted))) {
      const known = value ?? lookup(name);
      if (known !== undefined) values.set(name, known);
    }
  }
  return values;
}
