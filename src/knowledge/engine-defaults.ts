import type { MountKind } from "../boundary/boundary.ts";
import { compareVersions } from "../seccomp/versions.ts";

/**
 * What an engine applies to what a configuration leaves out: the data of knowledge/engines/. This file knows the shape of
 * that data and how a version picks from it; what the words mean for a container is the affair of src/sources/defaults/.
 * Nothing here reads a file, and nothing here needs the validating schema (engine-defaults-schema.ts) at run time.
 */
export type EngineId = "docker" | "podman" | "containerd" | "cri-o" | "nerdctl";

/** Releases from `since` up to, but not including, `until`. */
export interface ReleaseRange {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A value with the releases that have it (absent: all of them) and the place that says so. */
export interface Versioned<T> {
  readonly value: T;
  readonly ranges?: readonly ReleaseRange[] | undefined;
  readonly source: string;
}

export interface EngineDefaults {
  readonly id: EngineId;
  readonly title: string;
  /** The oldest release line that still gets security fixes: a host assumed patched runs nothing older. */
  readonly maintained: { readonly since: string; readonly source: string };
  readonly capabilities: CapabilityDefaults;
  readonly seccomp: SeccompDefaults;
  readonly apparmor: AppArmorDefaults;
  readonly selinux: SelinuxDefaults;
  readonly paths: PathDefaults;
  readonly namespaces: NamespaceDefaults;
  readonly mounts: readonly MountDefault[];
  readonly runtime: { readonly name: string; readonly source: string };
  /** Whether an engine that nobody described runs as root (`no`), or may be the user's own (`unknown`). */
  readonly rootless: { readonly assumed: "no" | "unknown"; readonly source: string };
  readonly pidsLimit: { readonly value: number | null; readonly source: string };
}

export interface CapabilityDefaults {
  readonly default: readonly Versioned<readonly string[]>[];
  /**
   * `optional`: any case, with or without CAP_. `added`: CAP_ is put before whatever was said, so that `CAP_X` names
   * nothing. `optional-exact`: a name that starts with CAP_ is taken as it is written.
   */
  readonly prefix: "optional" | "added" | "optional-exact";
  /** Which of add and drop wins; see mergeCapabilities. */
  readonly merge: "docker" | "podman" | "nerdctl" | "cri";
  /** What a user other than root keeps: nothing, or what was added by name (as ambient capabilities). */
  readonly nonRoot: "nothing" | "added";
  /** Releases that also filled the inheritable set. */
  readonly inheritable: readonly ReleaseRange[];
  readonly source: string;
}

export interface SeccompDefaults {
  /** The engine whose default profiles apply (`engine` in knowledge/profiles). */
  readonly profilesOf: string;
  /** What happens when nothing is said: the default profile, or the kubelet's choice. */
  readonly unsaid: "default" | "kubelet";
  /** With --privileged a profile that was asked for by name still applies, or none ever does. */
  readonly privileged: "named-applies" | "never";
  /**
   * The profiles that stand for all when the release is not known, weakest first: whatever one of the releases allows,
   * one of these allows. `maintained` for a host assumed patched, `any` for one of which nothing is assumed.
   */
  readonly representatives: { readonly maintained: readonly string[]; readonly any: readonly string[] };
  readonly source: string;
}

export interface AppArmorDefaults {
  readonly profile: string;
  readonly privileged: "named-applies" | "never";
  /** A rootless engine can apply a profile. */
  readonly rootless: boolean;
  /** A profile asked for on a host without AppArmor: the engine refuses to start, or ignores the wish. */
  readonly withoutHost: "refused" | "ignored";
  readonly source: string;
}

export interface SelinuxDefaults {
  /** `opt-in`: off unless the engine is told; `with-host`: on wherever the host has SELinux; `distribution`: its packaging decides. */
  readonly enabled: "opt-in" | "with-host" | "distribution";
  readonly type: string;
  /** With --privileged a label that was asked for still applies. */
  readonly privilegedKeepsLabel: boolean;
  readonly source: string;
}

export interface PathList {
  readonly paths: readonly string[];
  readonly ranges?: readonly ReleaseRange[] | undefined;
  readonly source: string;
}
export interface PathDefaults {
  /** `kubelet`: the kubelet sends the lists (knowledge/engines/kubelet.yaml), and what stands here comes on top. */
  readonly from: "engine" | "kubelet";
  readonly masked: readonly PathList[];
  readonly readonly: readonly PathList[];
}

export interface NamespaceDefaults {
  readonly cgroupV1: "host" | "private";
  readonly cgroupV2: "host" | "private";
  /** `host`: privileged containers share the host's cgroup namespace whatever its version. */
  readonly cgroupPrivileged: "host" | "unchanged";
  /** The host's network comes with the host's UTS namespace. */
  readonly utsWithHostNetwork: "host" | "private";
  readonly source: string;
}

export interface MountDefault {
  readonly kind: MountKind;
  readonly target: string;
  readonly readOnly: boolean;
  readonly fsType?: string | undefined;
  readonly nosuid?: boolean | undefined;
  readonly nodev?: boolean | undefined;
  readonly source: string;
}

/** What the kubelet decides before any CRI engine is asked. */
export interface KubeletDefaults {
  readonly id: "kubelet";
  readonly maintained: { readonly since: string; readonly source: string };
  readonly masked: readonly PathList[];
  readonly readonly: readonly PathList[];
  readonly mounts: readonly MountDefault[];
  /** Releases in which `hostUsers: false` works without a feature gate. */
  readonly userNamespaces: { readonly since: string; readonly source: string };
}

export type EngineFile = EngineDefaults | KubeletDefaults;

/** The shipped data by engine. Preconditions: all five engines and the kubelet are in `files` (the build checks it). */
export interface EngineIndex {
  readonly engines: ReadonlyMap<EngineId, EngineDefaults>;
  readonly kubelet: KubeletDefaults;
}

/** Indexes the trusted, compiled data. */
export function engineIndex(files: readonly EngineFile[]): EngineIndex {
  const engines = new Map<EngineId, EngineDefaults>();
  let kubelet: KubeletDefaults | undefined;
  for (const file of files) {
    if (file.id === "kubelet") kubelet = file;
    else engines.set(file.id, file);
  }
  if (kubelet === undefined)
    throw new Error("expected knowledge/engines to hold kubelet.yaml, found it missing");
  return { engines, kubelet };
}

/** A release, or the least that is known of it. */
export type Release = { readonly version: string } | { readonly since: string | undefined };

function covers(range: ReleaseRange, version: string): boolean {
  const started = range.since === undefined || compareVersions(version, range.since) >= 0;
  return started && (range.until === undefined || compareVersions(version, range.until) < 0);
}

/** Whether a release has what stands under these ranges: `always`, `never`, or `sometimes` when it is not known well enough. */
export function holdsFor(
  ranges: readonly ReleaseRange[] | undefined,
  release: Release,
): "always" | "never" | "sometimes" {
  if (ranges === undefined) return "always";
  if ("version" in release)
    return ranges.some((range) => covers(range, release.version)) ? "always" : "never";
  const { since } = release;
  const possible = ranges.filter(
    (r) => since === undefined || r.until === undefined || compareVersions(r.until, since) > 0,
  );
  if (possible.length === 0) return "never";
  const everSince = possible.some(
    (r) =>
      r.until === undefined &&
      (r.since === undefined || (since !== undefined && compareVersions(r.since, since) <= 0)),
  );
  return everSince ? "always" : "sometimes";
}

/** Answers are the same for thousands of subjects: they are kept by the list they come from and the release. */
const answers = new WeakMap<object, Map<string, unknown>>();

function once<T>(list: object, release: Release, answer: () => T): T {
  const known = answers.get(list) ?? new Map<string, unknown>();
  answers.set(list, known);
  const key = "version" in release ? release.version : `since ${release.since ?? ""}`;
  if (!known.has(key)) known.set(key, answer());
  return known.get(key) as T;
}

/** The values that a release can have, in the order of the data (weakest first). */
export function valuesFor<T>(entries: readonly Versioned<T>[], release: Release): readonly Versioned<T>[] {
  return once(entries, release, () => {
    const always = entries.filter((entry) => holdsFor(entry.ranges, release) === "always");
    if (always.length > 0) return always.slice(0, 1);
    return entries.filter((entry) => holdsFor(entry.ranges, release) !== "never");
  });
}

/** The path lists that a release can have: one when they agree, else the shortest and the longest. */
export function pathsFor(lists: readonly PathList[], release: Release): readonly (readonly string[])[] {
  const collect = (wanted: readonly string[]): readonly string[] => [
    ...new Set(
      lists.filter((list) => wanted.includes(holdsFor(list.ranges, release))).flatMap((list) => list.paths),
    ),
  ];
  return once(lists, release, () => {
    const shortest = collect(["always"]);
    const longest = collect(["always", "sometimes"]);
    return shortest.length === longest.length ? [shortest] : [shortest, longest];
  });
}
