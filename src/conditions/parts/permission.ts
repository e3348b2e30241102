import type { Boundary } from "../../boundary/boundary.ts";
import type { HostPath } from "../../boundary/host-paths.ts";
import { isWithin } from "../../boundary/paths.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, anyOf, blocked, decide, holds, statusOf } from "../verdict.ts";
import { inInitialUserNamespace, isContainerRoot, isHostRoot } from "./identity.ts";
import { hasCapability, hasInitialCapability } from "./privilege.ts";
import type { View } from "./views.ts";

type Permission = Pick<HostPath, "permission" | "group" | "path">;

/**
 * The host's file permissions let the actor through. Uid 0 of the host passes; so does CAP_DAC_OVERRIDE in the initial
 * user namespace, and a member of the owning group where the entry says so. For others the permission stands, which is one
 * barrier: a capability that is not held is no second one, and neither is each of the files below one mounted folder.
 */
export function permissionGranted(entry: Permission, view: View, context: EvaluationContext): Verdict {
  if (entry.permission === "everyone") return holds(`${view.hostPath} is open to every user`, view.ref);
  const barrier = `file-permission:${isWithin(view.source, view.hostPath) ? view.hostPath : view.source}`;
  if (entry.permission !== "owner") {
    const asRoot = namedAfter(ownsAsRoot(view, context), barrier);
    if (statusOf(asRoot) === "holds") return asRoot;
    return anyOf([asRoot, ...byCapability(context), ...byGroup(entry, barrier, context)]);
  }
  const capable = byCapability(context);
  const [first] = capable;
  return first && statusOf(first) === "holds"
    ? first
    : anyOf([...ownerWays(view, barrier, context), ...capable]);
}

/**
 * On an id-mapped mount uid 0 inside writes as uid 0 of the file system, whatever the user namespace: the kubelet asks for
 * one for every volume of a pod with hostUsers: false (mount_setattr(2); KEP-127).
 */
function ownsAsRoot(view: View, context: EvaluationContext): Verdict {
  if (view.mount.idMapped !== true) return isHostRoot(context);
  return allOf([
    isContainerRoot(context),
    holds(`${view.mount.target} is mounted with its ids mapped: root inside is root there`, view.ref),
  ]);
}

function byCapability(context: EvaluationContext): readonly Verdict[] {
  const held = statusOf(hasCapability(context, "CAP_DAC_OVERRIDE")) !== "blocked";
  return held ? [hasInitialCapability(context, "CAP_DAC_OVERRIDE")] : [];
}

function byGroup(
  { permission, group }: Permission,
  barrier: string,
  context: EvaluationContext,
): readonly Verdict[] {
  if (permission !== "group") return [];
  return [allOf([memberOf(group ?? "", barrier, context), inInitialUserNamespace(context, "ids")])];
}

/** To a process that is not root, what stands in the way is the file's permission: that is what its owner would change. */
function namedAfter(verdict: Verdict, barrier: string): Verdict {
  const rename = (name: string): string => (name === "non-root" ? barrier : name);
  const renameSets = (sets: Verdict["worst"]): Verdict["worst"] =>
    sets.map((set) => [...new Set(set.map(rename))].sort());
  return {
    ...verdict,
    worst: renameSets(verdict.worst),
    best: renameSets(verdict.best),
    barriers: verdict.barriers.map(rename),
  };
}

/** Neither yes nor no: the fact that would decide is named. */
function undecided(barrier: string, fact: string, reason: string, ref: string): Verdict {
  const closed = blocked([barrier], "", ref);
  return {
    ...holds(reason, ref),
    best: closed.best,
    barriers: closed.barriers,
    undecided: [{ fact, reason }],
  };
}

/**
 * Files of a user: the engine's own user owns them where the engine is rootless and uid 0 inside stands for it; any other
 * uid may be the owner's.
 */
function ownerWays(view: View, barrier: string, context: EvaluationContext): Verdict[] {
  const { boundary } = context;
  const asEngineUser = decide(boundary.rootless, "rootless", (rootless) =>
    rootless
      ? allOf([
          holds("uid 0 inside is the user who runs the engine", "rootless"),
          namedAfter(isContainerRoot(context), barrier),
        ])
      : blocked([barrier], `is not the owner of ${view.hostPath}`, "rootless"),
  );
  const notOwner = blocked([barrier], `is not the owner of ${view.hostPath}`, "process.uid");
  const byNumber = decide(boundary.process.uid, "process.uid", (uid) => {
    if (context.actor === "container-root" || !mayBePerson(uid)) return notOwner;
    return undecided(
      barrier,
      `host.owner:${view.hostPath}`,
      `who owns ${view.hostPath} on the host is not in the input`,
      "process.uid",
    );
  });
  return [asEngineUser, allOf([byNumber, inInitialUserNamespace(context, "ids")])];
}

/** Ids that people get: UID_MIN to UID_MAX of login.defs(5); negative stands for one that is not known. */
function mayBePerson(uid: number): boolean {
  return uid < 0 || (uid >= 1000 && uid <= 60000);
}

/** Group ids are numbers here and names on the host: which number is the group's is a fact of the host. */
function memberOf(group: string, barrier: string, { boundary }: EvaluationContext): Verdict {
  const { groups, gid, uid } = boundary.process;
  const ref = "process.groups";
  if (!groups.known) return undecided(barrier, groups.fact, groups.reason, ref);
  if (group === "root") return inGroupRoot(barrier, boundary);
  // A primary group that was chosen by number, and is not the user's own, was chosen for what it owns.
  const chosen =
    gid.known && gid.provenance.kind === "declared" && !(uid.known && uid.value === gid.value)
      ? [gid.value]
      : [];
  const others = [...groups.value, ...chosen].filter((id) => id !== 0);
  if (others.length === 0 && gid.known && gid.value === 0 && gid.provenance.kind === "declared") {
    // A daemon that finds no group of that name leaves the socket to group 0 (moby daemon/listeners_linux.go).
    return undecided(
      barrier,
      `host.group.${group}`,
      `is in group 0, which owns the socket where the host has no group ${group}`,
      "process.gid",
    );
  }
  if (others.length === 0) return blocked([barrier], `is not in the host's group ${group}`, ref);
  const reason = `is in group ${others.join(", ")}; whether that is the host's group ${group} is not in the input`;
  return undecided(barrier, `host.group.${group}`, reason, ref);
}

function inGroupRoot(barrier: string, { process: { groups, gid } }: Boundary): Verdict {
  if (groups.known && groups.value.includes(0)) return holds("is in group 0", "process.groups");
  return decide(
    gid,
    "process.gid",
    (id) =>
      id === 0
        ? holds("is in group 0", "process.gid")
        : blocked([barrier], "is not in group 0", "process.gid"),
    { worst: holds("", "process.gid"), best: blocked([barrier], "", "process.gid") },
  );
}
