import type { Device, DevicePolicy, DeviceRule } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, unknown } from "../../boundary/fact.ts";
import { normalisePath } from "../../boundary/paths.ts";
import type { DeviceRequest, Said } from "../spec.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, privilegedBy } from "./setting.ts";

/** Nodes beyond the harmless ones that every runtime makes (OCI runtime-spec config-linux.md, "Default Devices"). */
export function deviceList(setting: Setting): readonly Device[] {
  const { spec } = setting;
  const asked = (spec.devices ?? []).map(requested);
  const gpus = spec.gpus ? gpuNodes(spec.gpus) : [];
  const privileged = withHostDevices(setting);
  // Every node of the host's /dev is made in the container's (moby coci.HostDevices; containerd WithHostDevices).
  const all: readonly Device[] = privileged
    ? [{ hostPath: followsFrom(privileged, "/dev"), containerPath: "/dev", access: "rwm", type: "directory" }]
    : [];
  return [...all, ...asked, ...gpus];
}

function withHostDevices({ spec }: Setting): Said<boolean> | undefined {
  return spec.privilegedWithoutHostDevices?.value === true ? undefined : privilegedBy(spec);
}

function requested(said: Said<DeviceRequest>): Device {
  const { hostPath, containerPath, access } = said.value;
  // A CDI name (vendor/class=name) stands for whatever the host's CDI files list.
  if (!hostPath.startsWith("/")) {
    const reason = `${hostPath} stands for the devices that the host's CDI files list`;
    return {
      hostPath: unknown(`host.cdi:${hostPath}`, reason, undefined, said.at),
      containerPath,
      access,
      type: "unknown",
    };
  }
  const path = normalisePath(hostPath);
  return {
    hostPath: followsFrom(said, path),
    containerPath,
    access: access === "" ? "rwm" : access,
    type: typeOf(path),
  };
}

const blockNodes =
  /^\/dev\/(sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d+n|dm-\d|md\d|mmcblk\d|loop\d|nbd\d|ram\d|sr\d|zd\d|mapper\/(?!control$)|disk\/)/;
const folders = /^\/dev(\/(bus\/usb|dri|snd|input|vfio|net|shm|mapper|disk|cpu|infiniband))?$/;

function typeOf(path: string): Device["type"] {
  if (blockNodes.test(path)) return "block";
  if (folders.test(path)) return "directory";
  return path.startsWith("/dev/") ? "char" : "unknown";
}

/** `--gpus` hands out the control nodes and those of the chosen cards (nvidia-container-toolkit). */
function gpuNodes(said: Said<string>): readonly Device[] {
  return ["/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia0"].map((path) => ({
    hostPath: followsFrom(said, path),
    containerPath: path,
    access: "rw",
    type: "char",
  }));
}

/** What the device cgroup lets through (Documentation/admin-guide/cgroup-v1/devices.rst; on v2 a BPF program does the same). */
export function deviceRules(setting: Setting): Fact<DevicePolicy> {
  const { spec, by, rootless } = setting;
  const privileged = withHostDevices(setting);
  if (privileged) return followsFrom(privileged, { kind: "all" });
  // Without root an engine cannot set the rules, and the kernel refuses mknod and foreign nodes by itself.
  if (rootless)
    return defaulted(
      { kind: "all" },
      by,
      "runc libcontainer/rootfs_linux.go and crun skip the device cgroup in a user namespace",
    );
  const said = spec.deviceCgroupRules ?? [];
  const [first] = said;
  if (first === undefined) return defaulted({ kind: "default", extra: [] }, by);
  const rules = said.flatMap(({ value }) => readRule(value) ?? []);
  const all = said.find(({ value }) => value.trim().startsWith("a"));
  return all ? followsFrom(all, { kind: "all" }) : followsFrom(first, { kind: "default", extra: rules });
}

/** `c 1:3 rwm`, `b *:* r`; undefined for what no engine accepts. */
export function readRule(text: string): DeviceRule | undefined {
  const match = /^([acb])\s+(\d{1,10}|\*):(\d{1,10}|\*)\s+([rwm]{1,3})$/.exec(text.trim());
  if (!match) return undefined;
  const [, type, major, minor, access = ""] = match;
  const number = (value: string | undefined): number | null =>
    value === undefined || value === "*" ? null : Number(value);
  return {
    type: type === "a" || type === "b" ? type : "c",
    major: number(major),
    minor: number(minor),
    access,
  };
}
