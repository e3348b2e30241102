import type { CapabilityDefaults } from "../../knowledge/engine-defaults.ts";

/** Every capability of Linux 6.18, in the order of include/uapi/linux/capability.h. */
export const allCapabilities: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_LINUX_IMMUTABLE",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_CHROOT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_PACCT",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_NICE",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_MKNOD",
  "CAP_LEASE",
  "CAP_AUDIT_WRITE",
  "CAP_AUDIT_CONTROL",
  "CAP_SETFCAP",
  "CAP_MAC_OVERRIDE",
  "CAP_MAC_ADMIN",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND",
  "CAP_AUDIT_READ",
  "CAP_PERFMON",
  "CAP_BPF",
  "CAP_CHECKPOINT_RESTORE",
];
const known: ReadonlySet<string> = new Set(allCapabilities);

/** A list of names as an engine reads it. */
export interface NamedCapabilities {
  readonly all: boolean;
  readonly names: readonly string[];
}

function fullName(name: string, prefix: CapabilityDefaults["prefix"]): string {
  const upper = name.toUpperCase();
  switch (prefix) {
    case "optional":
      return upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
    case "added":
      return `CAP_${upper}`;
    case "optional-exact":
      return upper.startsWith("CAP_") ? name : `CAP_${upper}`;
  }
}

/**
 * Capability names as the engine reads them. A name that it does not know gives nothing: most engines then refuse to
 * start the container, containerd's runtime ignores it.
 */
export function readCapabilities(
  said: readonly string[],
  prefix: CapabilityDefaults["prefix"],
): NamedCapabilities {
  const all = said.some((name) => name.toUpperCase() === "ALL");
  const names = said.map((name) => fullName(name.trim(), prefix)).filter((name) => known.has(name));
  return { all, names: [...new Set(names)] };
}

function without(list: readonly string[], drop: readonly string[]): readonly string[] {
  return list.filter((name) => !drop.includes(name));
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])];
}

/**
 * The set that additions and drops leave, in the order in which each engine applies them. Where an engine refuses the
 * combination (Podman: a name added and dropped), the larger set is answered.
 * @see moby oci/caps/utils.go TweakCapabilities; containers/common pkg/capabilities MergeCapabilities; nerdctl
 * run_security_linux.go generateCapOpts; containerd spec_opts.go WithCapabilities and CRI-O SpecSetupCapabilities ("cri")
 */
export function mergeCapabilities(
  base: readonly string[],
  add: NamedCapabilities,
  drop: NamedCapabilities,
  merge: CapabilityDefaults["merge"],
): readonly string[] {
  return merges[merge](base, add, drop);
}

type Merge = (base: readonly string[], add: NamedCapabilities, drop: NamedCapabilities) => readonly string[];

// An addition wins over a drop, and ALL among the dropped takes nothing from ALL among the added.
const dropThenAdd: Merge = (base, add, drop) => {
  if (add.all) return without(allCapabilities, drop.names);
  return drop.all ? add.names : union(without(base, drop.names), add.names);
};

const merges: Readonly<Record<CapabilityDefaults["merge"], Merge>> = {
  docker: dropThenAdd,
  podman: dropThenAdd,
  // Drops come last, but ALL among them came first.
  nerdctl: (base, add, drop) => {
    const added = add.all ? allCapabilities : union(drop.all ? [] : base, add.names);
    return drop.all ? added : without(added, drop.names);
  },
  cri: (base, add, drop) => {
    const start = add.all ? allCapabilities : base;
    return without(union(drop.all ? [] : start, add.names), drop.names);
  },
};
