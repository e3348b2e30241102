import fc from "fast-check";
import type {
  AppArmorState,
  Boundary,
  ClusterRight,
  Device,
  Isolation,
  NamespaceState,
  OperatorAction,
  SeccompState,
  SelinuxState,
} from "../../src/boundary/boundary.ts";
import type { Fact } from "../../src/boundary/fact.ts";
import { unknown } from "../../src/boundary/fact.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import type { ResolvedFilter } from "../../src/seccomp/types.ts";
import { bind, boundary, dockerCapabilities, known } from "../helpers/boundary.ts";
import { shippedProfile } from "../seccomp/shipped.ts";

/** The values a fact can have: one is a known fact, more are an unknown one with these candidates. */
type Choice<T> = readonly T[];

interface MountDraft {
  readonly at: string;
  readonly source: Choice<string>;
  readonly readOnly: Choice<boolean>;
}

/** A boundary in the making: small, so that a counterexample can be read. */
export interface Draft {
  readonly added: Choice<readonly string[]>;
  readonly uid: Choice<number>;
  readonly seccomp: Choice<"docker" | "unconfined">;
  readonly apparmor: Choice<"docker-default" | "absent">;
  readonly selinux: Choice<"container_t" | "absent">;
  readonly noNewPrivileges: Choice<boolean>;
  readonly pid: Choice<"private" | "host">;
  readonly net: Choice<"private" | "host">;
  readonly ipc: Choice<"private" | "host">;
  readonly cgroupns: Choice<"private" | "host">;
  readonly user: Choice<"private" | "host">;
  readonly rootless: Choice<boolean>;
  readonly mounts: readonly MountDraft[];
  readonly masked: Choice<boolean>;
  readonly readonlyPaths: Choice<boolean>;
  readonly devices: readonly string[];
  readonly allDevices: Choice<boolean>;
  readonly cgroupWritable: Choice<boolean>;
  readonly cgroupV1: Choice<boolean>;
  readonly isolation: Choice<"shared" | "gvisor" | "vm" | "jailed-vm">;
  readonly trusted: Choice<boolean>;
  readonly setuid: Choice<boolean>;
  readonly operator: Choice<readonly OperatorAction[]>;
  readonly rights: Choice<readonly ClusterRight[]>;
  readonly signed: Choice<boolean>;
}

export const capabilityNames = [
  "CAP_SYS_ADMIN",
  "CAP_SYS_PTRACE",
  "CAP_SYS_MODULE",
  "CAP_DAC_READ_SEARCH",
  "CAP_SYS_RAWIO",
  "CAP_NET_ADMIN",
  "CAP_BPF",
  "CAP_PERFMON",
  "CAP_SYSLOG",
  "CAP_SYS_BOOT",
] as const;
export const sources = [
  "/",
  "/etc",
  "/run",
  "/var/run/docker.sock",
  "/run/dbus/system_bus_socket",
  "/var/lib/docker",
  "/var/lib/kubelet",
  "/var/log",
  "/root",
  "/home/user",
  "/proc",
  "/sys",
  "/dev",
  "/sys/fs/cgroup",
  "/etc/localtime",
  "/srv/data",
] as const;
export const deviceNodes = ["/dev/sda", "/dev/mem", "/dev/kvm", "/dev/fuse", "/dev/cpu/0/msr"] as const;

/** Mostly the first, else another, else unknown between some: where all is open already, no law can be broken. */
function choice<T>(...values: readonly [T, T, ...T[]]): fc.Arbitrary<Choice<T>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant([values[0]]) },
    { weight: 2, arbitrary: fc.constantFrom(...values).map((value) => [value]) },
    { weight: 2, arbitrary: fc.subarray([...values], { minLength: 2 }) },
  );
}

/** Often none at all, for the same reason. */
function few<T>(values: readonly T[], maxLength: number): fc.Arbitrary<T[]> {
  return fc.oneof(fc.constant<T[]>([]), fc.subarray([...values], { maxLength }));
}

export const drafts: fc.Arbitrary<Draft> = fc.record({
  added: fc
    .tuple(few(capabilityNames, 2), fc.option(fc.constantFrom(...capabilityNames), { freq: 1 }))
    .map(([some, perhaps]) =>
      perhaps === null || some.includes(perhaps) ? [some] : [some, [...some, perhaps]],
    ),
  uid: choice(0, 1000),
  seccomp: choice("docker", "unconfined"),
  apparmor: choice("docker-default", "absent"),
  selinux: choice("absent", "container_t"),
  noNewPrivileges: choice(false, true),
  pid: choice("private", "host"),
  net: choice("private", "host"),
  ipc: choice("private", "host"),
  cgroupns: choice("private", "host"),
  user: choice("host", "private"),
  rootless: choice(false, true),
  mounts: few(["/in/a", "/in/b", "/in/c"], 3).chain((places) =>
    fc.tuple(
      ...places.map((at) =>
        fc.record({
          at: fc.constant(at),
          source: fc.oneof(
            { weight: 4, arbitrary: fc.constantFrom(...sources).map((source) => [source]) },
            { weight: 1, arbitrary: fc.subarray([...sources], { minLength: 2, maxLength: 3 }) },
          ),
          readOnly: choice(true, false),
        }),
      ),
    ),
  ),
  masked: choice(true, false),
  readonlyPaths: choice(true, false),
  devices: few(deviceNodes, 2),
  allDevices: choice(false, true),
  cgroupWritable: choice(false, true),
  cgroupV1: choice(false, true),
  isolation: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Draft["isolation"]>(["shared"]) },
    { weight: 1, arbitrary: choice<Draft["isolation"][number]>("shared", "gvisor", "vm", "jailed-vm") },
  ),
  trusted: choice(true, false),
  setuid: choice(true, false),
  operator: choice<readonly OperatorAction[]>([], ["exec"], ["cp"]),
  rights: choice<readonly ClusterRight[]>(
    [],
    ["create-workloads"],
    ["create-privileged-workloads"],
    ["nodes-proxy"],
  ),
  signed: choice(true, false),
});

