import type {
  Boundary,
  CapabilityFacts,
  Mount,
  NamespaceFacts,
  ProcessFacts,
} from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { combine } from "./combine.ts";

/** Combines one leaf of every boundary. */
type One<From> = <T>(pick: (from: From) => Fact<T>) => Fact<T>;

/**
 * One boundary from those that each way things can be leads to: leaves that agree stay, the others become unknown by the
 * fact that tells the ways apart. Preconditions: at least one boundary; all from the same spec.
 */
export function mergeBoundaries(boundaries: readonly Boundary[], fact: string, reason: string): Boundary {
  const [first, ...others] = boundaries;
  if (first === undefined) throw new Error("expected at least one way to complete a spec, found none");
  if (others.length === 0) return first;
  const one: One<Boundary> = (pick) => combine(boundaries.map(pick), fact, reason);
  return {
    ...first,
    engine: one((b) => b.engine),
    engineVersion: one((b) => b.engineVersion),
    rootless: one((b) => b.rootless),
    runtime: one((b) => b.runtime),
    runtimeVersion: one((b) => b.runtimeVersion),
    isolation: one((b) => b.isolation),
    maskedPaths: one((b) => b.maskedPaths),
    readonlyPaths: one((b) => b.readonlyPaths),
    deviceRules: one((b) => b.deviceRules),
    cgroup: { ...first.cgroup, writable: one((b) => b.cgroup.writable) },
    network: { ...first.network, mode: one((b) => b.network.mode), egress: one((b) => b.network.egress) },
    process: mergeProcess(first.process, one),
    namespaces: mergeNamespaces(one),
    mounts: mergeMounts(boundaries, fact, reason),
  };
}

function mergeProcess(first: ProcessFacts, one: One<Boundary>): ProcessFacts {
  return {
    ...first,
    uid: one((b) => b.process.uid),
    gid: one((b) => b.process.gid),
    noNewPrivileges: one((b) => b.process.noNewPrivileges),
    capabilities: mergeCapabilitySets(first.capabilities, one),
    seccomp: one((b) => b.process.seccomp),
    apparmor: one((b) => b.process.apparmor),
    selinux: one((b) => b.process.selinux),
  };
}

function mergeCapabilitySets(first: CapabilityFacts, one: One<Boundary>): CapabilityFacts {
  return {
    bounding: one((b) => b.process.capabilities.bounding),
    effective: one((b) => b.process.capabilities.effective),
    permitted: one((b) => b.process.capabilities.permitted),
    inheritable: one((b) => b.process.capabilities.inheritable),
    ambient: one((b) => b.process.capabilities.ambient),
    origins: first.origins,
  };
}

function mergeNamespaces(one: One<Boundary>): NamespaceFacts {
  return {
    pid: one((b) => b.namespaces.pid),
    net: one((b) => b.namespaces.net),
    ipc: one((b) => b.namespaces.ipc),
    uts: one((b) => b.namespaces.uts),
    mount: one((b) => b.namespaces.mount),
    cgroup: one((b) => b.namespaces.cgroup),
    user: one((b) => b.namespaces.user),
    uidMap: one((b) => b.namespaces.uidMap),
  };
}

/** What was asked for is the same in every way; what the engines add is kept where any of them adds it. */
function mergeMounts(boundaries: readonly Boundary[], fact: string, reason: string): readonly Mount[] {
  const added = new Map<string, Mount[]>();
  for (const mount of boundaries.flatMap((boundary) => boundary.mounts)) {
    if (mount.implicit !== true) continue;
    const same = added.get(mount.target);
    if (same) same.push(mount);
    else added.set(mount.target, [mount]);
  }
  const merged = [...added.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const readOnly = combine(
      same.map((mount) => mount.readOnly),
      fact,
      reason,
    );
    return [readOnly === first.readOnly ? first : { ...first, readOnly }];
  });
  return [...merged, ...(boundaries[0]?.mounts.filter((mount) => mount.implicit !== true) ?? [])];
}
