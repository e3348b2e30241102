/** Reads values that somebody else wrote: what is not of the wanted shape is undefined or empty, and keys are only ever looked up. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The own field of a mapping, whatever it is called. */
export function fieldOf(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export function textField(value: unknown, name: string): string | undefined {
  return textOf(fieldOf(value, name));
}

/** The keys of the outermost object in the beginning of a document. */
export function outerKeys(head: string): ReadonlySet<string> {
  const keys = new Set<string>();
  if (!/^\uFEFF?\s*\{/.test(head)) return keys;
  let depth = 0;
  for (const [token, key] of head.matchAll(/"((?:[^"\\]|\\.)*)"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && key !== undefined && token.endsWith(":")) keys.add(key);
  }
  return keys;
}

const cve = /^CVE-\d{4}-\d{4,}$/;

export function isCve(id: string): boolean {
  return cve.test(id);
}

/** A title as it is kept: one line, not long. */
export function shortTitle(text: string | undefined): string | undefined {
  const line = text?.slice(0, 400).replace(/\s+/g, " ").trim();
  return line === undefined || line === "" ? undefined : line.slice(0, 120);
}
