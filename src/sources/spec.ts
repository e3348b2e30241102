import type { Position } from "../base/location.ts";
import type {
  ClusterRight,
  EngineName,
  IdMapping,
  OperatorAction,
  SiblingShare,
} from "../boundary/boundary.ts";
import type { Fact } from "../boundary/fact.ts";

/**
 * What a configuration asks for, before any engine's defaults: the common denominator of a `docker run` line, a Compose
 * service, a Kubernetes container and a `docker inspect` record. Absent means "not said". `complete()` turns it into a
 * Boundary by applying the engine's defaults for what was not said.
 *
 * Values are kept as the engine would read them (spelling included): what `sys_admin` or `ALL` means is the engine's affair.
 */
export interface ContainerSpec {
  /** `kubernetes` means: by CRI, containerd or CRI-O as the host says. */
  readonly engine: Extract<EngineName, "docker" | "podman" | "nerdctl" | "kubernetes">;
  readonly rootless?: Said<boolean> | undefined;
  readonly privileged?: Said<boolean> | undefined;
  /** `uid`, `name`, `uid:gid`; Kubernetes: the number. */
  readonly user?: Said<string> | undefined;
  /** Kubernetes runAsNonRoot: the kubelet refuses to start uid 0. */
  readonly runAsNonRoot?: Said<boolean> | undefined;
  readonly group?: Said<string> | undefined;
  readonly groupAdd?: readonly Said<string>[] | undefined;
  readonly capAdd?: readonly Said<string>[] | undefined;
  readonly capDrop?: readonly Said<string>[] | undefined;
  readonly noNewPrivileges?: Said<boolean> | undefined;
  readonly seccomp?: Said<SeccompRequest> | undefined;
  /** Profile name; `unconfined`; Kubernetes `runtime/default` → kind default. */
  readonly apparmor?: Said<ProfileRequest> | undefined;
  readonly selinux?: Said<SelinuxRequest> | undefined;
  /** `systempaths=unconfined`, procMount: Unmasked. */
  readonly unmasked?: Said<boolean> | undefined;
  /** Podman `--security-opt mask=/unmask=` lists. */
  readonly maskPaths?: readonly Said<string>[] | undefined;
  readonly unmaskPaths?: readonly Said<string>[] | undefined;
  /** The whole lists as an observation shows them (`docker inspect`): they replace the engine's, an empty one included. */
  readonly observedMaskedPaths?: Said<readonly string[]> | undefined;
  readonly observedReadonlyPaths?: Said<readonly string[]> | undefined;
  /** Capability sets as an observation shows them (`podman inspect`); they replace what capAdd and capDrop lead to. */
  readonly observedBoundingCaps?: Said<readonly string[]> | undefined;
  readonly observedEffectiveCaps?: Said<readonly string[]> | undefined;
  /** `--security-opt writable-cgroups`, Podman's systemd mode: the container's cgroup file system is mounted writable. */
  readonly writableCgroups?: Said<boolean> | undefined;
  /** nerdctl `privileged-without-host-devices`: privileged, but only the default devices. */
  readonly privilegedWithoutHostDevices?: Said<boolean> | undefined;
  /** Podman `--uidmap`, as far as it states host ids. */
  readonly uidMap?: readonly Said<IdMapping>[] | undefined;
  /** Docker: `host`, `private`, `container:X`, `service:X`, `none`, `bridge`, a network name. Kubernetes: host or absent. */
  readonly pid?: Said<string> | undefined;
  readonly ipc?: Said<string> | undefined;
  readonly uts?: Said<string> | undefined;
  readonly network?: Said<string> | undefined;
  readonly cgroupns?: Said<string> | undefined;
  /** Docker `host`; Podman `keep-id`, `auto` ...; Kubernetes hostUsers: false → `private`. */
  readonly userns?: Said<string> | undefined;
  /** Kubernetes shareProcessNamespace. */
  readonly sharedPid?: Said<boolean> | undefined;
  readonly mounts: readonly MountRequest[];
  readonly readonlyRootfs?: Said<boolean> | undefined;
  readonly devices?: readonly Said<DeviceRequest>[] | undefined;
  /** Cgroup rules such as `c 1:3 rwm`. */
  readonly deviceCgroupRules?: readonly Said<string>[] | undefined;
  readonly gpus?: Said<string> | undefined;
  readonly sysctls?: readonly Said<{ name: string; value: string }>[] | undefined;
  readonly cgroupParent?: Said<string> | undefined;
  readonly runtime?: Said<string> | undefined;
  /** Kubernetes: the handler of the RuntimeClass that `runtime` names, where its object is in the input. */
  readonly runtimeHandler?: Said<string> | undefined;
  readonly limits?:
    | {
        memoryBytes?: Said<number> | undefined;
        pids?: Said<number> | undefined;
        cpus?: Said<number> | undefined;
      }
    | undefined;
  readonly rlimits?: readonly Said<{ type: string; soft: number; hard: number }>[] | undefined;
  readonly terminal?: Said<boolean> | undefined;
  readonly published?:
    | readonly Said<{ hostIp: string; hostPort: string; containerPort: string; protocol: string }>[]
    | undefined;
  readonly networks?: readonly Said<string>[] | undefined;
  /** Every network of the service is `internal: true`, or a NetworkPolicy denies egress. */
  readonly egress?: Said<"open" | "limited" | "none"> | undefined;
  /** Names (never values) of the environment, and whether a value was given in the file. */
  readonly environment?: readonly Said<{ name: string; literal: boolean }>[] | undefined;
  readonly secrets?: readonly Said<string>[] | undefined;
  readonly serviceAccountToken?: Fact<boolean> | undefined;
  readonly serviceAccount?: string | undefined;
  readonly rights?: Fact<readonly ClusterRight[]> | undefined;
  readonly operatorActions?: readonly Said<OperatorAction>[] | undefined;
  readonly siblings?: readonly SiblingShare[] | undefined;
  readonly image?: Said<string> | undefined;
  /** From an image's configuration, when it is in the input. */
  readonly imageUser?: Said<string> | undefined;
  readonly engineVersion?: Said<string> | undefined;
  /** Facts of the daemon that came with the input (`docker info`); they win over the host preset. */
  readonly daemon?: DaemonFacts | undefined;
}

