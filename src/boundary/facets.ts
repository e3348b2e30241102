import type { Boundary, ProcessFacts } from "./boundary.ts";

/**
 * The parts of a boundary that are told apart when one asks what a verdict rests on. Each is a bit, so that a set of them is a
 * number; 31 at most.
 */
const processFacets = [
  "uid",
  "gid",
  "groups",
  "noNewPrivileges",
  "capabilities",
  "seccomp",
  "apparmor",
  "selinux",
  "rlimits",
  "terminal",
] as const satisfies readonly (keyof ProcessFacts)[];
const boundaryFacets = [
  "engine",
  "engineVersion",
  "rootless",
  "runtime",
  "runtimeVersion",
  "privileged",
  "isolation",
  "namespaces",
  "mounts",
  "maskedPaths",
  "readonlyPaths",
  "readonlyRootfs",
  "devices",
  "deviceRules",
  "cgroup",
  "network",
  "credentials",
  "image",
  "operatorActions",
  "siblings",
  "host",
] as const satisfies readonly Exclude<keyof Boundary, "process">[];

/** A set of facets. */
export type Facets = number;

export const facetCount = processFacets.length + boundaryFacets.length;

/** The facets that say which versions of what run a container (engine/affected.ts). */
export const versionFacets: Facets = ["engine", "engineVersion", "runtime", "runtimeVersion", "host"]
  .map((name) => 1 << (processFacets.length + boundaryFacets.findIndex((facet) => facet === name)))
  .reduce((set, bit) => set | bit);

/** The part of a boundary that a facet stands for, by its number. */
export function facetOf(boundary: Boundary, facet: number): unknown {
  const own = processFacets[facet];
  if (own !== undefined) return boundary.process[own];
  const name = boundaryFacets[facet - processFacets.length];
  return name === undefined ? undefined : boundary[name];
}

interface Watched {
  readonly of: Readonly<Record<string, unknown>>;
  readonly note: (facets: Facets) => void;
}

/** An object whose properties are read through: each says its bit, from `first` on. */
function watch(names: readonly string[], first: number): object {
  const properties = names.map((name, i) => {
    const bit = 1 << (first + i);
    const get = function (this: Watched): unknown {
      this.note(bit);
      return this.of[name];
    };
    return [name, { get, enumerable: true }] as const;
  });
  return Object.defineProperties({}, Object.fromEntries(properties));
}

const watchedProcess = watch(processFacets, 0);
const watchedBoundary = watch(boundaryFacets, processFacets.length);

/** The same boundary, which tells `note` of every facet that is read through it. */
export function watched(boundary: Boundary, note: (facets: Facets) => void): Boundary {
  const process = Object.assign(Object.create(watchedProcess) as ProcessFacts, {
    of: boundary.process,
    note,
  });
  return Object.assign(Object.create(watchedBoundary) as Boundary, { of: boundary, note, process });
}
