import type {
  Boundary,
  CapabilityFacts,
  Mount,
  NamespaceFacts,
  ProcessFacts,
} from "../../src/boundary/boundary.ts";
import type { Fact, Known } from "../../src/boundary/fact.ts";
import { observed } from "../../src/boundary/fact.ts";
import type { HostFacts } from "../../src/boundary/host.ts";
import type { Actor, EvaluationContext } from "../../src/conditions/types.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import type { ResolvedFilter } from "../../src/seccomp/types.ts";
import { shippedProfile } from "../seccomp/shipped.ts";

/** A fact of a test. */
export function known<T>(value: T): Known<T> {
  return observed(value, "a test");
}

const is = { private: known({ kind: "private" as const }), host: known({ kind: "host" as const }) };
export { is as namespaceIs };

/** The names that Docker keeps in the bounding set. */
export const dockerCapabilities: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_NET_RAW",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
];

/** The capability facts of root with a bounding set; `none` for another user with the same bounding set. */
export function capabilities(
  bounding: readonly string[],
  held: readonly string[] = bounding,
): CapabilityFacts {
  const none = known<readonly string[]>([]);
  return {
    bounding: known(bounding),
    effective: known(held),
    permitted: known(held),
    inheritable: none,
    ambient: none,
  };
}

function ownMount(kind: Mount["kind"], target: string, readOnly: boolean): Mount {
  return {
    kind,
    target,
    source: null,
    readOnly: known(readOnly),
    propagation: known("private"),
    implicit: true,
  };
}

const mounts: readonly Mount[] = [
  ownMount("proc", "/proc", false),
  ownMount("tmpfs", "/dev", false),
  ownMount("sysfs", "/sys", true),
  ownMount("cgroup", "/sys/fs/cgroup", true),
  ownMount("bind", "/etc/hosts", false),
];

/** A bind mount of a host path. */
export function bind(source: string, target: string, more: Partial<Mount> = {}): Mount {
  return {
    kind: "bind",
    source: known(source),
    target,
    readOnly: known(false),
    propagation: known("private"),
    ...more,
  };
}

const process: ProcessFacts = {
  uid: known(0),
  gid: known(0),
  groups: known([]),
  noNewPrivileges: known(false),
  capabilities: capabilities(dockerCapabilities),
  seccomp: known({ kind: "filter", name: "docker", filter: "docker" }),
  apparmor: known({ kind: "absent" }),
  selinux: known({ kind: "absent" }),
  rlimits: [],
  terminal: known(false),
};

const namespaces: NamespaceFacts = {
  pid: is.private,
  net: is.private,
  ipc: is.private,
  uts: is.private,
  mount: is.private,
  cgroup: is.private,
  user: is.host,
  uidMap: known([]),
};

const host: HostFacts = {
  source: "test",
  assumedPatched: true,
  architecture: known("amd64"),
  kernelRelease: known("6.12.0"),
  kernelConfig: new Map(),
  sysctls: new Map<string, Fact<string>>([["kernel.apparmor_restrict_unprivileged_userns", known("0")]]),
  lockdown: known("none"),
  apparmor: known(false),
  selinux: known("absent"),
  cgroupVersion: known("v2"),
  cgroupV1Mountable: known(true),
  modulesEnabled: known(true),
  moduleSignatureEnforced: known(false),
  usernsRemap: known(false),
  rootlessEngine: known(false),
  kubeletSeccompDefault: known(false),
  cri: known("containerd"),
  versions: new Map(),
  runtimeHandlers: new Map(),
  settings: new Map(),
  untrustedInputs: known([]),
  metadata: known("none"),
  links: new Map([["/var/run", "/run"]]),
  distribution: known("debian 13"),
};

const plain: Boundary = {
  engine: known("docker"),
  engineVersion: known("28.5.2"),
  rootless: known(false),
  runtime: known("runc"),
  runtimeVersion: known("1.3.3"),
  privileged: known(false),
  isolation: known({ kind: "shared-kernel" }),
  process,
  namespaces,
  mounts,
  maskedPaths: known(["/proc/kcore", "/proc/keys", "/sys/firmware"]),
  readonlyPaths: known(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]),
  readonlyRootfs: known(false),
  devices: [],
  deviceRules: known({ kind: "default", extra: [] }),
  cgroup: {
    writable: known(false),
    limits: { memoryBytes: known(null), pids: known(null), cpus: known(null) },
  },
  network: { mode: known("bridge"), egress: known("open"), published: [], networks: [] },
  credentials: {
    serviceAccountToken: known(false),
    serviceAccount: null,
    rights: known([]),
    environment: [],
    secrets: [],
  },
  image: { reference: null, trusted: known(true), setuidPrograms: known(true) },
  operatorActions: known([]),
  siblings: [],
  host,
};

/** What a test changes of the plain boundary; `mounts` are added to those that the engine makes. */
export type Overrides = Partial<
  Omit<Boundary, "process" | "namespaces" | "host" | "cgroup" | "image" | "credentials">
> & {
  readonly process?: Partial<ProcessFacts>;
  readonly namespaces?: Partial<NamespaceFacts>;
  readonly host?: Partial<HostFacts>;
  readonly cgroup?: Partial<Boundary["cgroup"]>;
  readonly image?: Partial<Boundary["image"]>;
  readonly credentials?: Partial<Boundary["credentials"]>;
};

/** A default Docker container as root on a host without AppArmor, with every fact known, changed as a test says. */
export function boundary(overrides: Overrides = {}): Boundary {
  return {
    ...plain,
    ...overrides,
    mounts: [...plain.mounts, ...(overrides.mounts ?? [])],
    process: { ...plain.process, ...overrides.process },
    namespaces: { ...plain.namespaces, ...overrides.namespaces },
    host: { ...plain.host, ...overrides.host },
    cgroup: { ...plain.cgroup, ...overrides.cgroup },
    image: { ...plain.image, ...overrides.image },
    credentials: { ...plain.credentials, ...overrides.credentials },
  };
}

/** The context of a condition: `docker` is Docker's filter as these capabilities open it. */
export function contextOf(overrides: Overrides = {}, actor: Actor = "workload"): EvaluationContext {
  const made = boundary(overrides);
  const { bounding } = made.process.capabilities;
  const held = bounding.known ? bounding.value : [];
  const filter = resolveProfile(shippedProfile("docker-28.2.0").profile, {
    capabilities: new Set(held),
    arch: "amd64",
    kernel: [6, 12],
  });
  const filters = new Map<string, ResolvedFilter>([["docker", filter]]);
  return { boundary: made, actor, filters, hostPaths: [] };
}
