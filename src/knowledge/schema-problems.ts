import type { ZodMiniType } from "zod/mini";
import { expected } from "../base/problems.ts";
import type { SchemaProblem } from "./engine-defaults-schema.ts";

/** The part of a zod issue that the messages are made from. */
interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly [detail: string]: unknown;
}

/**
 * What a schema finds wrong with a value, in the grammar `expected X, found Y`; paths in the form `examples.open[0].run`,
 * after `path`. No problems: the value is of the schema's type.
 */
export function problemsOf(schema: ZodMiniType, value: unknown, path: string): readonly SchemaProblem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return (result.error.issues as unknown as readonly Issue[]).map((issue) => ({
    path: issue.path.reduce<string>(joined, path),
    message: describe(issue, found(value, issue.path)),
  }));
}

function joined(path: string, part: PropertyKey): string {
  if (typeof part === "number") return `${path}[${String(part)}]`;
  return path === "" ? String(part) : `${path}.${String(part)}`;
}

function found(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

const types: Readonly<Record<string, string>> = {
  object: "a mapping",
  array: "a list",
  record: "a mapping",
  string: "a string",
};

function describe(issue: Issue, value: unknown): string {
  const detail = (key: string): string => String(issue[key]);
  switch (issue.code) {
    case "invalid_type":
      return expected(types[detail("expected")] ?? detail("expected"), value);
    case "invalid_value":
      return expected((issue["values"] as readonly unknown[]).join(", "), value);
    case "invalid_format":
      return expected(`a text of the form ${detail("pattern")}`, value);
    case "too_small":
      return expected(
        `at least ${detail("minimum")} ${Array.isArray(value) ? "entries" : "characters"}`,
        value,
      );
    case "too_big":
      return expected(`at most ${detail("maximum")} characters`, value);
    case "unrecognized_keys":
      return `expected no such field, found ${(issue["keys"] as readonly string[]).join(", ")}`;
    case "invalid_union":
      return expected(alternatives(issue), value);
    default:
      return issue.message;
  }
}

/** What the alternatives of a union ask for, each in its own words. */
function alternatives(issue: Issue): string {
  const errors = (issue["errors"] ?? []) as readonly (readonly Issue[])[];
  const texts = errors.flatMap(([first]) => (first ? [describe(first, undefined)] : []));
  const wanted = texts.map((text) => text.replace(/^expected /, "").replace(/, found .*$/, ""));
  return [...new Set(wanted)].join(" or ") || "another value";
}
