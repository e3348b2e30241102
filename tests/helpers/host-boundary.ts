import type { Boundary, Mount } from "../../src/boundary/boundary.ts";
import { defaulted, unknown } from "../../src/boundary/fact.ts";
import type { HostFacts } from "../../src/boundary/host.ts";
import { normalisePath } from "../../src/boundary/paths.ts";

const by = <T>(value: T) => defaulted(value, "the test");
const host = { kind: "host" } as const;
const own = { kind: "private" } as const;

/** A host that says nothing of itself but its links. */
export const bareHost: HostFacts = {
  source: "the test",
  assumedPatched: false,
  architecture: by("amd64"),
  kernelRelease: unknown("host.kernel.release", "the test does not say"),
  kernelConfig: new Map(),
  sysctls: new Map(),
  lockdown: by("none"),
  apparmor: by(false),
  selinux: by("absent"),
  cgroupVersion: by("v2"),
  cgroupV1Mountable: by(false),
  modulesEnabled: by(true),
  moduleSignatureEnforced: by(false),
  usernsRemap: by(false),
  rootlessEngine: by(false),
  kubeletSeccompDefault: by(false),
  cri: unknown("host.cri", "the test does not say"),
  versions: new Map(),
  runtimeHandlers: new Map(),
  settings: new Map(),
  untrustedInputs: by([]),
  metadata: by("none"),
  links: new Map([["/lib", "/usr/lib"]]),
  distribution: unknown("host.distribution", "the test does not say"),
};

const caps = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_NET_RAW"];

/** A container of Docker's that runs as root, without security modules or anything mounted. */
export const plain: Boundary = {
  engine: by("docker"),
  engineVersion: by("29.4.3"),
  rootless: by(false),
  runtime: by("runc"),
  runtimeVersion: unknown("host.version.runc", "the test does not say"),
  privileged: by(false),
  isolation: by({ kind: "shared-kernel" }),
  process: {
    uid: by(0),
    gid: by(0),
    groups: by([]),
    noNewPrivileges: by(false),
    capabilities: {
      bounding: by(caps),
      effective: by(caps),
      permitted: by(caps),
      inheritable: by([]),
      ambient: by([]),
    },
    seccomp: unknown("process.seccomp", "the test does not say", []),
    apparmor: by({ kind: "absent" }),
    selinux: by({ kind: "absent" }),
    rlimits: [],
    terminal: by(false),
  },
  namespaces: {
    pid: by(own),
    net: by(own),
    ipc: by(own),
    uts: by(own),
    mount: by(own),
    cgroup: by(own),
    user: by(host),
    uidMap: by([]),
  },
  mounts: [],
  maskedPaths: by([]),
  readonlyPaths: by([]),
  readonlyRootfs: by(false),
  devices: [],
  deviceRules: by({ kind: "default", extra: [] }),
  cgroup: { writable: by(false), limits: { memoryBytes: by(null), pids: by(null), cpus: by(null) } },
  network: { mode: by("bridge"), egress: by("open"), published: [], networks: [] },
  credentials: {
    serviceAccountToken: by(false),
    serviceAccount: null,
    rights: by([]),
    environment: [],
    secrets: [],
  },
  image: { reference: null, trusted: by(true), setuidPrograms: by(true) },
  operatorActions: by([]),
  siblings: [],
  host: bareHost,
};

/** The plain container as another user, who holds no capability. */
export function asUser(uid: number, groups: readonly number[] = [], base: Boundary = plain): Boundary {
  const none = { ...base.process.capabilities, effective: by([]), permitted: by([]) };
  return {
    ...base,
    process: { ...base.process, uid: by(uid), gid: by(uid), groups: by(groups), capabilities: none },
  };
}

/** `SOURCE:TARGET[:ro]`, bound in. */
export function bind(line: string): Mount {
  const [source = "", target = "", mode] = line.split(":");
  return {
    kind: "bind",
    source: by(normalisePath(source)),
    target: normalisePath(target),
    readOnly: by(mode === "ro"),
    propagation: by("private"),
  };
}

/** A boundary with these mounts added. */
export function mounted(lines: readonly string[], base: Boundary = plain): Boundary {
  return { ...base, mounts: [...base.mounts, ...lines.map(bind)] };
}
