import type { Boundary, Mount } from "../../boundary/boundary.ts";
import type { Unknown } from "../../boundary/fact.ts";
import { possibleValues, unknown, valueOf } from "../../boundary/fact.ts";
import type { HostPath, HostPathGain } from "../../boundary/host-paths.ts";
import { isWithin, normalisePath, seenThrough } from "../../boundary/paths.ts";
import type { Rested } from "./reads.ts";
import { recall, restingOn } from "./reads.ts";
import type { EvaluationContext } from "../types.ts";
import { lookUp, pathIndex, resolveOnHost } from "./path-index.ts";

/** A path of the host as the container sees it: through which mount, and under which name. */
export interface View {
  readonly mount: Mount;
  /** `mounts.3`: the fact it rests on. */
  readonly ref: string;
  /** The host path that is mounted, after the host's links. */
  readonly source: string;
  /** The host path it shows, after the host's links. */
  readonly hostPath: string;
  /** Where the process finds it. */
  readonly seenAt: string;
  /** Another mount that lies over it and hides it. */
  readonly hiddenBy?: { readonly target: string; readonly ref: string } | undefined;
}

/** A view of something that the list of host paths knows. */
export interface ListedView {
  readonly view: View;
  readonly entry: HostPath;
  /** Whether the host has it: always when it is mounted itself; below a mounted folder, what not every host has may be missing. */
  readonly certain: boolean;
}

export type Access = "read" | "write" | "connect";

/** A mount whose source on the host is known, and that source after the host's links. */
interface Source {
  readonly mount: Mount;
  readonly index: number;
  readonly source: string;
}

const sourcesOf = new WeakMap<Boundary, Rested<readonly Source[]>>();
const listedOf = new WeakMap<
  Boundary,
  { readonly hostPaths: readonly HostPath[]; readonly views: Rested<readonly ListedView[]> }
>();

/** Mounts that the engine adds by itself show files of its own making (/etc/hosts ...), whatever lies around them. */
function hostSources(boundary: Boundary): readonly Source[] {
  const known = sourcesOf.get(boundary);
  if (known) return recall(known);
  const made = restingOn(() =>
    boundary.mounts.flatMap((mount, index): readonly Source[] => {
      const declared = mount.source === null || mount.implicit === true ? undefined : valueOf(mount.source);
      if (declared === undefined || (mount.kind !== "bind" && mount.kind !== "volume")) return [];
      return [{ mount, index, source: resolveOnHost(declared, boundary.host.links) }];
    }),
  );
  sourcesOf.set(boundary, made);
  return made.value;
}

/** The mount that lies over `seenAt`: deeper than the one that shows it, or put on the same place later. */
function hider(boundary: Boundary, { mount, index }: Source, seenAt: string): View["hiddenBy"] {
  const own = normalisePath(mount.target);
  const found = boundary.mounts.findIndex((other, otherIndex) => {
    if (other === mount) return false;
    const target = normalisePath(other.target);
    if (!isWithin(seenAt, target)) return false;
    return target === own ? otherIndex > index : isWithin(target, own);
  });
  return found === -1
    ? undefined
    : { target: boundary.mounts[found]?.target ?? "", ref: `mounts.${String(found)}` };
}

function viewThrough(boundary: Boundary, from: Source, hostPath: string, seenAt: string): View {
  const { mount, index, source } = from;
  return {
    mount,
    ref: `mounts.${String(index)}`,
    source,
    hostPath,
    seenAt,
    hiddenBy: hider(boundary, from, seenAt),
  };
}

/** Every view of one host path: the mounts that are it, or hold it. */
export function viewsOf(path: string, { boundary }: EvaluationContext): readonly View[] {
  const wanted = resolveOnHost(path, boundary.host.links);
  return hostSources(boundary).flatMap((from) => {
    const seenAt = seenThrough(wanted, from.source, normalisePath(from.mount.target));
    return seenAt === undefined ? [] : [viewThrough(boundary, from, wanted, seenAt)];
  });
}

/**
 * Every listed path that a mount shows: entries at or below its source, and the one that speaks for a source that lies
 * below it (`below: same`, and no entry is closer). Computed once for each boundary.
 */
export function listedViews({ boundary, hostPaths }: EvaluationContext): readonly ListedView[] {
  const known = listedOf.get(boundary);
  if (known?.hostPaths === hostPaths) return recall(known.views);
  const views = restingOn(() =>
    hostSources(boundary).flatMap((from) => listedThrough(from, boundary, hostPaths)),
  );
  listedOf.set(boundary, { hostPaths, views });
  return views.value;
}

function listedThrough(
  from: Source,
  boundary: Boundary,
  hostPaths: readonly HostPath[],
): readonly ListedView[] {
  const target = normalisePath(from.mount.target);
  const { exact, above, below } = lookUp(pathIndex(hostPaths, boundary.host.links), from.source);
  const speaking = exact ?? (above?.entry.below === "same" ? above.entry : undefined);
  const own: readonly ListedView[] = speaking
    ? [{ entry: speaking, view: viewThrough(boundary, from, from.source, target), certain: true }]
    : [];
  const held = below.map(({ entry, path }): ListedView => ({
    entry,
    view: viewThrough(boundary, from, path, seenThrough(path, from.source, target) ?? target),
    // A product's own folder, mounted by name, says that the product is there.
    certain: exact === undefined || exact.engines !== undefined || isThere(entry, boundary),
  }));
  return withoutGuesses([...own, ...held], boundary);
}

