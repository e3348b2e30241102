import type { ProfileProblem } from "./types.ts";

/** Where a reader is in a document, and where it writes what is wrong. */
export interface Reader {
  readonly path: string;
  readonly problems: ProfileProblem[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const at = (reader: Reader, step: string | number): Reader => ({
  problems: reader.problems,
  path:
    typeof step === "number"
      ? `${reader.path}[${String(step)}]`
      : reader.path === ""
        ? step
        : `${reader.path}.${step}`,
});

// A profile is untrusted text: only a short, printable form of it may reach a message.
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  return typeof value === "function" || typeof value === "symbol" ? typeof value : String(value).slice(0, 60);
};

/** Reports what was found in place of what was expected; returns `undefined`, for the caller to return in turn. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- lets a reader of any type return it
export const expected = <T>(reader: Reader, what: string, found: unknown): T | undefined => {
  reader.problems.push({ path: reader.path, message: `expected ${what}, found ${shown(found)}` });
  return undefined;
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An own property, or `undefined` for one that is missing or null: Go writes empty lists as null. */
export const field = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined;

export const readObject = (reader: Reader, value: unknown): JsonObject | undefined =>
  isObject(value) ? value : expected(reader, "an object", value);

/** A list, each entry read by `read`; entries that cannot be read are left out. */
export const readList = <T>(
  reader: Reader,
  value: unknown,
  read: (reader: Reader, entry: unknown) => T | undefined,
): readonly T[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return expected(reader, "a list", value) ?? [];
  const entries: readonly unknown[] = value;
  return entries.map((entry, index) => read(at(reader, index), entry)).filter((entry) => entry !== undefined);
};

export const readString = (reader: Reader, value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : expected(reader, "a name", value);

export const readOneOf = <T extends string>(
  reader: Reader,
  value: unknown,
  allowed: readonly T[],
  what: string,
): T | undefined => allowed.find((one) => one === value) ?? expected(reader, what, value);

/**
 * A 64-bit value. JSON numbers above 2^53 have lost their lowest bits by the time they get here, so they are refused
 * rather than compared wrongly.
 */
export const readUint64 = (reader: Reader, value: unknown): bigint | undefined => {
  if (typeof value === "bigint" && value >= 0n && value < 1n << 64n) return value;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? BigInt(value)
    : expected(reader, "a whole number from 0 to 2^53 - 1", value);
};

export const readSmall = (reader: Reader, value: unknown, highest: number): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= highest
    ? value
    : expected(reader, `a whole number from 0 to ${String(highest)}`, value);
