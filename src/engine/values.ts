import type { Boundary, Mount } from "../boundary/boundary.ts";
import type { Facets } from "../boundary/facets.ts";
import { facetCount, facetOf } from "../boundary/facets.ts";
import type { HostPath } from "../boundary/host-paths.ts";
import { isWithin } from "../boundary/paths.ts";
import { lookUp, pathIndex, resolveOnHost } from "../conditions/parts/path-index.ts";

/** Left out: positions and provenance, and the parts of the model that no condition reads. */
const skipped = new Set([
  "at",
  "provenance",
  "origins",
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

/**
 * The values of a boundary, of those facets that are asked for: a text that two boundaries have in common exactly when no
 * condition that reads only these facets can tell them apart. Where something was declared, and what only the blast radius
 * shows, may differ.
 */
export interface Values {
  readonly of: (facets: Facets) => string;
}

/** Numbers for the values of facets, shared by all boundaries of a run: texts would be compared again and again. */
export type ValueNumbers = readonly Map<string, number>[];

export function valueNumbers(): ValueNumbers {
  return Array.from({ length: facetCount }, () => new Map<string, number>());
}

export const everyFacet: Facets = 2 ** facetCount - 1;

/** Preconditions: `boundary` is not the recorded one, or every read would count as the verdict's. */
export function valuesOf(boundary: Boundary, hostPaths: readonly HostPath[], numbers: ValueNumbers): Values {
  const known = new Map<Facets, string>();
  const ids: (number | undefined)[] = [];
  const idOf = (facet: number): number =>
    (ids[facet] ??= numberOf(facetText(boundary, facet, hostPaths), numbers[facet]));
  return {
    of(facets) {
      let text = known.get(facets);
      if (text !== undefined) return text;
      text = `:${String(facets)}:`;
      for (let facet = 0; facet < facetCount; facet++)
        if (facets & (1 << facet)) text += `${String(idOf(facet))},`;
      known.set(facets, text);
      return text;
    },
  };
}

function numberOf(text: string, numbers: Map<string, number> | undefined): number {
  const known = numbers?.get(text);
  if (known !== undefined) return known;
  const number = numbers?.size ?? 0;
  numbers?.set(text, number);
  return number;
}

function facetText(boundary: Boundary, facet: number, hostPaths: readonly HostPath[]): string {
  const value = facetOf(boundary, facet);
  if (value === boundary.host) return hostText(boundary.host);
  if (value === boundary.credentials)
    return `${write(value)}${String(isDefaultAccount(boundary.credentials))}`;
  if (value !== boundary.mounts) return write(value);
  let text = "";
  for (const mount of boundary.mounts)
    text +=
      mount.implicit === true
        ? implicitText(mount)
        : write(isPlainGrant(mount, boundary, hostPaths) ? { ...mount, source: "a grant" } : mount);
  return text;
}

const implicitTexts = new WeakMap<Mount, string>();
const implicitNames = new Map<string, string>();

/** Engines add the same mounts to all, as the same objects: a short name stands for what each of them is. */
function implicitText(mount: Mount): string {
  const known = implicitTexts.get(mount);
  if (known !== undefined) return known;
  const text = write(mount);
  const name = implicitNames.get(text) ?? `#${String(implicitNames.size)};`;
  implicitNames.set(text, name);
  implicitTexts.set(mount, name);
  return name;
}

/** The account's name is shown only, but a namespace's default account is judged otherwise (conditions/cluster-right.ts). */
function isDefaultAccount({ serviceAccount }: Boundary["credentials"]): boolean {
  return (serviceAccount ?? "default") === "default";
}

const hostIds = new WeakMap<object, number>();
let hosts = 0;

/** All subjects of a run stand on few hosts, each one object. */
function hostText(host: object): string {
  let id = hostIds.get(host);
  if (id === undefined) {
    id = hosts++;
    hostIds.set(host, id);
  }
  return String(id);
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

/** Values that defaults share by identity (lists of paths, sets of capabilities) are written out once. */
const shared = new WeakMap<object, string>();

function write(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return writeList(value);
  // Most of a boundary is known facts, of which only the value tells.
  if ("known" in value && value.known === true)
    return `=${write((value as { readonly value?: unknown }).value)}`;
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
