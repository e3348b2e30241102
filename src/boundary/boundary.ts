import type { Fact } from "./fact.ts";
import type { HostFacts } from "./host.ts";

/**
 * What stands between a workload and its host. Sources read one, the engine judges one, a containment backend builds
 * one, a probe checks one. Nothing here knows where it was read from; nothing here does I/O.
 *
 * Paths are absolute and normalised (see path.ts). Capability names carry the `CAP_` prefix.
 */
export interface Boundary {
  readonly engine: Fact<EngineName>;
  readonly engineVersion: Fact<string>;
  /** The engine runs as an unprivileged user: container root is at most that user on the host. */
  readonly rootless: Fact<boolean>;
  readonly runtime: Fact<string>;
  readonly runtimeVersion: Fact<string>;
  readonly privileged: Fact<boolean>;
  readonly isolation: Fact<Isolation>;
  readonly process: ProcessFacts;
  readonly namespaces: NamespaceFacts;
  readonly mounts: readonly Mount[];
  readonly maskedPaths: Fact<readonly string[]>;
  readonly readonlyPaths: Fact<readonly string[]>;
  readonly readonlyRootfs: Fact<boolean>;
  /** Device nodes given to the container beyond the runtime's harmless defaults (null, zero, full, random, tty ...). */
  readonly devices: readonly Device[];
  readonly deviceRules: Fact<DevicePolicy>;
  readonly cgroup: CgroupFacts;
  readonly network: NetworkFacts;
  readonly credentials: CredentialFacts;
  readonly image: ImageFacts;
  /** What operators do to the running container, as far as the configuration shows it (`exec` for a health check ...). */
  readonly operatorActions: Fact<readonly OperatorAction[]>;
  /** Other workloads that share something with this one. */
  readonly siblings: readonly SiblingShare[];
  readonly host: HostFacts;
}

export type EngineName =
  | "docker"
  | "podman"
  | "containerd"
  | "cri-o"
  | "nerdctl"
  | "oci"
  | "kubernetes"
  | "lxc"
  | "incus"
  | "apptainer"
  | "bubblewrap"
  | "none";

export type Isolation =
  | { readonly kind: "shared-kernel" }
  /** gVisor: an application kernel (the Sentry) answers the workload's system calls. */
  | {
      readonly kind: "application-kernel";
      readonly name: "gvisor";
      readonly hostUds: boolean;
      readonly hostNetwork: boolean;
    }
  | { readonly kind: "hypervisor"; readonly vmm: string; readonly jailed: boolean };

export interface ProcessFacts {
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  /** Supplementary groups, numeric. */
  readonly groups: Fact<readonly number[]>;
  readonly noNewPrivileges: Fact<boolean>;
  readonly capabilities: CapabilityFacts;
  readonly seccomp: Fact<SeccompState>;
  readonly apparmor: Fact<AppArmorState>;
  readonly selinux: Fact<SelinuxState>;
  readonly rlimits: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly terminal: Fact<boolean>;
}

/** The five sets of capabilities(7), as they are when the container's first process has been executed. */
export interface CapabilityFacts {
  readonly bounding: Fact<readonly string[]>;
  readonly effective: Fact<readonly string[]>;
  readonly permitted: Fact<readonly string[]>;
  readonly inheritable: Fact<readonly string[]>;
  readonly ambient: Fact<readonly string[]>;
  /** Where single ones were asked for. Absent where the set as a whole says it. */
  readonly origins?: CapabilityOrigins | undefined;
}

/** Which line speaks of which capability: true where it adds, false where it drops. */
export interface CapabilityOrigins {
  readonly byName: Readonly<Record<string, Fact<boolean>>>;
  /** For those that no line names: one that names ALL, or the engine's default. */
  readonly others: Fact<boolean>;
}

/** The filter by name: `ResolvedFilter`s are looked up by it (the same filter serves thousands of subjects). */
export type SeccompState =
  | { readonly kind: "unconfined" }
  /** `filter` is the key of a resolved filter in the filter store that was handed to the engine. */
  | { readonly kind: "filter"; readonly name: string; readonly filter: string };

export type AppArmorState =
  /** The host has no AppArmor. */
  | { readonly kind: "absent" }
  | { readonly kind: "unconfined" }
  | { readonly kind: "profile"; readonly name: string };

export type SelinuxState =
  | { readonly kind: "absent" }
  /** Disabled for this container (`label=disable`, spc_t) or the host is permissive. */
  | { readonly kind: "unconfined" }
  | { readonly kind: "type"; readonly type: string };

export type NamespaceKind = "pid" | "net" | "ipc" | "uts" | "mount" | "cgroup" | "user" | "time";
export type NamespaceState =
  | { readonly kind: "private" }
  | { readonly kind: "host" }
  /** Shared with other containers (a pod's, or `container:NAME`), not with the host. */
  | { readonly kind: "shared"; readonly with: string };

