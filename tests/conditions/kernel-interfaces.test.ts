import { describe, test } from "vitest";
import type { NamespaceFacts } from "../../src/boundary/boundary.ts";
import { unknown } from "../../src/boundary/fact.ts";
import type { HostFacts } from "../../src/boundary/host.ts";
import type { Overrides } from "../helpers/boundary.ts";
import { bind, capabilities, dockerCapabilities, known, namespaceIs } from "../helpers/boundary.ts";
import type { Row } from "../helpers/evaluate.ts";
import { check } from "../helpers/evaluate.ts";

const pattern = "/proc/sys/kernel/core_pattern";
const caps = capabilities([...dockerCapabilities, "CAP_SYS_ADMIN"]);
const dockerDefault = known({ kind: "profile" as const, name: "docker-default" });
const containerT = known({ kind: "type" as const, type: "container_t" });
const open: Overrides = { maskedPaths: known([]), readonlyPaths: known([]) };
const v1: Partial<HostFacts> = { cgroupVersion: known("v1") };
const remapped: Partial<NamespaceFacts> = { user: namespaceIs.private };
const hostCgroup: Partial<NamespaceFacts> = { cgroup: namespaceIs.host };
const tree = [bind("/sys/fs/cgroup", "/sys/fs/cgroup")];

