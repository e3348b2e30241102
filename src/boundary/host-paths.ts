import type { EngineName } from "./boundary.ts";

/**
 * What a path of the host gives to whoever can reach it: the data of knowledge/host-paths.yaml. A path that nobody
 * lists is a grant whose meaning is not judged.
 */
export interface HostPath {
  readonly path: string;
  /** What it is, in one line: `the account files of the host`. */
  readonly what: string;
  /** What reading, writing or connecting gives; absent means nothing beyond the grant itself. */
  readonly read?: HostPathGain | undefined;
  readonly write?: HostPathGain | undefined;
  readonly connect?: HostPathGain | undefined;
  /** Whether what lies below gives the same (`same`), is judged by its own entries and else harmless (`nothing`), or unjudged. */
  readonly below: "same" | "unjudged" | "nothing";
  /**
   * Who may use it by file permission: only uid 0, the members of a group as well, everyone, or a user of the host that
   * owns it and whose number no input says (`owner`: somebody's home).
   */
  readonly permission: "root" | "group" | "everyone" | "owner";
  /** The group, where `permission` is `group`. */
  readonly group?: string | undefined;
  /** The engine or program that listens or reads there. */
  readonly component?: string | undefined;
  /**
   * For what not every host has: the engines that bring it along, so that one running the container proves it is there.
   * Absent: every host has it, or whoever writes it makes it. A mount of the very path says that it is there.
   */
  readonly engines?: readonly EngineName[] | undefined;
  readonly source: string;
}

/**
 * The names of gains; techniques refer to them: `host-path: { gives: programs, access: write }`. Two of them no technique
 * refers to: `kernel-interface` (techniques name the very file) and `user-credentials` (granted, shown as credentials).
 */
export const hostPathGains = [
  "host-filesystem",
  "accounts",
  "scheduled-jobs",
  "services",
  "programs",
  "root-home",
  "user-files",
  "boot",
  "engine-configuration",
  "engine-store",
  "engine-volumes",
  "engine-socket",
  "user-engine-socket",
  "service-socket",
  "user-service-socket",
  "static-pods",
  "pod-volumes",
  "volume-plugins",
  "kubelet-plugins",
  "cni",
  "log-links",
  "lxcfs",
  "credentials",
  "user-credentials",
  "node-credentials",
  "cluster-credentials",
  "host-processes",
  "kernel-interface",
] as const;
export type HostPathGain = (typeof hostPathGains)[number];
