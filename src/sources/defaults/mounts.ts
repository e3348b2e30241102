import type { CgroupFacts, Mount } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, mapFact, unknown } from "../../boundary/fact.ts";
import { isWithin, normalisePath } from "../../boundary/paths.ts";
import type { MountDefault } from "../../knowledge/engine-defaults.ts";
import type { MountRequest } from "../spec.ts";
import type { Setting } from "./setting.ts";
import { daemonOr, followsFrom, fromSaid, privilegedBy } from "./setting.ts";

/**
 * What the container sees mounted: what was asked for, and what the engine adds by itself unless a request takes its place
 * (a request for /dev takes everything below it).
 * @see moby daemon/oci_linux.go withMounts; podman pkg/specgen/generate SupersedeUserMounts; containerd WithMounts
 */
export function mountList(setting: Setting): readonly Mount[] {
  const { spec, engine, kubelet, by } = setting;
  // The kubelet has every volume of a pod with a user namespace id-mapped (kuberuntime_container.go, KEP-127).
  const idMapped = kubelet !== undefined && spec.userns?.value === "private";
  const asked = spec.mounts.map((request) => ({ ...requested(request, by), ...(idMapped && { idMapped }) }));
  const taken = new Set(asked.map((mount) => mount.target));
  const replaced = (target: string): boolean =>
    taken.has(target) || (taken.has("/dev") && isWithin(target, "/dev"));
  const implicit = [...engine.mounts, ...(kubelet?.mounts ?? [])].filter(
    ({ target }) => !replaced(target) && !withoutShm(target, setting),
  );
  return [...implicit.map((mount) => added(mount, setting)), ...asked];
}

function withoutShm(target: string, { spec }: Setting): boolean {
  return target === "/dev/shm" && spec.ipc?.value === "none";
}

function requested(request: MountRequest, by: string): Mount {
  const options = request.options ?? [];
  return {
    kind: request.kind,
    target: normalisePath(request.target.value),
    source: request.source ? mapFact(fromSaid(request.source), hostPathOf) : null,
    ...(request.volume !== undefined && { volume: request.volume }),
    readOnly: request.readOnly ? fromSaid(request.readOnly) : defaulted(false, by),
    propagation: request.propagation ? fromSaid(request.propagation) : defaulted("private", by),
    ...(request.fsType !== undefined && { fsType: request.fsType }),
    ...(request.subPath !== undefined && { subPath: request.subPath }),
    ...(options.includes("nosuid") && { nosuid: true }),
    ...(options.includes("nodev") && { nodev: true }),
    ...(options.includes("rro") && { recursiveReadOnly: followsFrom(request.target, true) }),
    ...(request.relabel !== undefined && { relabelled: true }),
  };
}

/** A path of a project whose folder is not known lies somewhere in that folder: `.` must not be read as `/`. */
function hostPathOf(path: string): string {
  return normalisePath(/^\.(\/|$)/.test(path) ? `/(project)/${path}` : path);
}

/** What an engine adds to every container, by its default and the release that it is said to be of: the same object for all. */
const addedToAll = new WeakMap<MountDefault, Map<string, Mount>>();

function added(mount: MountDefault, setting: Setting): Mount {
  if (mount.kind === "cgroup" || (mount.kind === "sysfs" && privilegedBy(setting.spec)))
    return addedTo(mount, setting);
  const known = addedToAll.get(mount) ?? new Map<string, Mount>();
  addedToAll.set(mount, known);
  const made = known.get(setting.by) ?? addedTo(mount, setting);
  known.set(setting.by, made);
  return made;
}

function addedTo(mount: MountDefault, setting: Setting): Mount {
  const { kind, target, source, fsType, nosuid, nodev } = mount;
  return {
    kind,
    target,
    // The file behind it lies in the engine's own store, where no request can put it elsewhere.
    source: null,
    readOnly: readOnlyFact(mount, setting),
    propagation: defaulted("private", setting.by, source),
    ...(fsType !== undefined && { fsType }),
    ...(nosuid !== undefined && { nosuid }),
    ...(nodev !== undefined && { nodev }),
    relabelled: true,
    implicit: true,
  };
}

function readOnlyFact(mount: MountDefault, setting: Setting): Fact<boolean> {
  if (mount.kind === "cgroup") return mapFact(cgroupWritable(setting), (writable) => !writable);
  const privileged = privilegedBy(setting.spec);
  if (mount.kind === "sysfs" && privileged) return followsFrom(privileged, false);
  return defaulted(mount.readOnly, setting.by, mount.source);
}

/** Whether the container's own cgroup file system is mounted writable: privileged, userns-remap, or asked for. */
function cgroupWritable(setting: Setting): Fact<boolean> {
  const { spec, engine, host } = setting;
  if (spec.writableCgroups) return fromSaid(spec.writableCgroups);
  const privileged = privilegedBy(spec);
  if (privileged) return followsFrom(privileged, true);
  // moby withMounts: the mount cannot be made read-only from inside a user namespace.
  const remap = daemonOr(spec.daemon?.usernsRemap, host.usernsRemap);
  if (engine.id === "docker" && remap.known && remap.value) return mapFact(remap, () => true);
  return engine.id === "podman" ? unmaskedByPodman(setting) : readOnlyCgroup(setting);
}

function readOnlyCgroup({ engine, by }: Setting): Fact<boolean> {
  return defaulted(false, by, engine.mounts.find((mount) => mount.kind === "cgroup")?.source);
}

/** Unmasking opens the cgroup file system on cgroup v2 only (podman getCgroupPermissions). */
function unmaskedByPodman(setting: Setting): Fact<boolean> {
  const { cgroupVersion } = setting.host;
  const unmasked = setting.spec.unmaskPaths?.find(
    ({ value }) => value.toUpperCase() === "ALL" || value.split(":").includes("/sys/fs/cgroup"),
  );
  if (unmasked === undefined) return readOnlyCgroup(setting);
  if (cgroupVersion.known) return followsFrom(unmasked, cgroupVersion.value === "v2");
  const reason = "unmasking opens the cgroup file system on cgroup v2 only";
  return unknown("host.cgroup-version", reason, [true, false], unmasked.at);
}

/** The limits that were set, and whether the controllers' files may be written. */
export function cgroupFacts(setting: Setting): CgroupFacts {
  const { spec, engine, by } = setting;
  const { memoryBytes, pids, cpus } = spec.limits ?? {};
  return {
    writable: cgroupWritable(setting),
    limits: {
      memoryBytes: memoryBytes ? fromSaid<number | null>(memoryBytes) : defaulted(null, by),
      pids: pids
        ? fromSaid<number | null>(pids)
        : defaulted(engine.pidsLimit.value, by, engine.pidsLimit.source),
      cpus: cpus ? fromSaid<number | null>(cpus) : defaulted(null, by),
    },
  };
}