function isThere({ engines }: HostPath, { engine }: Boundary): boolean {
  const running = possibleValues(engine);
  return (
    engines === undefined ||
    (running !== undefined && running.length > 0 && running.every((name) => engines.includes(name)))
  );
}

const accesses = ["read", "write", "connect"] as const;

/** Gains that no technique leads from to root of the host, at once or through the cluster. */
const lesser: ReadonlySet<HostPathGain> = new Set([
  "user-files",
  "engine-volumes",
  "user-engine-socket",
  "user-service-socket",
  "pod-volumes",
  "kubelet-plugins",
  "log-links",
  "lxcfs",
  "credentials",
  "user-credentials",
  "node-credentials",
  "host-processes",
  "kernel-interface",
]);
const ofNodes: ReadonlySet<HostPathGain> = new Set([
  "static-pods",
  "pod-volumes",
  "volume-plugins",
  "kubelet-plugins",
  "cni",
  "log-links",
  "node-credentials",
  "cluster-credentials",
]);

/**
 * What the host may not have is worth a question only where the mount does not give as much for certain: a mount of /run
 * shows systemd's socket, and whether CRI-O's is there as well changes nothing. Nor is a host whose container some other
 * engine runs taken for a node of a cluster, as long as the mount gives something at all.
 */
function withoutGuesses(views: readonly ListedView[], boundary: Boundary): readonly ListedView[] {
  if (views.every(({ certain }) => certain)) return views;
  const given = views.flatMap((listed) => (listed.certain ? usableGains(listed, false) : []));
  if (given.some(({ access, gain }) => access !== "read" && !lesser.has(gain)))
    return views.filter(({ certain }) => certain);
  const sure = new Set(given.filter(({ gain }) => gain !== "kernel-interface").map(({ access }) => access));
  // Whoever changes a user's files acts as that user, which is all that the user's own engine would give.
  if (given.some(({ gain }) => gain === "user-files")) sure.add("connect");
  const noNode = boundary.engine.known && ["docker", "podman", "nerdctl"].includes(boundary.engine.value);
  return views.filter(
    (listed) =>
      listed.certain ||
      usableGains(listed, true).some(({ access, gain }) => worthAsking(gain, sure.has(access), noNode)),
  );
}

function worthAsking(gain: HostPathGain, sure: boolean, noNode: boolean): boolean {
  if (!sure) return true;
  return !lesser.has(gain) && !(noNode && ofNodes.has(gain)) && gain !== "engine-store";
}

interface Usable {
  readonly access: Access;
  readonly gain: HostPathGain;
}

/** What a view gives where its mount lets it: writes only where that is known, or (`perhaps`) not known to be refused. */
function usableGains({ entry, view }: ListedView, perhaps: boolean): readonly Usable[] {
  const readOnly = valueOf(view.mount.readOnly) ?? !perhaps;
  return accesses.flatMap((access) => {
    const gain = entry[access];
    return gain === undefined || (access === "write" && readOnly) ? [] : [{ access, gain }];
  });
}

/** Which listed paths a question is about. */
export interface Wanted {
  readonly gives: HostPathGain;
  readonly access: Access;
  readonly component?: string | undefined;
}

/** Whether an entry gives what is wanted. */
export function gives(entry: HostPath, { gives: gain, access, component }: Wanted): boolean {
  return entry[access] === gain && (component === undefined || entry.component === component);
}

/** A mount whose source the input does not state: a variable that nobody set, a volume that is bound elsewhere. */
export interface UnstatedMount {
  readonly mount: Mount;
  readonly ref: string;
  readonly source: Unknown<string>;
}

// The folder somebody stands in is theirs to share; any other variable may hold any path.
const variable = /^\/(?:\$\{?(?!PWD\b|HOME\b|XDG_RUNTIME_DIR\b)\w|\$\((?!pwd\)))/;

export function unstatedMounts({ boundary }: EvaluationContext): readonly UnstatedMount[] {
  return boundary.mounts.flatMap((mount, index): readonly UnstatedMount[] => {
    if (mount.implicit === true || mount.kind !== "bind" || mount.source === null) return [];
    const ref = `mounts.${String(index)}`;
    if (!mount.source.known) return [{ mount, ref, source: mount.source }];
    const path = mount.source.value;
    if (!variable.test(path)) return [];
    return [
      {
        mount,
        ref,
        source: unknown(
          `mount-source:${mount.target}`,
          `${path.slice(1)} is mounted at ${mount.target}; what it stands for is not in the input`,
        ),
      },
    ];
  });
}

/**
 * What the list says of a path of the host: the entry that speaks for it, and whether anybody has judged it. A folder
 * that holds listed paths is judged by them, and has no entry of its own.
 */
export function judgePath(
  path: string,
  hostPaths: readonly HostPath[],
  links: ReadonlyMap<string, string>,
): { readonly entry: HostPath | null; readonly judged: boolean } {
  const { exact, above, below } = lookUp(pathIndex(hostPaths, links), resolveOnHost(path, links));
  if (exact) return { entry: exact, judged: true };
  if (above && above.entry.below !== "unjudged") return { entry: above.entry, judged: true };
  return { entry: null, judged: below.length > 0 };
}
