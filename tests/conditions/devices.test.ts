import { describe, test } from "vitest";
import type { Device, Isolation, ProcessFacts } from "../../src/boundary/boundary.ts";
import { unknown } from "../../src/boundary/fact.ts";
import type { Overrides } from "../helpers/boundary.ts";
import { bind, capabilities, dockerCapabilities, known, namespaceIs } from "../helpers/boundary.ts";
import type { Row } from "../helpers/evaluate.ts";
import { check } from "../helpers/evaluate.ts";

const write = { class: "block-storage", access: "write" };
const read = { class: "block-storage", access: "read" };
function node(path: string, more: Partial<Device> = {}): Device {
  return { hostPath: known(path), containerPath: path, access: "rwm", type: "block", ...more };
}
const given = (path: string, more: Partial<Device> = {}): Overrides => ({ devices: [node(path, more)] });
const rule = (type: "a" | "b" | "c", major: number | null, minor: number | null = null): Overrides => ({
  deviceRules: known({ kind: "default", extra: [{ type, major, minor, access: "rwm" }] }),
});
const without = (name: string): Partial<ProcessFacts> => ({
  capabilities: capabilities(dockerCapabilities.filter((cap) => cap !== name)),
});
const other: Partial<ProcessFacts> = { uid: known(1000), capabilities: capabilities(dockerCapabilities, []) };
const vm: Isolation = { kind: "hypervisor", vmm: "qemu", jailed: false };
const gvisor: Isolation = { kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false };

