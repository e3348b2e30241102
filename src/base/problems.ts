import type { Location, Position } from "./location.ts";
import { locate } from "./location.ts";
import { quote } from "./text.ts";

/**
 * What can be wrong with an input. A closed list: other code may branch on a code, and a test asserts that each is
 * documented and produced.
 */
export const problemCodes = [
  "unreadable",
  "too-large",
  "not-text",
  "yaml-syntax",
  "yaml-alias-bomb",
  "json-syntax",
  "too-deep",
  "unrecognised",
  "wrong-type",
  "wrong-value",
  "missing-field",
  "unknown-flag",
  "missing-reference",
  "reference-cycle",
  "unset-variable",
  "outside-project",
  "internal-limit",
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/**
 * One thing that is wrong with an input: a value, never an exception, so that the good half of a file is still used.
 * `severity: "warning"` marks what does not cast doubt on any verdict (the exit status stays as it is).
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly at?: Position | undefined;
  /** The path of the field, such as `services.web.cap_add[0]`. */
  readonly path?: string | undefined;
  /** The file, where no position is known (it could not be read). */
  readonly file?: string | undefined;
  readonly hint?: string | undefined;
  readonly severity?: "error" | "warning";
}

/** `expected X, found Y`, with the found value quoted, cut and made safe for a terminal. */
export function expected(what: string, found: unknown): string {
  return `expected ${what}, found ${quote(found)}`;
}

/** The location of a problem, where it has one. */
export function problemLocation(problem: Problem): Location | null {
  return problem.at ? locate(problem.at) : null;
}

/** One line: `file:line:column: path: message`. */
export function formatProblem(problem: Problem): string {
  const at = problemLocation(problem);
  const where = at
    ? `${at.file}:${String(at.line)}:${String(at.column)}: `
    : problem.file
      ? `${problem.file}: `
      : "";
  return `${where}${problem.path ? `${problem.path}: ` : ""}${problem.message}`;
}
