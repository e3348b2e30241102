import type { HostPath, HostPathGain } from "../boundary/host-paths.ts";
import { hostPathGains } from "../boundary/host-paths.ts";
import { canUse } from "./parts/access.ts";
import { resolveOnHost } from "./parts/path-index.ts";
import type { Access, ListedView, Wanted } from "./parts/views.ts";
import { gives, listedViews, unstatedMounts } from "./parts/views.ts";
import type { EvaluationContext } from "./types.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, anyOf, holds, spread } from "./verdict.ts";

interface Argument extends Wanted {
  readonly gives: HostPathGain;
  readonly access: Access;
  /** Only entries of this engine or program. */
  readonly component?: string | undefined;
}

const verbs = { read: "readable", write: "writable", connect: "connectable" } as const;

/** Some path of the host that gives something (see knowledge/host-paths.yaml) is mounted, and the actor can use it. */
export const hostPath = defineCondition<Argument>({
  id: "host-path",
  summary: "a host path that gives something can be read, written or connected to",
  schema: (z) =>
    z.strictObject({
      gives: z.enum(hostPathGains),
      access: z.enum(["read", "write", "connect"]),
      component: z.optional(z.string().check(z.minLength(1))),
    }),
  describe: ({ gives: gain, access, component }) =>
    `${verbs[access]} host path (${gain}${component === undefined ? "" : ` of ${component}`})`,
  evaluate: (wanted, context) => {
    const found = listedViews(context).filter(({ entry }) => gives(entry, wanted));
    const ways = [
      ...alike(found).map((group) => useFirst(wanted.access, group, context)),
      ...unstated(wanted, context),
    ];
    return ways.length > 0 ? anyOf(ways) : nothingMounted(wanted, context);
  },
});

/** Views through one mount that differ in nothing but the path are one finding: a mount of `/` shows dozens. */
function alike(views: readonly ListedView[]): readonly (readonly ListedView[])[] {
  const groups = new Map<string, ListedView[]>();
  for (const listed of views) {
    const { entry, view, certain } = listed;
    const key = [
      view.ref,
      certain,
      view.hiddenBy?.ref,
      entry.permission,
      entry.group,
      entry.component === "dbus",
      ownMount(view.hostPath),
    ].join("|");
    const group = groups.get(key) ?? [];
    group.push(listed);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Read-only reaches the host's kernel file systems by rules of their own (see parts/read-only.ts). */
function ownMount(path: string): string {
  return /^\/(proc|sys|dev|run)(?=\/|$)/.exec(path)?.[1] ?? "";
}

function useFirst(access: Access, group: readonly ListedView[], context: EvaluationContext): Verdict {
  const [first] = group;
  if (!first) return anyOf([]);
  const verdict = canUse(access, first, group.length - 1, context);
  return first.certain ? verdict : perhaps(first, verdict);
}

/** The folder above it is mounted; whether the host has what would be below is a fact of the host. */
function perhaps({ view }: ListedView, verdict: Verdict): Verdict {
  const missing = absent(`mount:absent:${view.hostPath}`, "", view.ref);
  const reason = `whether the host has ${view.hostPath}, below ${view.source}, is not in the input`;
  const asked = spread({ known: false, fact: `host.path:${view.hostPath}`, reason }, view.ref, [
    verdict,
    missing,
  ]);
  return { ...asked, evidence: [...asked.evidence, ...verdict.evidence] };
}

/**
 * A mount whose source nobody states can be of any path. It is held against the most general gain only, and against the
 * one whose path it is mounted at (`${SOCKET}:/var/run/docker.sock`): else one unset variable would cast doubt on all.
 */
function unstated(wanted: Wanted, context: EvaluationContext): readonly Verdict[] {
  const { links } = context.boundary.host;
  return unstatedMounts(context).flatMap(({ mount, ref, source }) => {
    const target = resolveOnHost(mount.target, links);
    const named = context.hostPaths.some(
      (entry) => gives(entry, wanted) && resolveOnHost(entry.path, links) === target,
    );
    if (!named && wanted.gives !== "host-filesystem") return [];
    return [spread(source, ref, [holds("", ref), absent(`mount:absent:${target}`, "", ref)])];
  });
}

const absences = new WeakMap<readonly HostPath[], Map<string, Verdict>>();

/** Most containers mount nothing of the kind: the answer is the same for all of them. */
function nothingMounted(wanted: Wanted, { hostPaths }: EvaluationContext): Verdict {
  const known = absences.get(hostPaths) ?? new Map<string, Verdict>();
  absences.set(hostPaths, known);
  const key = [wanted.gives, wanted.access, wanted.component].join("|");
  const verdict = known.get(key) ?? absence(wanted, hostPaths);
  known.set(key, verdict);
  return verdict;
}

/** The list by what its paths give: each gain is asked for by some technique. */
const byGain = new WeakMap<readonly HostPath[], ReadonlyMap<string, readonly HostPath[]>>();

function gainsOf(hostPaths: readonly HostPath[]): ReadonlyMap<string, readonly HostPath[]> {
  const known = byGain.get(hostPaths);
  if (known) return known;
  const index = new Map<string, HostPath[]>();
  for (const entry of hostPaths) {
    for (const gain of new Set([entry.read, entry.write, entry.connect])) {
      const list = gain === undefined ? undefined : index.get(gain);
      if (list) list.push(entry);
      else if (gain !== undefined) index.set(gain, [entry]);
    }
  }
  byGain.set(hostPaths, index);
  return index;
}

function absence(wanted: Wanted, hostPaths: readonly HostPath[]): Verdict {
  const first = gainsOf(hostPaths)
    .get(wanted.gives)
    ?.find((entry) => gives(entry, wanted));
  const path = first?.path ?? wanted.gives;
  const text = first
    ? `nothing is mounted that gives access to ${first.what} (${path}) or its like`
    : `no host path that gives ${wanted.gives} is known`;
  return absent(`mount:absent:${path}`, text, null);
}
