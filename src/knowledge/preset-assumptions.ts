import { assumed } from "../boundary/fact.ts";
import type { Fact } from "../boundary/fact.ts";
import type { HostFacts, UntrustedInput } from "../boundary/host.ts";
import { untrustedInputs } from "../boundary/host.ts";

/** A key of `--assume`: what it settles, and the values it takes. */
export interface Assumption {
  readonly key: string;
  readonly values: string;
  readonly help: string;
}
interface Rule extends Assumption {
  readonly accepts: RegExp;
}

const yesNo = /^(true|false)$/;

/** Every key, for `--help` and for reading. `runtime-class.NAME` stands for one key for each name. */
const rules: readonly Rule[] = [
  {
    key: "apparmor",
    values: "NAME|none",
    accepts: /^[\w./:-]{1,200}$/,
    help: "the host has AppArmor, and its engine's default profile is NAME; or it has none",
  },
  {
    key: "selinux",
    values: "TYPE|none",
    accepts: /^\w{1,200}$/,
    help: "the host enforces SELinux and containers run as TYPE; or it has none",
  },
  {
    key: "seccomp-default",
    values: "true|false",
    accepts: yesNo,
    help: "the kubelet runs with SeccompDefault",
  },
  {
    key: "cgroup",
    values: "v1|v2|hybrid",
    accepts: /^(v1|v2|hybrid)$/,
    help: "the cgroup hierarchy of the host",
  },
  {
    key: "image",
    values: "trusted|untrusted",
    accepts: /^(trusted|untrusted)$/,
    help: "who built the image: nobody hostile (the default), or anybody",
  },
  {
    key: "operator",
    values: "any|none",
    accepts: /^(any|none)$/,
    help: "operators exec into, copy from and attach to the container; or only as the configuration shows",
  },
  {
    key: "rbac",
    values: "none|unknown",
    accepts: /^(none|unknown)$/,
    help: "what a service account may do that no RBAC object in the input names: nothing (the default), or not known",
  },
  {
    key: "image-user",
    values: "UID|unknown",
    accepts: /^(\d{1,10}|unknown)$/,
    help: "the user id that the image's USER stands for (default: root, as without a USER)",
  },
  {
    key: "engine-version",
    values: "VERSION",
    accepts: /^\d+(\.\d+)*[\w.+~-]{0,60}$/,
    help: "the release of the container engine",
  },
  {
    key: "cri",
    values: "containerd|cri-o|cri-dockerd",
    accepts: /^(containerd|cri-o|cri-dockerd)$/,
    help: "the engine that runs a node's pods",
  },
  { key: "rootless", values: "true|false", accepts: yesNo, help: "an ordinary user runs the engine" },
  {
    key: "userns-remap",
    values: "true|false",
    accepts: yesNo,
    help: "Docker's daemon runs with userns-remap",
  },
  {
    key: "untrusted",
    values: `any|${untrustedInputs.join("|")}`,
    accepts: new RegExp(`^(any|(${untrustedInputs.join("|")})(,(${untrustedInputs.join("|")}))*)$`),
    help: "what somebody hostile hands to the engine, with commas between (default: nothing)",
  },
  {
    key: "setting.NAME",
    values: "VALUE",
    accepts: /^[\w./-]{1,200}$/,
    help: "how an engine or runtime of the host is configured, such as setting.nvidia.mode=cdi",
  },
  {
    key: "runtime-class.NAME",
    values: "runc|runsc|kata|…",
    accepts: /^[\w./-]{1,200}$/,
    help: "what the RuntimeClass or runtime NAME runs",
  },
];
export const assumptions: readonly Assumption[] = rules.map(({ key, values, help }) => ({
  key,
  values,
  help,
}));

const classPrefix = "runtime-class.";
const settingPrefix = "setting.";

