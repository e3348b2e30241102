import type { EngineName } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { declared, observed } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type {
  EngineDefaults,
  EngineIndex,
  KubeletDefaults,
  Release,
} from "../../knowledge/engine-defaults.ts";
import type { DefaultProfile } from "../../seccomp/default-profile.ts";
import type { ContainerSpec, Said } from "../spec.ts";
import type { FilterStore } from "../types.ts";

/**
 * What the completion of a spec may look at. Nothing in this folder reads a file or knows a format: it knows what was
 * said, what the engine does with it, and what the host is known to be.
 */
export interface CompletionContext {
  readonly host: HostFacts;
  readonly engines: EngineIndex;
  /** The default seccomp profiles of the engines (knowledge/profiles). */
  readonly profiles: readonly DefaultProfile[];
  readonly filters: FilterStore;
  /** What `--assume` settled, by key; see src/knowledge/preset-assumptions.ts. */
  readonly assume: ReadonlyMap<string, string>;
}

/** One way things can be: an engine, run as root or by a user. Unknowns of that kind give several settings. */
export interface Setting {
  readonly spec: ContainerSpec;
  readonly context: CompletionContext;
  /** The host, with what was assumed about it. */
  readonly host: HostFacts;
  readonly engine: EngineDefaults;
  readonly engineName: EngineName;
  /** Present when the kubelet stands between the spec and the engine. */
  readonly kubelet: KubeletDefaults | undefined;
  readonly rootless: boolean;
  readonly engineVersion: Fact<string>;
  readonly release: Release;
  /** `Docker Engine 28.5.2`: who applies a default. */
  readonly by: string;
}

/** What was said, as a fact: declared in a file, or observed by an interface. */
export function fromSaid<T>(said: Said<T>): Fact<T> {
  return said.observedFrom === undefined
    ? declared(said.value, said.at)
    : observed(said.value, said.observedFrom, said.at);
}

/** Another value that follows from what was said, with the place of what was said. */
export function followsFrom<T>(said: Said<unknown>, value: T): Fact<T> {
  return said.observedFrom === undefined
    ? declared(value, said.at)
    : observed(value, said.observedFrom, said.at);
}

/** The place that asks for a privileged container, where one does. */
export function privilegedBy(spec: ContainerSpec): Said<boolean> | undefined {
  return spec.privileged?.value === true ? spec.privileged : undefined;
}

/** A fact that an engine's daemon told (`docker info`), before the host's own. */
export function daemonOr<T>(said: Said<T> | undefined, host: Fact<T>): Fact<T> {
  return said === undefined ? host : fromSaid(said);
}

/** What was said, unless it is an empty string, which says nothing. */
export function nonEmpty(said: Said<string> | undefined): Said<string> | undefined {
  return said === undefined || said.value === "" ? undefined : said;
}
