import { readFileSync } from "node:fs";
import type { DefaultProfile } from "../seccomp/default-profile.ts";
import { assembleDefaultProfiles } from "../seccomp/assemble.ts";
import type { EngineIndex, EngineFile } from "./engine-defaults.ts";
import { engineIndex } from "./engine-defaults.ts";
import type { Preset } from "./presets.ts";
import type { KnowledgeBase } from "./types.ts";

/** Reads what the build compiled from knowledge/. The shipped files were validated then, and are trusted here. */
function compiled(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./compiled/${name}`, import.meta.url), "utf8")) as unknown;
}

let knowledge: KnowledgeBase | undefined;
/** Techniques, vulnerabilities and host paths. */
export function shippedKnowledge(): KnowledgeBase {
  knowledge ??= compiled("knowledge.json") as KnowledgeBase;
  return knowledge;
}

let engines: EngineIndex | undefined;
/** What each engine applies to what a configuration leaves out. */
export function shippedEngines(): EngineIndex {
  engines ??= engineIndex(compiled("engines.json") as EngineFile[]);
  return engines;
}

let presets: readonly Preset[] | undefined;
/** Dated descriptions of hosts. */
export function shippedPresets(): readonly Preset[] {
  presets ??= compiled("presets.json") as Preset[];
  return presets;
}

let profiles: readonly DefaultProfile[] | undefined;
/** The default seccomp profiles of the engines, by version. */
export function shippedProfiles(): readonly DefaultProfile[] {
  profiles ??= assembleDefaultProfiles(compiled("profiles.json") as unknown[]).profiles;
  return profiles;
}
