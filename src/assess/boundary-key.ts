import type { Boundary, Mount } from "../boundary/boundary.ts";
import type { HostPath } from "../boundary/host-paths.ts";
import { isWithin } from "../boundary/paths.ts";
import { lookUp, pathIndex, resolveOnHost } from "../conditions/parts/path-index.ts";

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
export function boundaryKey(boundary: Boundary, hostPaths: readonly HostPath[]): string {
  let host = hostIds.get(boundary.host);
  if (host === undefined) {
    host = hosts++;
    hostIds.set(boundary.host, host);
  }
  const { mounts, ...rest } = boundary;
  let text = `${String(host)}|${write(rest)}`;
  for (const mount of mounts)
    text += write(isPlainGrant(mount, boundary, hostPaths) ? { ...mount, source: "a grant" } : mount);
  return text;
}

/** Kernel interfaces and devices are asked for by name, not by the list. */
const askedByName = ["/proc", "/sys", "/dev"];

/**
 * A host path that the list says nothing of, neither of it nor of what lies above or below: to every condition it is just
 * some path, whatever its name.
 */
function isPlainGrant({ kind, source }: Mount, { host }: Boundary, hostPaths: readonly HostPath[]): boolean {
  if (kind !== "bind" || !source?.known) return false;
  const path = source.value;
  if (!path.startsWith("/") || path.includes("$") || askedByName.some((folder) => isWithin(path, folder)))
    return false;
  const { exact, above, below } = lookUp(pathIndex(hostPaths, host.links), resolveOnHost(path, host.links));
  return exact === undefined && above?.entry.below !== "same" && below.length === 0;
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