function ruleFor(key: string): Rule | undefined {
  const prefix = [classPrefix, settingPrefix].find((p) => key.startsWith(p) && key.length > p.length);
  const wanted = prefix === undefined ? key : `${prefix}NAME`;
  return rules.find((rule) => rule.key === wanted);
}

/** Reads `KEY=VALUE` pairs; the last of several for one key counts. Messages follow `expected X, found Y`. */
export function readAssumptions(pairs: readonly string[]): {
  readonly assume: ReadonlyMap<string, string>;
  readonly messages: readonly string[];
} {
  const assume = new Map<string, string>();
  const messages: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const key = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? undefined : pair.slice(equals + 1);
    const rule = ruleFor(key);
    if (!rule)
      messages.push(
        `expected \`--assume\` to name one of ${rules.map((r) => r.key).join(", ")}, found ${JSON.stringify(key.slice(0, 80))}`,
      );
    else if (value === undefined || !rule.accepts.test(value)) {
      messages.push(
        `expected \`--assume ${rule.key}\` to be ${rule.values}, found ${value === undefined ? "nothing" : JSON.stringify(value.slice(0, 80))}`,
      );
    } else assume.set(key, value);
  }
  return { assume, messages };
}

const done = new WeakMap<HostFacts, WeakMap<ReadonlyMap<string, string>, HostFacts>>();

/**
 * The host with what `--assume` says of it; what it says of the image, the operators and the engine's release is read where
 * a spec is completed. The same host and assumptions give the same object, and a host that has them already is itself.
 */
export function withAssumptions(host: HostFacts, assume: ReadonlyMap<string, string>): HostFacts {
  if (assume.size === 0) return host;
  const hosts = done.get(host) ?? new WeakMap<ReadonlyMap<string, string>, HostFacts>();
  done.set(host, hosts);
  const known = hosts.get(assume);
  if (known) return known;
  const made = applied(host, assume);
  hosts.set(assume, made);
  done.set(made, new WeakMap([[assume, made]]));
  return made;
}

function applied(host: HostFacts, assume: ReadonlyMap<string, string>): HostFacts {
  const settle = <T>(key: string, current: Fact<T>, read: (value: string) => T): Fact<T> => {
    const value = assume.get(key);
    return value === undefined ? current : assumed(read(value), `--assume ${key}=${value}`);
  };
  const isTrue = (value: string): boolean => value === "true";
  const cgroup = assume.get("cgroup");
  return {
    ...host,
    apparmor: settle("apparmor", host.apparmor, (value) => value !== "none"),
    selinux: settle("selinux", host.selinux, (value) => (value === "none" ? "absent" : "enforcing")),
    kubeletSeccompDefault: settle("seccomp-default", host.kubeletSeccompDefault, isTrue),
    cgroupVersion: settle("cgroup", host.cgroupVersion, (value) =>
      value === "v1" || value === "v2" ? value : "hybrid",
    ),
    cgroupV1Mountable:
      cgroup === "v1" || cgroup === "hybrid"
        ? assumed(true, `--assume cgroup=${cgroup}`)
        : host.cgroupV1Mountable,
    cri: settle("cri", host.cri, (value) =>
      value === "cri-o" || value === "cri-dockerd" ? value : "containerd",
    ),
    rootlessEngine: settle("rootless", host.rootlessEngine, isTrue),
    usernsRemap: settle("userns-remap", host.usernsRemap, isTrue),
    runtimeHandlers: new Map([...host.runtimeHandlers, ...named(assume, classPrefix)]),
    settings: new Map([...host.settings, ...named(assume, settingPrefix)]),
    untrustedInputs: settle("untrusted", host.untrustedInputs, (value) =>
      value === "any" ? untrustedInputs : (value.split(",") as UntrustedInput[]),
    ),
  };
}

/** The assumptions of one family, by what follows its prefix. */
function named(
  assume: ReadonlyMap<string, string>,
  prefix: string,
): readonly (readonly [string, Fact<string>])[] {
  return [...assume]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), assumed(value, `--assume ${key}=${value}`)] as const);
}
