import type { Node } from "../../base/document.ts";
import { toData } from "../../base/document.ts";
import type { Position } from "../../base/location.ts";
import type { Problem } from "../../base/problems.ts";
import type {
  Boundary,
  CredentialFacts,
  EngineName,
  ImageFacts,
  Isolation,
  Mount,
  NamespaceFacts,
  SiblingShare,
} from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, declared, defaulted, unknown } from "../../boundary/fact.ts";
import { deviceFacts } from "./devices.ts";
import type { Field } from "./fields.ts";
import { elements, entriesOf, field, flagOf, integerOf, rootField, textOf, textsOf } from "./fields.ts";
import { readMounts, rootMount } from "./mounts.ts";
import { readNamespaces } from "./namespaces.ts";

/** Everything of a bundle: what no host fact changes, and the raw material of the rest. */
export interface Bundle {
  readonly fixed: Omit<Boundary, "process" | "host">;
  readonly process: ProcessFields;
  readonly image: ImageFacts;
}

/** `process` and `linux.seccomp` as they were written; the kernel's part is computed when the host is known. */
export interface ProcessFields {
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  readonly groups: Fact<readonly number[]>;
  readonly noNewPrivileges: Fact<boolean>;
  readonly terminal: Fact<boolean>;
  /** Undefined where `process.capabilities` is absent as a whole. */
  readonly capabilities: Readonly<Record<CapabilitySet, Fact<readonly string[]>>> | undefined;
  readonly rlimits: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly seccomp: { readonly profile: unknown; readonly at: Position } | undefined;
  readonly apparmor: { readonly value: string; readonly at: Position } | undefined;
  readonly selinux: { readonly value: string; readonly at: Position } | undefined;
}
export type CapabilitySet = "bounding" | "effective" | "permitted" | "inheritable" | "ambient";

export const specification = "OCI runtime specification 1.2";

/** A fact of a field: declared, or the specification's value for an absent one. */
export function stated<T>(of: Field, value: T | undefined, absent: T, section: string): Fact<T> {
  return value === undefined ? defaulted(absent, specification, section) : declared(value, of.at);
}

/** Reads all that a `config.json` says. Malformed fields become problems and count as absent. */
export function readBundle(document: Node, problems: Problem[]): Bundle {
  const root = rootField(document, problems);
  const linux = field(root, "linux");
  const namespaces = readNamespaces(linux);
  const mounts = [...rootMount(root), ...readMounts(root, linux)];
  const image = imageFacts(root);
  const process = readProcess(root, linux);
  const fixed: Bundle["fixed"] = {
    engine: engineFact(root),
    engineVersion: unknown("engine.version", "a bundle does not name the engine that wrote it"),
    rootless: rootlessFact(namespaces),
    runtime: unknown("runtime", "a bundle does not name its runtime"),
    runtimeVersion: unknown("runtime.version", "a bundle does not name its runtime"),
    privileged: defaulted(
      false,
      specification,
      "a bundle has no such flag: what it would change stands field by field",
    ),
    isolation: isolationFact(root),
    namespaces,
    mounts,
    maskedPaths: pathsFact(field(linux, "maskedPaths"), "config-linux, Masked Paths"),
    readonlyPaths: pathsFact(field(linux, "readonlyPaths"), "config-linux, Readonly Paths"),
    readonlyRootfs: stated(
      field(root, "root", "readonly"),
      flagOf(field(root, "root", "readonly")),
      false,
      "config, Root",
    ),
    ...deviceFacts(linux),
    cgroup: { writable: writableCgroup(root, mounts), limits: limits(linux) },
    network: networkFacts(root, namespaces),
    credentials: credentialFacts(root, mounts),
    image,
    operatorActions: defaulted([], specification, "hooks run outside the container; a bundle knows no exec"),
    siblings: siblings(namespaces),
  };
  return { fixed, process, image };
}

function pathsFact(of: Field, section: string): Fact<readonly string[]> {
  const paths = textsOf(of).map(({ value }) => value);
  return stated(of, of.node && paths, [], section);
}