const rows: readonly Row[] = [
  {
    name: "nothing given: the device cgroup alone keeps a made node shut",
    condition: "device",
    argument: write,
    want: [["device-cgroup"]],
  },
  {
    name: "nothing given, and no CAP_MKNOD",
    condition: "device",
    argument: write,
    of: { process: without("CAP_MKNOD") },
    want: [["capability:CAP_MKNOD", "device-cgroup"]],
  },
  { name: "a disk", condition: "device", argument: write, of: given("/dev/sda"), want: "holds" },
  {
    name: "a disk for reading, written",
    condition: "device",
    argument: write,
    of: given("/dev/sda", { access: "r" }),
    want: [["device-cgroup"]],
  },
  {
    name: "a disk for reading, read",
    condition: "device",
    argument: read,
    of: given("/dev/sda", { access: "r" }),
    want: "holds",
  },
  {
    name: "a disk, as another user",
    condition: "device",
    argument: write,
    of: { ...given("/dev/sda"), process: other },
    want: [["non-root"], ["capability:CAP_MKNOD", "device-cgroup"]],
  },
  {
    name: "a disk, in the group that owns disks",
    condition: "device",
    argument: write,
    of: { ...given("/dev/sda"), process: { ...other, groups: known([6]) } },
    want: "holds",
  },
  {
    name: "a disk, in a user namespace",
    condition: "device",
    argument: write,
    of: { ...given("/dev/sda"), namespaces: { user: namespaceIs.private } },
    want: [["user-namespace"]],
  },
  {
    name: "an optical drive",
    condition: "device",
    argument: write,
    of: given("/dev/sr0"),
    want: [["device-cgroup"]],
  },
  {
    name: "a loop device",
    condition: "device",
    argument: write,
    of: given("/dev/loop0"),
    want: [["device-cgroup"]],
  },
  {
    name: "a serial adapter",
    condition: "device",
    argument: write,
    of: given("/dev/ttyUSB0", { type: "char" }),
    want: [["device-cgroup"]],
  },
  {
    name: "the controller of an NVMe disk",
    condition: "device",
    argument: write,
    of: given("/dev/nvme0", { type: "char" }),
    want: [["device-cgroup"]],
  },
  {
    name: "all devices",
    condition: "device",
    argument: write,
    of: given("/dev", { type: "directory" }),
    want: "holds",
  },
  {
    name: "a rule for every block device",
    condition: "device",
    argument: write,
    of: rule("b", null),
    want: "holds",
  },
  { name: "a rule for SCSI disks", condition: "device", argument: write, of: rule("b", 8), want: "holds" },
  {
    name: "a rule for loop devices",
    condition: "device",
    argument: write,
    of: rule("b", 7),
    want: [["device-cgroup"]],
  },
  {
    name: "a rule for serial adapters",
    condition: "device",
    argument: write,
    of: rule("c", 188),
    want: [["device-cgroup"]],
  },
  { name: "a rule for everything", condition: "device", argument: write, of: rule("a", null), want: "holds" },
  {
    name: "a rule, and no CAP_MKNOD",
    condition: "device",
    argument: write,
    of: { ...rule("b", null), process: without("CAP_MKNOD") },
    want: [["capability:CAP_MKNOD"]],
  },
  {
    name: "a rule, no CAP_MKNOD, and the host's /dev",
    condition: "device",
    argument: write,
    of: { ...rule("b", null), process: without("CAP_MKNOD"), mounts: [bind("/dev", "/host/dev")] },
    want: "holds",
  },
  {
    name: "the host's /dev without devices",
    condition: "device",
    argument: write,
    of: {
      ...rule("b", null),
      process: without("CAP_MKNOD"),
      mounts: [bind("/dev", "/host/dev", { nodev: true })],
    },
    want: [["capability:CAP_MKNOD"]],
  },
  {
    name: "a node of the host's keeps the host's label; one that is made does not",
    condition: "device",
    argument: write,
    of: {
      ...rule("b", null),
      process: { ...without("CAP_MKNOD"), selinux: known({ kind: "type", type: "container_t" }) },
      mounts: [bind("/dev", "/d")],
    },
    want: [["capability:CAP_MKNOD"], ["selinux"]],
  },
  {
    name: "unknown rules",
    condition: "device",
    argument: write,
    of: {
      deviceRules: unknown("engine.rootless", "not said", [{ kind: "all" }, { kind: "default", extra: [] }]),
    },
    want: "unknown",
    names: "engine.rootless",
  },
  {
    name: "a disk handed to a virtual machine",
    condition: "device",
    argument: write,
    of: { ...given("/dev/sda"), isolation: known(vm) },
    want: "holds",
  },
  {
    name: "all devices, and a virtual machine",
    condition: "device",
    argument: write,
    of: { ...given("/dev", { type: "directory" }), isolation: known(vm) },
    want: "unknown",
    names: "runtime.privileged-without-host-devices",
  },
  {
    name: "a node made inside a virtual machine is the guest's",
    condition: "device",
    argument: write,
    of: { ...rule("b", null), isolation: known(vm) },
    want: [],
  },
  {
    name: "gVisor passes none",
    condition: "device",
    argument: write,
    of: { ...given("/dev/sda"), isolation: known(gvisor) },
    want: [],
    names: "gvisor-correct",
  },
  {
    name: "memory by a rule of its numbers",
    condition: "device",
    argument: { class: "memory", access: "write" },
    of: rule("c", 1, 1),
    want: "holds",
  },
  {
    name: "the null device is no memory",
    condition: "device",
    argument: { class: "memory", access: "write" },
    of: rule("c", 1, 3),
    want: [["device-cgroup"]],
  },
  {
    name: "registers, where the module may be missing",
    condition: "device",
    argument: { class: "msr", access: "write" },
    of: rule("c", 202),
    want: "unknown",
    names: "host.device.msr",
  },
  {
    name: "a VFIO group behind an IOMMU",
    condition: "device",
    argument: { class: "vfio-noiommu", access: "write" },
    of: given("/dev/vfio/12", { type: "char" }),
    want: [],
  },
  {
    name: "a VFIO group without one",
    condition: "device",
    argument: { class: "vfio-noiommu", access: "write" },
    of: given("/dev/vfio/noiommu-0", { type: "char" }),
    want: "holds",
  },
];

describe("devices", () => {
  test.each(rows)("$condition: $name → $want", check);
});
