import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { sourceText } from "../../../src/base/location.ts";
import type { Boundary } from "../../../src/boundary/boundary.ts";
import type { Fact } from "../../../src/boundary/fact.ts";
import type { HostFacts } from "../../../src/boundary/host.ts";
import { engineIndex } from "../../../src/knowledge/engine-defaults.ts";
import { parseEngineFile } from "../../../src/knowledge/engine-defaults-schema.ts";
import type { Preset } from "../../../src/knowledge/presets.ts";
import { hostFromPreset, patchedHost } from "../../../src/knowledge/presets.ts";
import { parsePreset } from "../../../src/knowledge/presets-schema.ts";
import { complete } from "../../../src/sources/defaults/complete.ts";
import type { CompletionContext } from "../../../src/sources/defaults/setting.ts";
import type { ContainerSpec, Said } from "../../../src/sources/spec.ts";
import type { FilterStore } from "../../../src/sources/types.ts";
import { shipped } from "../../seccomp/shipped.ts";

const knowledge = fileURLToPath(new URL("../../../knowledge/", import.meta.url));

/** The parsed YAML of every file of a folder of knowledge/, by file name. */
export function yamlFiles(folder: string): readonly (readonly [string, unknown])[] {
  return readdirSync(knowledge + folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => [name, parse(readFileSync(`${knowledge}${folder}/${name}`, "utf8")) as unknown] as const);
}

export const engines = engineIndex(
  yamlFiles("engines").flatMap(([, data]) => parseEngineFile(data).value ?? []),
);
export const presets: readonly Preset[] = yamlFiles("presets").flatMap(
  ([, data]) => parsePreset(data).value ?? [],
);

export function preset(id: string): HostFacts {
  const found = presets.find((p) => p.id === id);
  if (!found) throw new Error(`no preset is named ${id}`);
  return hostFromPreset(found);
}

const source = sourceText("input.yaml", "");
export const said = <T>(value: T): Said<T> => ({ value, at: { source, offset: 0 } });
export const saids = <T>(...values: readonly T[]): readonly Said<T>[] => values.map((value) => said(value));

/** Names a filter by its profile and by how many capabilities its conditions saw. */
const filters: FilterStore = {
  add: (name, _profile, context) => `${name}/${String(context.capabilities.length)}`,
};

export interface Given {
  readonly spec?: Partial<ContainerSpec>;
  readonly host?: HostFacts;
  readonly assume?: Readonly<Record<string, string>>;
}

/** Completes a spec; Docker on a patched host unless said otherwise. */
export function boundaryOf({ spec = {}, host = patchedHost(), assume = {} }: Given): Boundary {
  const context: CompletionContext = {
    host,
    engines,
    profiles: shipped.profiles,
    filters,
    assume: new Map(Object.entries(assume)),
  };
  return complete({ engine: "docker", mounts: [], ...spec }, context);
}

/** A fact in few words: `declared 0`, or `unknown host.apparmor [..]`. */
export function told<T>(fact: Fact<T>): readonly unknown[] {
  return fact.known ? [fact.provenance.kind, fact.value] : ["unknown", fact.fact, ...(fact.candidates ?? [])];
}