function readProcess(root: Field, linux: Field): ProcessFields {
  const process = field(root, "process");
  const user = field(process, "user");
  const seccomp = field(linux, "seccomp").node;
  const integer = (key: string): Fact<number> =>
    stated(field(user, key), integerOf(field(user, key)), 0, "config, User");
  const flag = (key: string): Fact<boolean> =>
    stated(field(process, key), flagOf(field(process, key)), false, "config, Process");
  const groups = field(user, "additionalGids");
  const set = (name: CapabilitySet): Fact<readonly string[]> =>
    capabilitySet(field(process, "capabilities", name));
  return {
    uid: integer("uid"),
    gid: integer("gid"),
    groups: stated(
      groups,
      groups.node && elements(groups).flatMap((item) => integerOf(item) ?? []),
      [],
      "config, User",
    ),
    noNewPrivileges: flag("noNewPrivileges"),
    terminal: flag("terminal"),
    capabilities: field(process, "capabilities").node && {
      bounding: set("bounding"),
      effective: set("effective"),
      permitted: set("permitted"),
      inheritable: set("inheritable"),
      ambient: set("ambient"),
    },
    rlimits: elements(field(process, "rlimits")).flatMap(rlimit),
    seccomp: seccomp?.kind === "map" ? { profile: toData(seccomp), at: seccomp } : undefined,
    apparmor: saidText(field(process, "apparmorProfile")),
    selinux: saidText(field(process, "selinuxLabel")),
  };
}

function saidText(of: Field): { value: string; at: Position } | undefined {
  const value = textOf(of);
  return value ? { value, at: of.at } : undefined;
}

/** A set that is absent from a present `capabilities` is empty (runc, libcontainer/capabilities). */
function capabilitySet(of: Field): Fact<readonly string[]> {
  const names = textsOf(of).map(({ value }) => value);
  return stated(of, of.node && names, [], "config, Linux Process, capabilities");
}

function rlimit(of: Field): readonly { type: string; soft: number; hard: number }[] {
  const type = textOf(field(of, "type"));
  const soft = integerOf(field(of, "soft"));
  const hard = integerOf(field(of, "hard"));
  if (type === undefined || soft === undefined || hard === undefined) return [];
  return [{ type: type.replace(/^RLIMIT_/, "").toLowerCase(), soft, hard }];
}

function engineFact(root: Field): Fact<EngineName> {
  for (const { key, at, value } of entriesOf(field(root, "annotations"))) {
    if (key.startsWith("io.kubernetes.cri-o.")) return declared("cri-o", at);
    if (key.startsWith("io.kubernetes.cri.")) return declared("containerd", at);
    if (key.startsWith("nerdctl/")) return declared("nerdctl", at);
    if (key === "io.container.manager" && textOf(value) === "libpod") return declared("podman", at);
  }
  return declared("oci", field(root, "ociVersion").at);
}

function rootlessFact(namespaces: NamespaceFacts): Fact<boolean> {
  const { user } = namespaces;
  if (user.known && user.value.kind === "host")
    return defaulted(false, specification, "a rootless runtime needs a user namespace");
  return unknown("engine.rootless", "a bundle does not say who starts its runtime", [false, true]);
}