export interface NamespaceFacts {
  readonly pid: Fact<NamespaceState>;
  readonly net: Fact<NamespaceState>;
  readonly ipc: Fact<NamespaceState>;
  readonly uts: Fact<NamespaceState>;
  readonly mount: Fact<NamespaceState>;
  readonly cgroup: Fact<NamespaceState>;
  /** `host`: container ids are host ids. */
  readonly user: Fact<NamespaceState>;
  /** Where the user namespace is private: how ids map; an empty list when the mapping is not stated. */
  readonly uidMap: Fact<readonly IdMapping[]>;
}

export interface IdMapping {
  readonly containerId: number;
  readonly hostId: number;
  readonly size: number;
}

export type MountKind = "bind" | "volume" | "tmpfs" | "proc" | "sysfs" | "cgroup" | "other";
export interface Mount {
  readonly kind: MountKind;
  /** Where the process sees it. */
  readonly target: string;
  /** For `bind`: the host path, normalised, as declared (host links are resolved by path.ts when it is judged). */
  readonly source: Fact<string> | null;
  /** For `volume`: its name and driver; the engine keeps it below its own store. */
  readonly volume?: string | undefined;
  readonly readOnly: Fact<boolean>;
  /** Whether `readOnly` holds for what is mounted below the source too; absent: what the engine does by itself. */
  readonly recursiveReadOnly?: Fact<boolean> | undefined;
  readonly propagation: Fact<"private" | "slave" | "shared">;
  readonly fsType?: string | undefined;
  readonly nosuid?: boolean | undefined;
  readonly nodev?: boolean | undefined;
  readonly subPath?: string | undefined;
  /** SELinux: the contents were given the container's label (`:z`, `:Z`). */
  readonly relabelled?: boolean | undefined;
  /** An id-mapped mount: the ids of the file system are the container's own, in spite of its user namespace. */
  readonly idMapped?: boolean | undefined;
  /** True when the operating system or engine adds it by itself (/etc/hosts, /proc ...). */
  readonly implicit?: boolean | undefined;
}

export interface Device {
  /** The node on the host, such as /dev/sda; for a rule-only grant the rule. */
  readonly hostPath: Fact<string>;
  readonly containerPath: string;
  /** Letters of `rwm`. */
  readonly access: string;
  readonly type: "block" | "char" | "directory" | "unknown";
}

export type DevicePolicy =
  /** The runtime's default list and the devices above. */
  | { readonly kind: "default"; readonly extra: readonly DeviceRule[] }
  /** Everything may be opened (privileged, or a rule `a *:* rwm`). */
  | { readonly kind: "all" };
export interface DeviceRule {
  readonly type: "a" | "b" | "c";
  readonly major: number | null;
  readonly minor: number | null;
  readonly access: string;
}

export interface CgroupFacts {
  /** The controllers' file system is mounted writable in the container. */
  readonly writable: Fact<boolean>;
  readonly limits: {
    readonly memoryBytes: Fact<number | null>;
    readonly pids: Fact<number | null>;
    readonly cpus: Fact<number | null>;
  };
}

export interface NetworkFacts {
  /** `none`: a namespace with only loopback. */
  readonly mode: Fact<"none" | "bridge" | "host" | "shared" | "pod" | "custom">;
  readonly egress: Fact<"open" | "limited" | "none">;
  readonly published: readonly PublishedPort[];
  readonly networks: readonly string[];
}
export interface PublishedPort {
  readonly hostIp: string;
  readonly hostPort: string;
  readonly containerPort: string;
  readonly protocol: string;
}

export interface CredentialFacts {
  /** A service-account token is in the container, and what it may do (null: its rights are not in the input). */
  readonly serviceAccountToken: Fact<boolean>;
  readonly serviceAccount: string | null;
  readonly rights: Fact<readonly ClusterRight[]>;
  /** Names of environment variables that look like credentials; values are never kept. */
  readonly environment: readonly Fact<string>[];
  /** Secrets mounted as files: their names. */
  readonly secrets: readonly Fact<string>[];
}

/** What a token may do that leads beyond its workload; each is computed from the RBAC objects in the input. */
export type ClusterRight =
  | "create-workloads"
  | "create-privileged-workloads"
  | "exec-into-pods"
  | "read-secrets"
  | "nodes-proxy"
  | "escalate-rights"
  | "create-persistent-volumes"
  | "patch-namespaces"
  | "read-pod-logs"
  | "cluster-admin";

export interface ImageFacts {
  readonly reference: string | null;
  /** Nobody hostile built it; the threat model's default is true. */
  readonly trusted: Fact<boolean>;
  /** Set-uid or file-capability programs in the image; unknown without the image. */
  readonly setuidPrograms: Fact<boolean>;
}

export type OperatorAction =
  "exec" | "attach" | "cp" | "checkpoint" | "restore" | "logs" | "export" | "stop" | "top";

export interface SiblingShare {
  readonly name: string;
  readonly through: "pid-namespace" | "volume" | "network-namespace" | "ipc-namespace";
  readonly detail: string;
}
