import type { Fact } from "../../boundary/fact.ts";
import { defaulted, unknown, valueOf } from "../../boundary/fact.ts";
import type { Release } from "../../knowledge/engine-defaults.ts";
import { pathsFor } from "../../knowledge/engine-defaults.ts";
import type { Said } from "../spec.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, fromSaid, privilegedBy } from "./setting.ts";

type Kind = "masked" | "readonly";

/**
 * The paths of /proc and /sys that are hidden, or made read-only. Privileged containers have none; `systempaths=unconfined`
 * and procMount: Unmasked take them away; Podman's mask and unmask change the list.
 * @see moby oci/defaults.go; kubernetes pkg/securitycontext/util.go; podman BlockAccessToKernelFilesystems; OCI runtime-spec
 * config-linux.md, "Masked Paths" and "Readonly Paths"
 */
export function systemPaths(setting: Setting, kind: Kind): Fact<readonly string[]> {
  const { spec } = setting;
  const whole = kind === "masked" ? spec.observedMaskedPaths : spec.observedReadonlyPaths;
  if (whole) return fromSaid(whole);
  const added = kind === "masked" ? (spec.maskPaths ?? []) : [];
  const cleared = privilegedBy(spec) ?? (spec.unmasked?.value === true ? spec.unmasked : undefined);
  return cleared ? followsFrom(cleared, withChanges([], added, [])) : changedDefaults(setting, kind, added);
}

function changedDefaults(
  setting: Setting,
  kind: Kind,
  mask: readonly Said<string>[],
): Fact<readonly string[]> {
  const unmask = setting.spec.unmaskPaths ?? [];
  const first = mask[0] ?? unmask[0];
  const defaults = defaultLists(setting, kind);
  const lists = first
    ? dropEqual(defaults.lists.map((list) => withChanges(list, mask, unmask)))
    : defaults.lists;
  const [only] = lists;
  if (only && lists.length === 1) {
    return first ? followsFrom(first, only) : defaulted(only, setting.by, defaults.source);
  }
  const [fact, who] = setting.kubelet
    ? ["kubernetes.version", "Kubernetes"]
    : ["engine.version", setting.engine.title];
  const what = kind === "masked" ? "masked" : "read-only";
  return unknown(fact, `releases of ${who} differ in which paths are ${what}`, lists, first?.at);
}

/** Podman's lists are separated by colons; `ALL` unmasks everything, and a pattern what it matches. */
function withChanges(
  base: readonly string[],
  mask: readonly Said<string>[],
  unmask: readonly Said<string>[],
): readonly string[] {
  const patterns = unmask.flatMap(({ value }) => value.split(":"));
  const all = patterns.some((pattern) => pattern.toUpperCase() === "ALL");
  const kept = all ? [] : base.filter((path) => !patterns.some((pattern) => matchesPattern(pattern, path)));
  const masked = mask.flatMap(({ value }) => value.split(":")).filter((path) => path.startsWith("/"));
  return [...new Set([...kept, ...masked])];
}

/**
 * Go's filepath.Match as far as paths use it: `*` and `?` stop at a slash. With several `*` it may match more than Go does,
 * which unmasks more: the worse case. A long pattern is taken literally.
 */
function matchesPattern(pattern: string, path: string): boolean {
  if (!/[*?]/.test(pattern) || pattern.length > 200) return pattern === path;
  const parts = pattern.split("/");
  const segments = path.split("/");
  return (
    parts.length === segments.length &&
    parts.every((part, index) => matchesSegment(part, segments[index] ?? ""))
  );
}

function matchesSegment(pattern: string, segment: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const literal = (part: string, at: string): boolean =>
    part.length <= at.length && Array.from(part).every((c, i) => c === "?" || c === at[i]);
  if (rest.length === 0) return pattern.length === segment.length && literal(pattern, segment);
  if (!literal(head, segment)) return false;
  const tail = rest.at(-1) ?? "";
  return (
    segment.length >= head.length + tail.length &&
    rest.slice(0, -1).every((part) => segment.includes(part)) &&
    segment.endsWith(tail)
  );
}

/** The lists that are possible, the shortest first, and the place that says so. */
interface Lists {
  readonly lists: readonly (readonly string[])[];
  readonly source: string | undefined;
}

function defaultLists(setting: Setting, kind: Kind): Lists {
  const { engine, kubelet } = setting;
  const own = pathsFor(engine.paths[kind], setting.release);
  if (engine.paths.from === "engine" || kubelet === undefined) {
    return { lists: own, source: engine.paths[kind][0]?.source };
  }
  const sent = pathsFor(kubelet[kind], kubernetesRelease(setting, kubelet.maintained.since));
  const both = sent.flatMap((list) => own.map((more) => [...new Set([...list, ...more])]));
  return { lists: dropEqual(both), source: kubelet[kind][0]?.source };
}

function dropEqual(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const shortest = lists.reduce((a, b) => (b.length < a.length ? b : a));
  const longest = lists.reduce((a, b) => (b.length > a.length ? b : a));
  return shortest.length === longest.length ? [shortest] : [shortest, longest];
}

function kubernetesRelease({ host }: Setting, maintained: string): Release {
  const version = host.versions.get("kubernetes");
  const known = version ? valueOf(version) : undefined;
  return known === undefined ? { since: host.assumedPatched ? maintained : undefined } : { version: known };
}