/** A `vm` section, or another platform's section without `linux`, is for a runtime of another kind. */
function isolationFact(root: Field): Fact<Isolation> {
  const vm = field(root, "vm");
  const hypervisor = textOf(field(vm, "hypervisor", "path"))?.replace(/^.*\//, "") ?? "unknown";
  const guest: Isolation = { kind: "hypervisor", vmm: hypervisor, jailed: false };
  const shared: Isolation = { kind: "shared-kernel" };
  if (vm.node)
    return unknown("isolation", "a vm section is read by hypervisor runtimes only", [guest, shared], vm.at);
  for (const platform of ["windows", "solaris", "zos", "freebsd"]) {
    const section = field(root, platform);
    if (section.node && !field(root, "linux").node)
      return unknown("isolation", `a bundle for ${platform}`, undefined, section.at);
  }
  const hint = entriesOf(field(root, "annotations")).find(({ key }) =>
    /^(?:io\.katacontainers|dev\.gvisor)\./.test(key),
  );
  if (hint) {
    const gvisor: Isolation = {
      kind: "application-kernel",
      name: "gvisor",
      hostUds: false,
      hostNetwork: false,
    };
    const other = hint.key.startsWith("dev.") ? gvisor : { ...guest, vmm: "kata" };
    return unknown(
      "isolation",
      `an annotation for ${hint.key.startsWith("dev.") ? "gVisor" : "Kata Containers"}`,
      [other, shared],
      hint.at,
    );
  }
  return defaulted(shared, "an OCI bundle run by runc, crun or youki", "a bundle does not name its runtime");
}

function writableCgroup(root: Field, mounts: readonly Mount[]): Fact<boolean> {
  const cgroups = mounts.filter((mount) => mount.kind === "cgroup");
  const writable = cgroups.find((mount) => mount.readOnly.known && !mount.readOnly.value);
  return (writable ?? cgroups[0])?.readOnly.known === true
    ? declared(writable !== undefined, field(root, "mounts").at)
    : defaulted(false, specification, "no cgroup file system is mounted");
}

function limits(linux: Field): Boundary["cgroup"]["limits"] {
  const memory = field(linux, "resources", "memory", "limit");
  const pids = field(linux, "resources", "pids", "limit");
  const quota = field(linux, "resources", "cpu", "quota");
  const period = integerOf(field(linux, "resources", "cpu", "period")) ?? 100_000;
  const bounded = (of: Field, scale = 1): Fact<number | null> => {
    const value = integerOf(of);
    return stated<number | null>(
      of,
      value === undefined ? undefined : value > 0 ? value / scale : null,
      null,
      "config-linux, Resources",
    );
  };
  return {
    memoryBytes: bounded(memory),
    pids: bounded(pids),
    cpus: bounded(quota, period > 0 ? period : 100_000),
  };
}

/** A new network namespace has only loopback until somebody configures it: a hook, or whoever made the named one. */
function networkFacts(root: Field, { net }: NamespaceFacts): Boundary["network"] {
  const rest = { published: [], networks: [] };
  if (!net.known)
    return { mode: unknown(net.fact, net.reason), egress: unknown("network.egress", net.reason), ...rest };
  const { provenance } = net;
  if (net.value.kind === "host") {
    return {
      mode: { known: true, value: "host", provenance },
      egress: { known: true, value: "open", provenance },
      ...rest,
    };
  }
  const hooks = ["prestart", "createRuntime", "createContainer"]
    .map((key) => field(root, "hooks", key))
    .find((of) => elements(of).length > 0);
  if (net.value.kind === "shared" || hooks) {
    const reason = hooks
      ? "a hook may connect the network namespace"
      : "the network namespace was made by somebody else";
    const mode: Boundary["network"]["mode"] = hooks
      ? unknown("network.mode", reason, ["none", "bridge"], hooks.at)
      : { known: true, value: "custom", provenance };
    return { mode, egress: unknown("network.egress", reason, ["open", "limited", "none"]), ...rest };
  }
  return {
    mode: { known: true, value: "none", provenance },
    egress: { known: true, value: "none", provenance },
    ...rest,
  };
}

/** Names of variables that usually hold a credential. */
const credentialName =
  /PASSW|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|(?:^|_)AUTH(?:$|_)|(?:^|_)DSN$/i;

function credentialFacts(root: Field, mounts: readonly Mount[]): CredentialFacts {
  const environment = textsOf(field(root, "process", "env")).flatMap(({ value, at }) => {
    const [name = ""] = value.split("=");
    return credentialName.test(name) ? [declared(name, at)] : [];
  });
  const under = (folder: RegExp): readonly Mount[] => mounts.filter((mount) => folder.test(mount.target));
  const [token] = under(/^\/(?:var\/)?run\/secrets\/kubernetes\.io\/serviceaccount$/);
  return {
    serviceAccountToken: token
      ? declared(true, field(root, "mounts").at)
      : defaulted(false, specification, "no token is mounted"),
    serviceAccount: null,
    rights: token
      ? unknown("kubernetes.rights", "a bundle does not hold the cluster's roles")
      : defaulted([], specification, "no token is mounted"),
    environment,
    secrets: under(/^\/(?:var\/)?run\/secrets\/(?!kubernetes\.io\/)./).map((mount) =>
      declared(mount.target.replace(/^.*\//, ""), field(root, "mounts").at),
    ),
  };
}

function imageFacts(root: Field): ImageFacts {
  const keys = [
    "io.kubernetes.cri.image-name",
    "io.kubernetes.cri-o.ImageName",
    "org.opencontainers.image.ref.name",
  ];
  const reference = keys.map((key) => textOf(field(root, "annotations", key))).find(Boolean) ?? null;
  return {
    reference,
    trusted: assumed(true, "image=trusted"),
    setuidPrograms: unknown("image.setuid-programs", "the root file system is not in the input", [
      true,
      false,
    ]),
  };
}

function siblings(namespaces: NamespaceFacts): readonly SiblingShare[] {
  const kinds = [
    ["pid", "pid-namespace"],
    ["net", "network-namespace"],
    ["ipc", "ipc-namespace"],
  ] as const;
  return kinds.flatMap(([kind, through]) => {
    const state = namespaces[kind];
    if (!state.known || state.value.kind !== "shared") return [];
    return [{ name: state.value.with, through, detail: `the ${kind} namespace ${state.value.with}` }];
  });
}
