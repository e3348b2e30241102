import type { CapabilityFacts } from "../../boundary/boundary.ts";
import type { Fact, Known, Provenance } from "../../boundary/fact.ts";
import { defaulted, unknown } from "../../boundary/fact.ts";
import { holdsFor, valuesFor } from "../../knowledge/engine-defaults.ts";
import { allCapabilities, mergeCapabilities, readCapabilities } from "./capability-names.ts";
import { combine } from "./combine.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, fromSaid, privilegedBy } from "./setting.ts";

type Names = readonly string[];
const none: Names = [];

/** The five sets when the first process has been executed as `uid`: the engine's request, then the kernel's rules for execve(2). */
export function capabilityFacts(setting: Setting, uid: Fact<number>): CapabilityFacts {
  const { spec } = setting;
  const bounding = boundingSet(setting);
  const held = spec.observedEffectiveCaps ? fromSaid(spec.observedEffectiveCaps) : undefined;
  const added = addedForUsers(setting);
  const permitted = held ?? ofUser(uid, bounding, added);
  const ambient = ofUser(uid, noneByDefault(setting), added);
  return {
    bounding,
    effective: permitted,
    permitted,
    inheritable:
      setting.engine.capabilities.nonRoot === "added" ? ambient : inheritableSet(setting, bounding),
    ambient,
    origins: originsOf(setting),
  };
}

/** Which line asks for which capability: a set has one place only, and it would be the first of many lines. */
function originsOf({ spec, engine, by }: Setting): CapabilityFacts["origins"] {
  const { capAdd = [], capDrop = [] } = spec;
  if (spec.observedBoundingCaps || privilegedBy(spec) || capAdd.length + capDrop.length === 0)
    return undefined;
  const byName: Record<string, Fact<boolean>> = {};
  let others: Fact<boolean> = defaulted(true, by, engine.capabilities.source);
  for (const [list, value] of [
    [capDrop, false],
    [capAdd, true],
  ] as const) {
    for (const said of list) {
      const { all, names } = readCapabilities([said.value], engine.capabilities.prefix);
      const fact = followsFrom(said, value);
      if (all) others = fact;
      for (const name of names) byName[name] = fact;
    }
  }
  return { byName, others };
}

function noneByDefault(setting: Setting): Known<Names> {
  return defaulted(none, setting.by, setting.engine.capabilities.source);
}

/** What bounds the container: the engine's default with what was added and dropped, or everything when privileged. */
function boundingSet(setting: Setting): Fact<Names> {
  const { spec, engine, by } = setting;
  if (spec.observedBoundingCaps) return fromSaid(spec.observedBoundingCaps);
  const privileged = privilegedBy(spec);
  if (privileged) return followsFrom(privileged, allCapabilities);
  const first = spec.capAdd?.[0] ?? spec.capDrop?.[0];
  const defaults = valuesFor(engine.capabilities.default, setting.release);
  const sets = defaults.map((base) => requestedSet(base.value, setting));
  const [only] = sets;
  if (only && sets.every((set) => sameSet(set, only))) {
    return first ? followsFrom(first, only) : defaulted(only, by, defaults[0]?.source);
  }
  const reason = `the default capabilities of ${engine.title} changed between releases`;
  return unknown("engine.version", reason, only ? sets : [allCapabilities], first?.at);
}

/** By the default set: what requests make of it. Most subjects of a folder ask for one of a few. */
const requested = new WeakMap<Names, Map<string, Names>>();

function requestedSet(base: Names, { spec, engine }: Setting): Names {
  if (!spec.capAdd && !spec.capDrop) return base;
  const { prefix, merge } = engine.capabilities;
  const added = spec.capAdd?.map((said) => said.value) ?? [];
  const dropped = spec.capDrop?.map((said) => said.value) ?? [];
  const request = JSON.stringify([prefix, merge, added, dropped]);
  const known = requested.get(base) ?? new Map<string, Names>();
  requested.set(base, known);
  const set =
    known.get(request) ??
    mergeCapabilities(base, readCapabilities(added, prefix), readCapabilities(dropped, prefix), merge);
  known.set(request, set);
  return set;
}

function sameSet(left: Names, right: Names): boolean {
  return left === right || (left.length === right.length && left.every((name) => right.includes(name)));
}

/** What a user other than root keeps: nothing, or with Podman what was added by name, as ambient capabilities. */
function addedForUsers(setting: Setting): Fact<Names> {
  const { spec, engine } = setting;
  const first = spec.capAdd?.[0];
  const cleared: Provenance = {
    kind: "defaulted",
    by: "the kernel",
    source: "capabilities(7), transformation of capabilities during execve()",
  };
  if (engine.capabilities.nonRoot === "nothing" || first === undefined)
    return { known: true, value: none, provenance: cleared };
  const added = readCapabilities(spec.capAdd?.map((said) => said.value) ?? [], engine.capabilities.prefix);
  return followsFrom(first, added.all ? allCapabilities : added.names);
}

/** One fact for root and another for everyone else, by what is known of the user. */
function ofUser(uid: Fact<number>, root: Fact<Names>, others: Fact<Names>): Fact<Names> {
  if (uid.known) return uid.value === 0 ? root : others;
  const possible = uid.candidates ?? [0, -1];
  return combine(
    possible.map((id) => (id === 0 ? root : others)),
    uid.fact,
    uid.reason,
    uid.at,
  );
}

/** Engines before the fixes of 2022 filled the inheritable set as well (CVE-2022-24769 and its like). */
function inheritableSet(setting: Setting, bounding: Fact<Names>): Fact<Names> {
  const { capabilities, title } = setting.engine;
  const filled = holdsFor(capabilities.inheritable, setting.release);
  if (filled === "never") return noneByDefault(setting);
  if (filled === "always") return bounding;
  return combine(
    [bounding, noneByDefault(setting)],
    "engine.version",
    `releases of ${title} before the fixes of 2022 fill the inheritable set`,
  );
}
