import type { EngineName } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, unknown, valueOf } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { EngineDefaults, EngineId } from "../../knowledge/engine-defaults.ts";
import { withAssumptions } from "../../knowledge/preset-assumptions.ts";
import type { ContainerSpec } from "../spec.ts";
import type { CompletionContext, Setting } from "./setting.ts";
import { daemonOr, fromSaid } from "./setting.ts";

/** The ways things can be, and the fact that tells them apart. One setting, unless that fact is unknown. */
export interface Settings {
  readonly settings: readonly Setting[];
  readonly fact: string;
  readonly reason: string;
}

interface Engine {
  readonly id: EngineId;
  readonly name: EngineName;
}
const byCri: Readonly<Record<"containerd" | "cri-o" | "cri-dockerd", Engine>> = {
  containerd: { id: "containerd", name: "containerd" },
  "cri-o": { id: "cri-o", name: "cri-o" },
  // cri-dockerd hands the pod to Docker, which applies its own defaults.
  "cri-dockerd": { id: "docker", name: "docker" },
};

/** Which engines, as root or not, the spec may be run by. */
export function settingsOf(spec: ContainerSpec, context: CompletionContext): Settings {
  const host = withAssumptions(context.host, context.assume);
  const engines = enginesOf(spec, host);
  const settings = engines.flatMap((engine) => {
    const defaults = context.engines.engines.get(engine.id);
    return defaults
      ? rootlessOf(spec, host, defaults).map((rootless) =>
          settingFor(spec, context, host, engine, defaults, rootless),
        )
      : [];
  });
  return engines.length > 1
    ? {
        settings,
        fact: "host.cri",
        reason: "containerd and CRI-O differ here, and which of them the node runs is not known",
      }
    : {
        settings,
        fact: "engine.rootless",
        reason: "it depends on whether root or an ordinary user runs the engine",
      };
}

function enginesOf(spec: ContainerSpec, host: HostFacts): readonly Engine[] {
  if (spec.engine !== "kubernetes") return [{ id: spec.engine, name: spec.engine }];
  return host.cri.known ? [byCri[host.cri.value]] : [byCri.containerd, byCri["cri-o"]];
}

function rootlessOf(spec: ContainerSpec, host: HostFacts, engine: EngineDefaults): readonly boolean[] {
  if (spec.rootless) return [spec.rootless.value];
  const told = daemonOr(spec.daemon?.rootless, host.rootlessEngine);
  if (told.known) return [told.value];
  return engine.rootless.assumed === "unknown" ? [false, true] : [false];
}

function settingFor(
  spec: ContainerSpec,
  context: CompletionContext,
  plainHost: HostFacts,
  engine: Engine,
  defaults: EngineDefaults,
  rootless: boolean,
): Setting {
  const wish = context.assume.get("engine-version");
  const engineVersion = versionOf(spec, plainHost, engine.id, wish);
  const host = wish === undefined ? plainHost : withVersion(plainHost, engine.id, engineVersion);
  const version = valueOf(engineVersion);
  return {
    spec,
    context,
    host,
    engine: defaults,
    engineName: engine.name,
    kubelet: spec.engine === "kubernetes" ? context.engines.kubelet : undefined,
    rootless,
    engineVersion,
    release:
      version === undefined
        ? { since: host.assumedPatched ? defaults.maintained.since : undefined }
        : { version },
    by: version === undefined ? defaults.title : `${defaults.title} ${version}`,
  };
}

function versionOf(
  spec: ContainerSpec,
  host: HostFacts,
  engine: EngineId,
  wish: string | undefined,
): Fact<string> {
  if (wish !== undefined) return assumed(wish, `--assume engine-version=${wish}`);
  if (spec.engineVersion) return fromSaid(spec.engineVersion);
  return host.versions.get(engine) ?? unknown("engine.version", `the version of ${engine} is not known`);
}

const versioned = new WeakMap<HostFacts, Map<string, HostFacts>>();

/** The host with the assumed version of its engine; the same object for the same question, so that equal boundaries stay equal. */
function withVersion(host: HostFacts, component: string, version: Fact<string>): HostFacts {
  const hosts = versioned.get(host) ?? new Map<string, HostFacts>();
  versioned.set(host, hosts);
  const key = `${component} ${valueOf(version) ?? ""}`;
  const known = hosts.get(key);
  if (known) return known;
  const made: HostFacts = { ...host, versions: new Map([...host.versions, [component, version]]) };
  hosts.set(key, made);
  return made;
}
