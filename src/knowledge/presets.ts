import type { Fact } from "../boundary/fact.ts";
import { assumed, unknown } from "../boundary/fact.ts";
import type { HostFacts } from "../boundary/host.ts";
import { withAssumptions } from "./preset-assumptions.ts";

/**
 * Hosts by name: the data of knowledge/presets/, and the two that are made here (`patched`, `unknown`). A preset says what
 * was documented of a kind of host on a day, each fact with its source; what no source states stays unknown.
 */
export interface PresetFact<T> {
  readonly value: T;
  readonly source: string;
}

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** The day the facts were true, as YYYY-MM-DD. */
  readonly date: string;
  readonly facts: PresetFacts;
  readonly kernelConfig?: Readonly<Record<string, PresetFact<string>>> | undefined;
  readonly sysctls?: Readonly<Record<string, PresetFact<string>>> | undefined;
  readonly versions?: Readonly<Record<string, PresetFact<string>>> | undefined;
  readonly runtimeHandlers?: Readonly<Record<string, PresetFact<string>>> | undefined;
  readonly settings?: Readonly<Record<string, PresetFact<string>>> | undefined;
}

/** The scalar facts, by the names of HostFacts. */
export interface PresetFacts {
  readonly architecture?: PresetFact<string> | undefined;
  readonly kernelRelease?: PresetFact<string> | undefined;
  readonly lockdown?: PresetFact<"none" | "integrity" | "confidentiality"> | undefined;
  readonly apparmor?: PresetFact<boolean> | undefined;
  readonly selinux?: PresetFact<"absent" | "permissive" | "enforcing"> | undefined;
  readonly cgroupVersion?: PresetFact<"v1" | "v2" | "hybrid"> | undefined;
  readonly cgroupV1Mountable?: PresetFact<boolean> | undefined;
  readonly modulesEnabled?: PresetFact<boolean> | undefined;
  readonly moduleSignatureEnforced?: PresetFact<boolean> | undefined;
  readonly usernsRemap?: PresetFact<boolean> | undefined;
  readonly rootlessEngine?: PresetFact<boolean> | undefined;
  readonly kubeletSeccompDefault?: PresetFact<boolean> | undefined;
  readonly cri?: PresetFact<"containerd" | "cri-o" | "cri-dockerd"> | undefined;
  readonly metadata?: PresetFact<"none" | "open" | "limited"> | undefined;
  readonly distribution?: PresetFact<string> | undefined;
}

/**
 * Links that every current distribution has: /usr was merged in Debian 12, Ubuntu 19.04, Fedora 17 and those made of them
 * (systemd.io/THE_CASE_FOR_THE_USR_MERGE, Debian usrmerge), and /var/run and /var/lock are links (hier(7), FHS 3.0 5.13).
 */
export const commonLinks: ReadonlyMap<string, string> = new Map([
  ["/var/run", "/run"],
  ["/var/lock", "/run/lock"],
  ["/bin", "/usr/bin"],
  ["/sbin", "/usr/sbin"],
  ["/lib", "/usr/lib"],
  ["/lib64", "/usr/lib64"],
]);

const notSaid = "nothing in the input says so; a host file or a preset would";

function unknownFacts(): Omit<HostFacts, "source" | "assumedPatched"> {
  return {
    architecture: unknown("host.architecture", notSaid),
    kernelRelease: unknown("host.kernel.release", notSaid),
    kernelConfig: new Map(),
    sysctls: new Map(),
    lockdown: unknown("host.lockdown", notSaid, ["none", "integrity", "confidentiality"]),
    apparmor: unknown("host.apparmor", notSaid, [false, true]),
    selinux: unknown("host.selinux", notSaid, ["absent", "permissive", "enforcing"]),
    cgroupVersion: unknown("host.cgroup-version", notSaid, ["v1", "hybrid", "v2"]),
    cgroupV1Mountable: unknown("host.cgroup-v1-mountable", notSaid, [true, false]),
    modulesEnabled: unknown("host.modules-enabled", notSaid, [true, false]),
    moduleSignatureEnforced: unknown("host.module-signatures", notSaid, [false, true]),
    usernsRemap: unknown("host.userns-remap", notSaid, [false, true]),
    rootlessEngine: unknown("engine.rootless", notSaid, [false, true]),
    kubeletSeccompDefault: unknown("host.kubelet.seccomp-default", notSaid, [false, true]),
    cri: unknown("host.cri", notSaid, ["containerd", "cri-o"]),
    versions: new Map(),
    runtimeHandlers: new Map(),
    metadata: unknown("host.metadata", notSaid, ["open", "limited", "none"]),
    links: commonLinks,
    distribution: unknown("host.distribution", notSaid),
    settings: new Map(),
    untrustedInputs: assumed([], "the default threat model"),
  };
}

/** A host of which nothing is assumed but the links that all have. */
export function unknownHost(assume: ReadonlyMap<string, string> = new Map()): HostFacts {
  return withAssumptions({ source: "unknown", assumedPatched: false, ...unknownFacts() }, assume);
}

/**
 * The host that files are judged for unless one is named: kernel and runtimes are free of known vulnerabilities, all else
 * that the host decides stays unknown.
 */
export function patchedHost(assume: ReadonlyMap<string, string> = new Map()): HostFacts {
  return withAssumptions({ source: "patched", assumedPatched: true, ...unknownFacts() }, assume);
}

/** A preset as host facts: what it states is assumed by its name and date, what it does not stays unknown. */
export function hostFromPreset(preset: Preset, assume: ReadonlyMap<string, string> = new Map()): HostFacts {
  const fact = <T>(stated: PresetFact<T>): Fact<T> =>
    assumed(stated.value, `preset ${preset.id} (${preset.date}): ${stated.source}`);
  const facts = (
    stated: Readonly<Record<string, PresetFact<string>>> | undefined,
  ): ReadonlyMap<string, Fact<string>> =>
    new Map(Object.entries(stated ?? {}).map(([name, value]) => [name, fact(value)]));
  const stated = Object.fromEntries(
    Object.entries(preset.facts).flatMap(([name, value]: [string, PresetFact<unknown> | undefined]) =>
      value === undefined ? [] : [[name, fact(value)]],
    ),
  ) as Partial<HostFacts>;
  const host: HostFacts = {
    source: `preset:${preset.id}`,
    assumedPatched: false,
    ...unknownFacts(),
    ...stated,
    kernelConfig: facts(preset.kernelConfig),
    sysctls: facts(preset.sysctls),
    versions: facts(preset.versions),
    runtimeHandlers: facts(preset.runtimeHandlers),
    settings: facts(preset.settings),
  };
  return withAssumptions(host, assume);
}

/** What `--host NAME` finds: a preset of the data, `patched` or `unknown`; undefined for any other name. */
export function hostNamed(
  name: string,
  presets: readonly Preset[],
  assume: ReadonlyMap<string, string> = new Map(),
): HostFacts | undefined {
  if (name === "patched") return patchedHost(assume);
  if (name === "unknown") return unknownHost(assume);
  const preset = presets.find(({ id }) => id === name);
  return preset && hostFromPreset(preset, assume);
}