const rows: readonly Row[] = [
  {
    name: "a read-only /proc/sys, or all that undoes it",
    condition: "writable",
    argument: pattern,
    want: [["mount:read-only:/proc/sys"], ["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  { name: "nothing read-only", condition: "writable", argument: pattern, of: open, want: "holds" },
  {
    name: "nothing read-only, as another user",
    condition: "writable",
    argument: pattern,
    of: { ...open, process: { uid: known(1000), capabilities: capabilities(dockerCapabilities, []) } },
    want: [["non-root"]],
  },
  {
    name: "a sysctl goes by uid: CAP_DAC_OVERRIDE of another user does not help",
    condition: "writable",
    argument: pattern,
    of: {
      ...open,
      process: { uid: known(1000), capabilities: capabilities(dockerCapabilities, ["CAP_DAC_OVERRIDE"]) },
    },
    want: [["non-root"]],
  },
  {
    name: "a file of sysfs goes by its mode, which CAP_DAC_OVERRIDE passes",
    condition: "writable",
    argument: "/sys/kernel/uevent_helper",
    of: {
      mounts: [bind("/sys", "/host/sys")],
      process: { uid: known(1000), capabilities: capabilities(dockerCapabilities, ["CAP_DAC_OVERRIDE"]) },
    },
    want: "holds",
  },
  {
    name: "nothing read-only, in a user namespace",
    condition: "writable",
    argument: pattern,
    of: { ...open, namespaces: remapped },
    want: [["user-namespace"]],
  },
  {
    name: "CAP_SYS_ADMIN undoes it",
    condition: "writable",
    argument: pattern,
    of: { process: { capabilities: caps } },
    want: "holds",
  },
  {
    name: "AppArmor denies the write where unmounting would reach it",
    condition: "writable",
    argument: pattern,
    of: { process: { capabilities: caps, apparmor: dockerDefault } },
    want: [["apparmor"]],
  },
  {
    name: "SELinux denies the write, not the remount",
    condition: "writable",
    argument: pattern,
    of: { process: { capabilities: caps, selinux: containerT } },
    want: [["selinux"]],
  },
  {
    name: "the host's /proc at another path",
    condition: "writable",
    argument: pattern,
    of: { mounts: [bind("/proc", "/host/proc")], process: { apparmor: dockerDefault } },
    want: "holds",
  },
  {
    name: "the host's /proc at another path, with SELinux",
    condition: "writable",
    argument: pattern,
    of: { mounts: [bind("/proc", "/host/proc")], process: { selinux: containerT } },
    want: [["selinux"]],
  },
  {
    name: "the host's /proc over the container's: AppArmor's path rules meet it",
    condition: "writable",
    argument: pattern,
    of: { mounts: [bind("/proc", "/proc")], process: { apparmor: dockerDefault } },
    want: [["apparmor"]],
  },
  {
    name: "a read-only bind of it",
    condition: "writable",
    argument: pattern,
    of: { mounts: [bind("/proc", "/p", { readOnly: known(true) })] },
    want: [["mount:read-only:/p"], ["mount:read-only:/proc/sys"], ["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  {
    name: "another kernel, and nothing bound",
    condition: "writable",
    argument: pattern,
    of: {
      isolation: known({ kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false }),
    },
    want: [],
    names: `mount:absent:${pattern}`,
  },
  {
    name: "unknown read-only paths",
    condition: "writable",
    argument: pattern,
    of: { readonlyPaths: unknown("engine.version", "not said", [[], ["/proc/sys"]]) },
    want: "unknown",
    names: "engine.version",
  },
  {
    name: "a profile whose rules nobody has",
    condition: "writable",
    argument: pattern,
    of: { ...open, process: { apparmor: known({ kind: "profile", name: "mine" }) } },
    want: "unknown",
    names: "apparmor-profile:mine",
  },
  {
    name: "debugfs is not part of the container's sysfs",
    condition: "writable",
    argument: "/sys/kernel/debug",
    want: [["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  {
    name: "debugfs, mounted afresh",
    condition: "writable",
    argument: "/sys/kernel/debug",
    of: { process: { capabilities: caps } },
    want: "holds",
  },
  {
    name: "debugfs, which SELinux lets nobody mount or write",
    condition: "writable",
    argument: "/sys/kernel/debug",
    of: { process: { capabilities: caps, selinux: containerT } },
    want: [["selinux"]],
  },
  {
    name: "a masked file, or all that uncovers it",
    condition: "readable",
    argument: "/proc/kcore",
    want: [["masked:/proc/kcore"], ["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  {
    name: "a masked file that may be unmounted, AppArmor behind it",
    condition: "readable",
    argument: "/proc/kcore",
    of: { process: { capabilities: caps, apparmor: dockerDefault } },
    want: [["apparmor"]],
  },
  {
    name: "a file that is not masked",
    condition: "readable",
    argument: "/proc/kcore",
    of: open,
    want: "holds",
  },
  {
    name: "mounting",
    condition: "may-mount",
    argument: "any",
    want: [["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  {
    name: "mounting, with AppArmor alone",
    condition: "may-mount",
    argument: "any",
    of: { process: { capabilities: caps, apparmor: dockerDefault } },
    want: [["apparmor"]],
  },
  {
    name: "mounting a tmpfs or a disk, with SELinux",
    condition: "may-mount",
    argument: "any",
    of: { process: { capabilities: caps, selinux: containerT } },
    want: "holds",
  },
  {
    name: "mounting a kernel file system, with SELinux",
    condition: "lsm-permits",
    argument: "mount-kernel-fs",
    of: { process: { selinux: containerT } },
    want: [["selinux"]],
  },
  {
    name: "a hierarchy mounted anew, in the host's cgroup namespace",
    condition: "cgroup-v1",
    argument: "fresh",
    of: { process: { capabilities: caps }, namespaces: hostCgroup },
    want: "holds",
  },
  {
    name: "the same in a namespace of its own: the root is out of sight",
    condition: "cgroup-v1",
    argument: "fresh",
    of: { process: { capabilities: caps } },
    want: [["namespace:cgroup"]],
  },
  {
    name: "a host without v1 controllers",
    condition: "cgroup-v1",
    argument: "fresh",
    of: {
      process: { capabilities: caps },
      namespaces: hostCgroup,
      host: { cgroupV1Mountable: known(false) },
    },
    want: [],
    names: "host:cgroup-v2-only",
  },
  {
    name: "the host's tree, writable",
    condition: "cgroup-v1",
    argument: "existing",
    of: { mounts: tree, host: v1, process: { apparmor: dockerDefault } },
    want: "holds",
  },
  {
    name: "one controller of it",
    condition: "cgroup-v1",
    argument: "existing",
    of: { mounts: [bind("/sys/fs/cgroup/memory", "/m")], host: v1 },
    want: "holds",
  },
  {
    name: "a cgroup further down is no root",
    condition: "cgroup-v1",
    argument: "existing",
    of: { mounts: [bind("/sys/fs/cgroup/memory/docker/x", "/m")], host: v1 },
    want: [],
  },
  {
    name: "the host's tree on cgroup v2",
    condition: "cgroup-v1",
    argument: "existing",
    of: { mounts: tree },
    want: [],
  },
  {
    name: "the host's tree, with SELinux",
    condition: "cgroup-v1",
    argument: "existing",
    of: { mounts: tree, host: v1, process: { selinux: containerT } },
    want: [["selinux"]],
  },
  {
    name: "the engine's own mount shows no root",
    condition: "cgroup-v1",
    argument: "existing",
    of: { host: v1, cgroup: { writable: known(true) } },
    want: [],
  },
  {
    name: "its own cgroup's files",
    condition: "cgroup-v1",
    argument: "own",
    of: { host: v1, cgroup: { writable: known(true) } },
    want: "holds",
  },
  {
    name: "its own cgroup's files, read-only",
    condition: "cgroup-v1",
    argument: "own",
    of: { host: v1 },
    want: [["mount:read-only:/sys/fs/cgroup"], ["capability:CAP_SYS_ADMIN", "seccomp"]],
  },
  {
    name: "an unknown hierarchy",
    condition: "cgroup-v1",
    argument: "own",
    of: {
      cgroup: { writable: known(true) },
      host: { cgroupVersion: unknown("host.cgroup-version", "not said", ["v1", "v2"]) },
    },
    want: "unknown",
    names: "host.cgroup-version",
  },
  {
    name: "a bind with shared propagation",
    condition: "propagation",
    argument: "shared",
    of: { mounts: [bind("/mnt", "/mnt", { propagation: known("shared") })] },
    want: "holds",
  },
  {
    name: "a private bind",
    condition: "propagation",
    argument: "shared",
    of: { mounts: [bind("/mnt", "/mnt")] },
    want: [],
    names: "propagation:/mnt",
  },
  {
    name: "the engine's own files are of the host's",
    condition: "host-file-handle",
    argument: "visible",
    want: "holds",
  },
  { name: "and writable", condition: "host-file-handle", argument: "writable", want: "holds" },
];

describe("the kernel's files, mounts and control groups", () => {
  test.each(rows)("$condition: $name → $want", check);
});
