import { readFileSync } from "node:fs";
import type { DefaultProfile } from "../seccomp/default-profile.ts";
import type { SeccompProfile } from "../seccomp/types.ts";
import type { CompactKnowledge, DetailsById } from "./compact.ts";
import { expand } from "./compact.ts";
import type { EngineIndex, EngineFile } from "./engine-defaults.ts";
import { engineIndex } from "./engine-defaults.ts";
import type { Preset } from "./presets.ts";
import type { EncodedProfile, ProfileHead } from "./profile-codec.ts";
import { decodeProfile } from "./profile-codec.ts";
import type { KnowledgeBase } from "./types.ts";

/** Reads what the build compiled from knowledge/. The shipped files were validated then, and are trusted here. */
function compiled(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./compiled/${name}`, import.meta.url), "utf8")) as unknown;
}

/** The knowledge base with its references and examples, which a scan does not need. */
export function shippedDocumentation(): KnowledgeBase {
  return compiled("knowledge-full.json") as KnowledgeBase;
}

let knowledge: KnowledgeBase | undefined;
/** Techniques, vulnerabilities and host paths, without references and examples. */
export function shippedKnowledge(): KnowledgeBase {
  knowledge ??= expand(compiled("knowledge.json") as CompactKnowledge, vulnerabilityDetails);
  return knowledge;
}

let details: DetailsById | undefined;
function vulnerabilityDetails(): DetailsById {
  details ??= compiled("vulnerabilities.json") as DetailsById;
  return details;
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
const shipped = new WeakSet();

/**
 * The default seccomp profiles of the engines, by version. The build assembled them from their bases and edits; the
 * contents of each are read when somebody asks for them, which most runs do for two or three.
 */
export function shippedProfiles(): readonly DefaultProfile[] {
  profiles ??= (compiled("profiles.json") as ProfileHead[]).map(lazyProfile);
  return profiles;
}

/** Whether a profile came from here: already parsed, its numbers big integers. */
export function isShippedProfile(profile: object): profile is SeccompProfile {
  return shipped.has(profile);
}

function lazyProfile(head: ProfileHead): DefaultProfile {
  let contents: SeccompProfile | undefined;
  return {
    ...head,
    get profile(): SeccompProfile {
      contents ??= decodeProfile(compiled(`profile-${head.name}.json`) as EncodedProfile);
      shipped.add(contents);
      return contents;
    },
  };
}
