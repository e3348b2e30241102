import { isWithin, normalisePath } from "../boundary/paths.ts";
import { valueOf } from "../boundary/fact.ts";
import { mountWritable } from "./parts/access.ts";
import { lsmPermits } from "./parts/lsm.ts";
import { mayMount, unlessRemounted } from "./parts/mounting.ts";
import { resolveOnHost } from "./parts/path-index.ts";
import { viewsOf } from "./parts/views.ts";
import type { EvaluationContext } from "./types.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, allOf, anyOf, decide, holds, blocked } from "./verdict.ts";

const descriptions = {
  fresh: "a cgroup v1 hierarchy can be mounted with its root in view",
  existing: "a cgroup v1 hierarchy of the host is mounted writable with its root in view",
  own: "the files of its own cgroup in the v1 devices controller can be written",
} as const;
type Argument = keyof typeof descriptions;

const tree = "/sys/fs/cgroup";
const ownRef = "cgroup.writable";

/**
 * Cgroup v1, in three facts that are kept apart: which hierarchies the host has, whether v1 can be mounted anew, and
 * whether the cgroup namespace is the host's. `fresh` and `existing` ask for the root of a hierarchy, where alone
 * release_agent is; `own` for the files of the container's own cgroup, which a private namespace shows as well.
 * @see cgroups(7); cgroup_namespaces(7); kernel/cgroup/cgroup-v1.c
 */
export const cgroupV1 = defineCondition<Argument>({
  id: "cgroup-v1",
  summary: "files of a cgroup v1 hierarchy can be written",
  schema: (z) => z.enum(Object.keys(descriptions) as Argument[]),
  describe: (which) => descriptions[which],
  evaluate: (which, context) => {
    if (which === "fresh")
      return allOf([mountable(context), mayMount(context, "kernel-fs"), rootVisible(context)]);
    return allOf([mountedByHost(context), anyOf(which === "existing" ? bound(context) : ownFiles(context))]);
  },
});

function mountable({ boundary }: EvaluationContext): Verdict {
  const ref = "host.cgroupV1Mountable";
  return decide(boundary.host.cgroupV1Mountable, ref, (yes) =>
    yes
      ? holds("the host has cgroup v1 controllers", ref)
      : absent("host:cgroup-v2-only", "the host has cgroup v2 only", ref),
  );
}

function mountedByHost({ boundary }: EvaluationContext): Verdict {
  const ref = "host.cgroupVersion";
  return decide(boundary.host.cgroupVersion, ref, (version) =>
    version === "v2"
      ? absent("host:cgroup-v2-only", "the host mounts cgroup v2 only", ref)
      : holds(`the host mounts cgroup ${version}`, ref),
  );
}

/** A bind of the whole tree, or of one controller: both show the root of a hierarchy, whatever the namespace. */
function bound(context: EvaluationContext): readonly Verdict[] {
  const { mounts, host } = context.boundary;
  const controllers = mounts.flatMap((mount, index): readonly Verdict[] => {
    const source = mount.kind === "bind" && mount.source ? valueOf(mount.source) : undefined;
    if (source === undefined) return [];
    const path = resolveOnHost(source, host.links);
    if (path === tree || !isWithin(path, tree) || path.split("/").length > 5) return [];
    const view = {
      mount,
      ref: `mounts.${String(index)}`,
      source: path,
      hostPath: path,
      seenAt: normalisePath(mount.target),
    };
    return [mountWritable(view, context)];
  });
  const whole = viewsOf(tree, context).map((view) => mountWritable(view, context));
  const ways = [...whole, ...controllers];
  if (ways.length === 0) return [absent(`mount:absent:${tree}`, `${tree} of the host is not mounted`, null)];
  return [allOf([anyOf(ways), lsmPermits(context, write)])];
}

const write = { kind: "write", path: tree, kernelInterface: true, relabelled: false } as const;

/** The engine's own cgroup mount shows the container's own cgroup; so does one that is mounted anew. */
function ownFiles(context: EvaluationContext): readonly Verdict[] {
  const mounted = decide(context.boundary.cgroup.writable, ownRef, (writable) =>
    writable
      ? holds("its cgroup file system is mounted writable", ownRef)
      : unlessRemounted(
          context,
          `mount:read-only:${tree}`,
          "its cgroup file system is mounted read-only",
          ownRef,
        ),
  );
  return [allOf([mounted, lsmPermits(context, write)]), mayMount(context, "kernel-fs"), ...bound(context)];
}

function rootVisible({ boundary }: EvaluationContext): Verdict {
  const ref = "namespaces.cgroup";
  return decide(boundary.namespaces.cgroup, ref, (state) =>
    state.kind === "host"
      ? holds("is in the host's cgroup namespace", ref)
      : blocked(
          ["namespace:cgroup"],
          "has a cgroup namespace of its own: the hierarchy's root is out of sight",
          ref,
        ),
  );
}
