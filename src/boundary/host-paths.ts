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
  /** Who may use it by file permission: only uid 0, the members of a group as well, or everyone. */
  readonly permission: "root" | "group" | "everyone";
  /** The group, where `permission` is `group`. */
  readonly group?: string | undefined;
  /** The engine or program that listens or reads there. */
  readonly component?: string | undefined;
  readonly source: string;
}

/** The names of gains; techniques refer to them: `host-path: { gives: runs-as-root, access: write }`. */
export const hostPathGains = [
  "host-filesystem",
  "runs-as-root",
  "accounts",
  "engine-socket",
  "service-socket",
  "credentials",
  "node-credentials",
  "engine-store",
  "pod-volumes",
  "static-pods",
  "kernel-interface",
  "engine-configuration",
  "log-links",
  "boot",
  "host-processes",
  "user-files",
] as const;
export type HostPathGain = (typeof hostPathGains)[number];
