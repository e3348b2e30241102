import type {
  AppArmorState,
  CapabilityFacts,
  ProcessFacts,
  SeccompState,
  SelinuxState,
} from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { declared, defaulted, mapFact, unknown, valueOf } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { FilterStore } from "../types.ts";
import type { Bundle, ProcessFields } from "./bundle.ts";
import { specification } from "./bundle.ts";

/** The process as the kernel leaves it after the first program has been executed on this host. */
export function processFacts({ process }: Bundle, host: HostFacts, filters: FilterStore): ProcessFacts {
  const { uid, gid, groups, noNewPrivileges, rlimits, terminal } = process;
  return {
    uid,
    gid,
    groups,
    noNewPrivileges,
    rlimits,
    terminal,
    capabilities: afterExec(process),
    seccomp: seccomp(process, host, filters),
    apparmor: apparmor(process, host),
    selinux: selinux(process, host),
  };
}

/**
 * capabilities(7), "Transformation of capabilities during execve()": root gains what the bounding set holds, within the
 * permitted set under no_new_privs; anybody else keeps the ambient set only.
 */
function afterExec({ uid, noNewPrivileges, capabilities }: ProcessFields): CapabilityFacts {
  if (!capabilities) return inheritedCapabilities(valueOf(uid) === 0);
  const { bounding, inheritable, ambient } = capabilities;
  const bound = valueOf(bounding) ?? [];
  const inherited = new Set(valueOf(inheritable));
  const permitted = new Set(valueOf(capabilities.permitted));
  const gained = [...new Set([...bound, ...inherited])].filter(
    (name) => valueOf(noNewPrivileges) !== true || permitted.has(name),
  );
  // The kernel refuses to raise an ambient capability that is not both permitted and inheritable.
  const kept = mapFact(ambient, (names) =>
    names.filter((name) => permitted.has(name) && inherited.has(name)),
  );
  const after = valueOf(uid) === 0 ? mapFact(bounding, () => gained) : kept;
  return { bounding, inheritable, ambient: kept, permitted: after, effective: after };
}

/**
 * Without `process.capabilities`, runc 1.3 and later leaves the capabilities that it has itself (libcontainer/capabilities,
 * New); runc 1.1 and crun give none.
 */
function inheritedCapabilities(root: boolean): CapabilityFacts {
  const reason =
    "process.capabilities is absent: runc 1.3 and later keeps all of its own, older ones and crun give none";
  const set = unknown("process.capabilities", reason, [allCapabilities, []]);
  const none = defaulted<readonly string[]>([], specification, "config, Linux Process, capabilities");
  const after = root ? set : none;
  return { bounding: set, inheritable: none, ambient: none, permitted: after, effective: after };
}

/** include/uapi/linux/capability.h of Linux 6.12. */
const allCapabilities: readonly string[] =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP
  LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT
  SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE
  AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
    .split(/\s+/)
    .map((name) => `CAP_${name}`);

function seccomp(
  { seccomp: written, capabilities }: ProcessFields,
  host: HostFacts,
  filters: FilterStore,
): Fact<SeccompState> {
  if (!written) return defaulted({ kind: "unconfined" }, specification, "config-linux, Seccomp");
  const filter = filters.add("linux.seccomp", written.profile, {
    capabilities: capabilities ? (valueOf(capabilities.bounding) ?? []) : allCapabilities,
    architecture: valueOf(host.architecture),
    kernel: valueOf(host.kernelRelease),
  });
  return declared({ kind: "filter", name: "linux.seccomp", filter }, written.at);
}

function apparmor({ apparmor: written }: ProcessFields, host: HostFacts): Fact<AppArmorState> {
  const none: AppArmorState = { kind: "unconfined" };
  if (valueOf(host.apparmor) === false) return mapFact(host.apparmor, () => ({ kind: "absent" }));
  if (!written) return defaulted(none, specification, "config, Linux Process, apparmorProfile");
  const state: AppArmorState =
    written.value === "unconfined" ? none : { kind: "profile", name: written.value };
  if (host.apparmor.known || state.kind === "unconfined") return declared(state, written.at);
  return unknown(host.apparmor.fact, host.apparmor.reason, [state, { kind: "absent" }], written.at);
}

/** Types that the policy does not confine. */
const unconfinedTypes = new Set(["spc_t", "unconfined_t", "unconfined_service_t"]);

function selinux({ selinux: written }: ProcessFields, host: HostFacts): Fact<SelinuxState> {
  const none: SelinuxState = { kind: "unconfined" };
  if (valueOf(host.selinux) === "absent") return mapFact(host.selinux, () => ({ kind: "absent" }));
  if (valueOf(host.selinux) === "permissive") return mapFact(host.selinux, () => none);
  if (!written) return defaulted(none, specification, "config, Linux Process, selinuxLabel");
  const [, , type = written.value] = written.value.split(":");
  const state: SelinuxState = unconfinedTypes.has(type) ? none : { kind: "type", type };
  if (host.selinux.known || state.kind === "unconfined") return declared(state, written.at);
  return unknown(host.selinux.fact, host.selinux.reason, [state, { kind: "absent" }], written.at);
}