function fact<T, U>(name: string, values: Choice<T>, to: (value: T) => U): Fact<U> {
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0) return known(to(only));
  return unknown(name, `${name} is not in the input`, values.map(to));
}
const same = <T>(value: T): T => value;

export const filters = new Map<string, ResolvedFilter>();

/** Docker's filter as the container's capabilities open it. */
function dockerFilter(bounding: readonly string[]): SeccompState {
  const filter = bounding.join(",");
  if (!filters.has(filter)) {
    const { profile } = shippedProfile("docker-28.2.0");
    filters.set(
      filter,
      resolveProfile(profile, { capabilities: new Set(bounding), arch: "amd64", kernel: [6, 12] }),
    );
  }
  return { kind: "filter", name: "docker", filter };
}

const isolations: Readonly<Record<Draft["isolation"][number], Isolation>> = {
  shared: { kind: "shared-kernel" },
  gvisor: { kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false },
  vm: { kind: "hypervisor", vmm: "qemu", jailed: false },
  "jailed-vm": { kind: "hypervisor", vmm: "firecracker", jailed: true },
};
const apparmors: Readonly<Record<Draft["apparmor"][number], AppArmorState>> = {
  absent: { kind: "absent" },
  "docker-default": { kind: "profile", name: "docker-default" },
};
const selinuxes: Readonly<Record<Draft["selinux"][number], SelinuxState>> = {
  absent: { kind: "absent" },
  container_t: { kind: "type", type: "container_t" },
};
const none: readonly string[] = [];
const namespaceOf = (kind: "private" | "host"): NamespaceState => ({ kind });
const deviceOf = (path: string): Device => ({
  hostPath: known(path),
  containerPath: path,
  access: "rwm",
  type: path === "/dev/sda" ? "block" : "char",
});

export function build(draft: Draft): Boundary {
  const boundings = draft.added.map((added) => [...dockerCapabilities, ...added]);
  const held = draft.uid.flatMap((uid) => (uid === 0 ? boundings : [none]));
  const seccomps = draft.seccomp.flatMap((kind): readonly SeccompState[] =>
    kind === "unconfined" ? [{ kind }] : boundings.map(dockerFilter),
  );
  return boundary({
    rootless: fact("rootless", draft.rootless, same),
    isolation: fact("isolation", draft.isolation, (kind) => isolations[kind]),
    process: {
      uid: fact("process.uid", draft.uid, same),
      gid: fact("process.gid", draft.uid, same),
      noNewPrivileges: fact("process.noNewPrivileges", draft.noNewPrivileges, same),
      seccomp: fact("process.seccomp", seccomps, same),
      apparmor: fact("process.apparmor", draft.apparmor, (state) => apparmors[state]),
      selinux: fact("process.selinux", draft.selinux, (state) => selinuxes[state]),
      capabilities: {
        bounding: fact("process.capabilities.bounding", boundings, same),
        effective: fact("process.capabilities.effective", held, same),
        permitted: fact("process.capabilities.permitted", held, same),
        inheritable: known(none),
        ambient: known(none),
      },
    },
    namespaces: {
      pid: fact("namespaces.pid", draft.pid, namespaceOf),
      net: fact("namespaces.net", draft.net, namespaceOf),
      ipc: fact("namespaces.ipc", draft.ipc, namespaceOf),
      cgroup: fact("namespaces.cgroup", draft.cgroupns, namespaceOf),
      user: fact("namespaces.user", draft.user, namespaceOf),
    },
    mounts: draft.mounts.map(({ at, source, readOnly }) =>
      bind("", at, {
        source: fact(`mount-source:${at}`, source, same),
        readOnly: fact(`mount:${at}`, readOnly, same),
      }),
    ),
    maskedPaths: fact("maskedPaths", draft.masked, (on) =>
      on ? ["/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/sys/firmware"] : none,
    ),
    readonlyPaths: fact("readonlyPaths", draft.readonlyPaths, (on) =>
      on ? ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] : none,
    ),
    devices: draft.devices.map(deviceOf),
    deviceRules: fact("deviceRules", draft.allDevices, (all) =>
      all ? { kind: "all" } : { kind: "default", extra: [] },
    ),
    cgroup: { writable: fact("cgroup.writable", draft.cgroupWritable, same) },
    image: {
      trusted: fact("image.trusted", draft.trusted, same),
      setuidPrograms: fact("image.setuidPrograms", draft.setuid, same),
    },
    operatorActions: fact("operatorActions", draft.operator, same),
    credentials: { serviceAccountToken: known(true), rights: fact("credentials.rights", draft.rights, same) },
    host: {
      // Newer than every fix: one known bug that opens all would leave no law anything to say.
      kernelRelease: known("99.0.0"),
      cgroupV1Mountable: fact("host.cgroupV1Mountable", draft.cgroupV1, same),
      moduleSignatureEnforced: fact("host.moduleSignatureEnforced", draft.signed, same),
    },
  });
}
