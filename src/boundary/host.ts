import type { Fact } from "./fact.ts";

/** Facts about the machine that the container runs on. Files say nothing about it: presets and collected files do. */
export interface HostFacts {
  /** How the host was named: `patched`, `preset:ubuntu-24.04-docker-28`, `live`, a file ... */
  readonly source: string;
  /** Known vulnerabilities are not judged: the host is assumed free of them (the `patched` preset). */
  readonly assumedPatched: boolean;
  readonly architecture: Fact<string>;
  readonly kernelRelease: Fact<string>;
  /** CONFIG_X → "y", "m", "n" or a value. Absent options are unknown. */
  readonly kernelConfig: ReadonlyMap<string, Fact<string>>;
  /** Names with dots, such as `user.max_user_namespaces`. Absent ones are unknown. */
  readonly sysctls: ReadonlyMap<string, Fact<string>>;
  readonly lockdown: Fact<"none" | "integrity" | "confidentiality">;
  /** The host enforces AppArmor and the engine's default profile can be loaded. */
  readonly apparmor: Fact<boolean>;
  readonly selinux: Fact<"absent" | "permissive" | "enforcing">;
  /** Which hierarchies the host mounts; `v1-available`: v2 is mounted, but v1 controllers can still be mounted. */
  readonly cgroupVersion: Fact<"v1" | "v2" | "hybrid">;
  /** A v1 hierarchy can be mounted anew: v1 or hybrid, or v2 without `cgroup_no_v1=all,named`. */
  readonly cgroupV1Mountable: Fact<boolean>;
  readonly modulesEnabled: Fact<boolean>;
  readonly moduleSignatureEnforced: Fact<boolean>;
  /** Docker's userns-remap in the daemon. */
  readonly usernsRemap: Fact<boolean>;
  readonly rootlessEngine: Fact<boolean>;
  /** The kubelet runs with SeccompDefault. */
  readonly kubeletSeccompDefault: Fact<boolean>;
  readonly cri: Fact<"containerd" | "cri-o" | "cri-dockerd">;
  /** Component → version: docker, containerd, cri-o, podman, runc, crun, runsc, kata, kubernetes ... */
  readonly versions: ReadonlyMap<string, Fact<string>>;
  /** What a RuntimeClass or runtime name runs, where known: `gvisor` → `runsc`. */
  readonly runtimeHandlers: ReadonlyMap<string, Fact<string>>;
  /** Cloud metadata service that pods can reach: none, open, or limited (IMDSv2 hop limit ...). */
  readonly metadata: Fact<"none" | "open" | "limited">;
  /** Links of the host: `/var/run` → `/run`. */
  readonly links: ReadonlyMap<string, string>;
  readonly distribution: Fact<string>;
  /**
   * How engines and runtimes are configured where a known vulnerability depends on it: `docker.authorization-plugin` → `none`,
   * `nvidia.mode` → `cdi` ... Absent ones are unknown.
   */
  readonly settings: ReadonlyMap<string, Fact<string>>;
  /** What somebody untrusted hands to the engine besides images and running code; nothing in the default threat model. */
  readonly untrustedInputs: Fact<readonly UntrustedInput[]>;
}

/** Inputs of an engine that somebody hostile may supply. `host-user`: an account on the host itself. */
export const untrustedInputs = [
  "build",
  "pod-spec",
  "container-options",
  "engine-api",
  "checkpoint",
  "compose-file",
  "host-user",
  "network",
] as const;
export type UntrustedInput = (typeof untrustedInputs)[number];
