import { describe, expect, test } from "vitest";
import type { MountRequest } from "../../../src/sources/spec.ts";
import { readRule } from "../../../src/sources/defaults/devices.ts";
import type { Given } from "./setup.ts";
import { boundaryOf, engines, preset, said, saids, told } from "./setup.ts";

const bind = (source: string, target: string): MountRequest => ({
  kind: "bind",
  source: said(source),
  target: said(target),
  readOnly: undefined,
});
const powercap = "/sys/devices/virtual/powercap";

describe("mounts", () => {
  test("a container sees what its engine adds, and files of the engine's store among it", () => {
    const { mounts } = boundaryOf({});
    expect(mounts.map((mount) => mount.target)).toEqual(
      engines.engines.get("docker")?.mounts.map((mount) => mount.target),
    );
    expect(mounts.every((mount) => mount.implicit === true && mount.source === null)).toBe(true);
    expect(mounts.filter((mount) => mount.kind === "bind").map((mount) => mount.target)).toEqual([
      "/etc/resolv.conf",
      "/etc/hostname",
      "/etc/hosts",
    ]);
  });
  test("a pod under an unknown CRI has the kubelet's as well", () => {
    const targets = boundaryOf({ spec: { engine: "kubernetes" } }).mounts.map((mount) => mount.target);
    expect(targets).toContain("/dev/termination-log");
    expect(new Set(targets).size).toBe(targets.length);
  });
  test("a request takes the place of what the engine would add, and one for /dev of all below it", () => {
    const targets = boundaryOf({ spec: { mounts: [bind("/proc", "/proc/"), bind("/dev", "/dev")] } }).mounts;
    expect(targets.filter((mount) => mount.target === "/proc").map((mount) => mount.kind)).toEqual(["bind"]);
    expect(targets.some((mount) => mount.target === "/dev/shm")).toBe(false);
  });
  test("a bind is normalised and writable unless said otherwise", () => {
    const mount = boundaryOf({ spec: { mounts: [bind("/var/../etc/", "/host//etc")] } }).mounts.at(-1);
    expect(mount).toMatchObject({
      kind: "bind",
      target: "/host/etc",
      source: { value: "/etc" },
      readOnly: { known: true, value: false },
    });
  });
  test.each([
    [{}, ["defaulted", true], ["defaulted", true]],
    [{ spec: { privileged: said(true) } }, ["declared", false], ["declared", false]],
    [
      { spec: { engine: "kubernetes" as const, privileged: said(true) } },
      ["declared", false],
      ["declared", false],
    ],
    [{ spec: { writableCgroups: said(true) } }, ["defaulted", true], ["declared", false]],
    [{ assume: { "userns-remap": "true" } }, ["defaulted", true], ["assumed", false]],
  ] satisfies readonly [Given, unknown, unknown][])(
    "/sys and the cgroup file system of %j",
    (given, sysfs, cgroup) => {
      const { mounts } = boundaryOf(given);
      const readOnly = (kind: string): unknown => {
        const mount = mounts.find((m) => m.kind === kind);
        return mount && told(mount.readOnly);
      };
      expect([readOnly("sysfs"), readOnly("cgroup")]).toEqual([sysfs, cgroup]);
    },
  );
  test("Podman's unmask opens the cgroup file system on v2 only", () => {
    const spec = { engine: "podman" as const, rootless: said(false), unmaskPaths: saids("/sys/fs/cgroup") };
    expect(told(boundaryOf({ spec }).cgroup.writable)).toEqual([
      "unknown",
      "host.cgroup-version",
      true,
      false,
    ]);
    expect(told(boundaryOf({ spec, assume: { cgroup: "v1" } }).cgroup.writable)).toEqual(["declared", false]);
  });
  test("limits are what was said, and Podman's default number of processes", () => {
    expect(told(boundaryOf({}).cgroup.limits.pids)).toEqual(["defaulted", null]);
    expect(told(boundaryOf({ spec: { engine: "podman" } }).cgroup.limits.pids)).toEqual(["defaulted", 2048]);
    expect(
      told(boundaryOf({ spec: { limits: { memoryBytes: said(64) } } }).cgroup.limits.memoryBytes),
    ).toEqual(["declared", 64]);
  });
});