/** Something that was said, and where. `from` marks an observation (docker inspect) rather than a declaration. */
export interface Said<T> {
  readonly value: T;
  readonly at: Position;
  readonly observedFrom?: string | undefined;
}

export type SeccompRequest =
  | { readonly kind: "unconfined" }
  | { readonly kind: "default" }
  /** A profile file: `profile` is its parsed JSON when it could be read, else undefined and the contents are unknown. */
  | { readonly kind: "profile"; readonly name: string; readonly profile: unknown };

export type ProfileRequest =
  | { readonly kind: "unconfined" }
  | { readonly kind: "default" }
  | { readonly kind: "named"; readonly name: string };
export type SelinuxRequest = { readonly kind: "disabled" } | { readonly kind: "type"; readonly type: string };

export interface MountRequest {
  readonly kind: "bind" | "volume" | "tmpfs" | "other";
  /** For a bind: the host path as written (made absolute by the source where the engine does so). */
  readonly source?: Said<string> | undefined;
  readonly volume?: string | undefined;
  readonly target: Said<string>;
  readonly readOnly: Said<boolean> | undefined;
  readonly propagation?: Said<"private" | "slave" | "shared"> | undefined;
  readonly fsType?: string | undefined;
  readonly subPath?: string | undefined;
  /** SELinux relabelling: `:z` or `:Z`. */
  readonly relabel?: "shared" | "private" | undefined;
  readonly options?: readonly string[] | undefined;
}

export interface DeviceRequest {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly access: string;
}

export interface DaemonFacts {
  readonly usernsRemap?: Said<boolean> | undefined;
  readonly rootless?: Said<boolean> | undefined;
  readonly apparmor?: Said<boolean> | undefined;
  readonly selinux?: Said<boolean> | undefined;
  readonly cgroupVersion?: Said<"v1" | "v2"> | undefined;
  readonly seccompProfile?: Said<SeccompRequest> | undefined;
  readonly kernelRelease?: Said<string> | undefined;
  readonly defaultRuntime?: Said<string> | undefined;
  readonly noNewPrivileges?: Said<boolean> | undefined;
}
