import type { Boundary } from "../boundary/boundary.ts";

/** Left out: positions and provenance, and the parts of the model that no condition reads. */
const skipped = new Set([
  "host",
  "at",
  "provenance",
  "environment",
  "secrets",
  "published",
  "networks",
  "limits",
  "rlimits",
  "reference",
  "serviceAccount",
  "detail",
]);

const hostIds = new WeakMap<object, number>();
let hosts = 0;

/** Values that defaults share by identity (lists of paths, sets of capabilities) are written out once. */
const shared = new WeakMap<object, string>();

/**
 * A text that two boundaries have in common exactly when no technique can tell them apart: the same values everywhere a
 * condition can look. Where they were declared, and what only the blast radius shows, may differ.
 */
export function boundaryKey(boundary: Boundary): string {
  let host = hostIds.get(boundary.host);
  if (host === undefined) {
    host = hosts++;
    hostIds.set(boundary.host, host);
  }
  return `${String(host)}|${write(boundary)}`;
}

function write(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return writeList(value);
  let text = "{";
  for (const key in value) {
    if (skipped.has(key)) continue;
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) text += `${key}:${write(inner)},`;
  }
  return `${text}}`;
}

function writeList(list: readonly unknown[]): string {
  if (list.length === 0) return "[]";
  const known = shared.get(list);
  if (known !== undefined) return known;
  let text = "[";
  for (const item of list) text += `${write(item)},`;
  text += "]";
  // Only lists of plain strings are shared by identity; the others are made anew for each subject.
  if (typeof list[0] === "string") shared.set(list, text);
  return text;
}