describe("masked and read-only paths", () => {
  const masked = (given: Given): readonly unknown[] => told(boundaryOf(given).maskedPaths);
  test.each([
    ["20.10.26", false, false],
    ["20.10.27", true, false],
    ["23.0.7", false, false],
    ["23.0.8", true, false],
    ["24.0.6", false, false],
    ["24.0.7", true, false],
    ["28.0.1", true, false],
    ["28.1.0", true, true],
  ])("Docker %s masks powercap: %s, interrupts: %s", (version, withPowercap, withInterrupts) => {
    const [kind, paths] = masked({ assume: { "engine-version": version } }) as [string, readonly string[]];
    expect([
      kind,
      paths.includes(powercap),
      paths.includes("/proc/interrupts"),
      paths.includes("/proc/kcore"),
    ]).toEqual(["defaulted", withPowercap, withInterrupts, true]);
  });
  test("of an unknown release both lists are possible, the shorter first", () => {
    const [kind, fact, short, long] = masked({}) as [string, string, readonly string[], readonly string[]];
    expect([kind, fact, short.includes("/proc/interrupts"), long.includes("/proc/interrupts")]).toEqual([
      "unknown",
      "engine.version",
      false,
      true,
    ]);
  });
  test.each([
    [{ spec: { privileged: said(true) } }, ["declared", []]],
    [{ spec: { unmasked: said(true) } }, ["declared", []]],
    [{ spec: { engine: "kubernetes" as const, privileged: said(true) } }, ["declared", []]],
    [
      { spec: { engine: "podman" as const, unmaskPaths: saids("ALL"), maskPaths: saids("/a:/b") } },
      ["declared", ["/a", "/b"]],
    ],
    [{ spec: { observedMaskedPaths: { ...said([]), observedFrom: "docker inspect" } } }, ["observed", []]],
  ] satisfies readonly [Given, unknown][])("masked: %j", (given, want) => {
    expect(masked(given)).toEqual(want);
  });
  test("Podman unmasks by pattern", () => {
    const spec = {
      engine: "podman" as const,
      rootless: said(false),
      unmaskPaths: saids("/proc/*"),
      engineVersion: said("5.6.2"),
    };
    const [, paths] = masked({ spec }) as [string, readonly string[]];
    expect(paths.filter((path) => path.startsWith("/proc/"))).toEqual([]);
    expect(paths).toContain("/sys/firmware");
    expect(told(boundaryOf({ spec }).readonlyPaths)).toEqual(["declared", []]);
  });
  test("a pod's lists are the kubelet's", () => {
    const [kind, paths] = masked({
      spec: { engine: "kubernetes" },
      host: preset("kubernetes-1.33-containerd-2"),
    }) as [string, readonly string[]];
    expect([kind, paths.includes("/proc/interrupts"), paths.includes(powercap)]).toEqual([
      "defaulted",
      true,
      true,
    ]);
    expect(told(boundaryOf({ spec: { engine: "kubernetes" } }).readonlyPaths)[0]).toBe("defaulted");
  });
});

describe("devices", () => {
  test("a privileged container has the host's, and no rules", () => {
    const { devices, deviceRules } = boundaryOf({ spec: { privileged: said(true) } });
    expect(devices).toMatchObject([{ hostPath: { value: "/dev" }, containerPath: "/dev", access: "rwm" }]);
    expect(told(deviceRules)).toEqual(["declared", { kind: "all" }]);
  });
  test("nerdctl can leave them out", () => {
    const { devices, deviceRules } = boundaryOf({
      spec: { engine: "nerdctl", privileged: said(true), privilegedWithoutHostDevices: said(true) },
    });
    expect([devices, told(deviceRules)]).toEqual([[], ["defaulted", { kind: "default", extra: [] }]]);
  });
  test("those asked for keep their access and get a kind", () => {
    const devices = saids(
      { hostPath: "/dev//sda", containerPath: "/dev/xvda", access: "r" },
      { hostPath: "/dev/bus/usb", containerPath: "/dev/bus/usb", access: "" },
      { hostPath: "vendor.com/gpu=all", containerPath: "", access: "rwm" },
    );
    expect(boundaryOf({ spec: { devices } }).devices).toMatchObject([
      { hostPath: { value: "/dev/sda" }, containerPath: "/dev/xvda", access: "r", type: "block" },
      { access: "rwm", type: "directory" },
      { hostPath: { known: false }, type: "unknown" },
    ]);
  });
  test.each([
    ["c 1:3 rwm", { type: "c", major: 1, minor: 3, access: "rwm" }],
    ["b *:* r", { type: "b", major: null, minor: null, access: "r" }],
    ["a *:* rwm", { type: "a", major: null, minor: null, access: "rwm" }],
    ["x 1:3 rwm", undefined],
    ["c 1 rwm", undefined],
  ])("the rule %s", (text, want) => {
    expect(readRule(text)).toEqual(want);
  });
  test("a rule for all devices opens everything", () => {
    expect(
      told(boundaryOf({ spec: { deviceCgroupRules: saids("c 1:3 r", "a *:* rwm") } }).deviceRules),
    ).toEqual(["declared", { kind: "all" }]);
  });
});
