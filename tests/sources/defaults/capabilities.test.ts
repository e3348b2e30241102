import { describe, expect, test } from "vitest";
import { unknownHost } from "../../../src/knowledge/presets.ts";
import { allCapabilities } from "../../../src/sources/defaults/capability-names.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { boundaryOf, engines, said, saids, told } from "./setup.ts";

const docker = engines.engines.get("docker")?.capabilities.default[0]?.value ?? [];
const containerd = docker;
const crio = engines.engines.get("cri-o")?.capabilities.default[0]?.value ?? [];
const podman = engines.engines.get("podman")?.capabilities.default[1]?.value ?? [];

type Engine = ContainerSpec["engine"];
const root = { user: said("0") };

test("each engine's default set is as large as its source says", () => {
  expect([docker.length, podman.length, crio.length]).toEqual([14, 11, 9]);
});

describe("the bounding set", () => {
  const cases: readonly {
    engine: Engine;
    add?: readonly string[];
    drop?: readonly string[];
    assume?: Record<string, string>;
    want: readonly string[];
  }[] = [
    { engine: "docker", want: docker },
    { engine: "docker", add: ["sys_admin"], want: [...docker, "CAP_SYS_ADMIN"] },
    { engine: "docker", add: ["CAP_SYS_ADMIN"], want: [...docker, "CAP_SYS_ADMIN"] },
    { engine: "docker", add: ["Cap_Sys_Admin"], want: [...docker, "CAP_SYS_ADMIN"] },
    { engine: "docker", add: ["NO_SUCH"], want: docker },
    { engine: "docker", drop: ["all"], add: ["SYS_MODULE"], want: ["CAP_SYS_MODULE"] },
    { engine: "docker", drop: ["ALL"], want: [] },
    {
      engine: "docker",
      add: ["ALL"],
      drop: ["MKNOD"],
      want: allCapabilities.filter((c) => c !== "CAP_MKNOD"),
    },
    { engine: "docker", add: ["all"], drop: ["all"], want: allCapabilities },
    {
      engine: "docker",
      add: ["NET_RAW"],
      drop: ["NET_RAW"],
      want: [...docker.filter((c) => c !== "CAP_NET_RAW"), "CAP_NET_RAW"],
    },
    { engine: "podman", want: podman },
    { engine: "podman", add: ["cap_net_raw"], want: [...podman, "CAP_NET_RAW"] },
    {
      engine: "podman",
      add: ["all"],
      drop: ["sys_admin"],
      want: allCapabilities.filter((c) => c !== "CAP_SYS_ADMIN"),
    },
    { engine: "podman", drop: ["all"], add: ["net_admin"], want: ["CAP_NET_ADMIN"] },
    { engine: "nerdctl", want: docker },
    {
      engine: "nerdctl",
      add: ["NET_RAW"],
      drop: ["NET_RAW"],
      want: docker.filter((c) => c !== "CAP_NET_RAW"),
    },
    { engine: "nerdctl", drop: ["ALL"], add: ["sys_ptrace"], want: ["CAP_SYS_PTRACE"] },
    { engine: "kubernetes", assume: { cri: "containerd" }, want: containerd },
    { engine: "kubernetes", assume: { cri: "cri-o" }, want: crio },
    {
      engine: "kubernetes",
      assume: { cri: "containerd" },
      add: ["SYS_ADMIN"],
      want: [...containerd, "CAP_SYS_ADMIN"],
    },
    { engine: "kubernetes", assume: { cri: "containerd" }, add: ["CAP_SYS_ADMIN"], want: containerd },
    { engine: "kubernetes", assume: { cri: "containerd" }, drop: ["CAP_NET_RAW"], want: containerd },
    {
      engine: "kubernetes",
      assume: { cri: "containerd" },
      drop: ["net_raw"],
      want: containerd.filter((c) => c !== "CAP_NET_RAW"),
    },
    {
      engine: "kubernetes",
      assume: { cri: "cri-o" },
      add: ["CAP_SYS_ADMIN"],
      want: [...crio, "CAP_SYS_ADMIN"],
    },
    { engine: "kubernetes", assume: { cri: "cri-o" }, add: ["cap_sys_admin"], want: crio },
    {
      engine: "kubernetes",
      assume: { cri: "containerd" },
      add: ["all"],
      drop: ["CHOWN"],
      want: allCapabilities.filter((c) => c !== "CAP_CHOWN"),
    },
    {
      engine: "kubernetes",
      assume: { cri: "containerd" },
      add: ["NET_RAW"],
      drop: ["NET_RAW"],
      want: containerd.filter((c) => c !== "CAP_NET_RAW"),
    },
    {
      engine: "kubernetes",
      assume: { cri: "cri-dockerd" },
      add: ["CAP_SYS_ADMIN"],
      want: [...docker, "CAP_SYS_ADMIN"],
    },
  ];
  test.each(cases)(
    "$engine $assume adding $add, dropping $drop",
    ({ engine, add, drop, assume = {}, want }) => {
      const spec = {
        engine,
        ...(add && { capAdd: saids(...add) }),
        ...(drop && { capDrop: saids(...drop) }),
      };
      const { bounding } = boundaryOf({ spec, assume: { rootless: "false", ...assume } }).process
        .capabilities;
      const kind = add || drop ? "declared" : "defaulted";
      expect(told(bounding)[0]).toBe(kind);
      expect(new Set(told(bounding)[1] as readonly string[])).toEqual(new Set(want));
    },
  );

  test("under an unknown CRI it is unknown, and CAP_SYS_ADMIN is given by CRI-O alone", () => {
    const spec: Partial<ContainerSpec> = { engine: "kubernetes", capAdd: saids("CAP_SYS_ADMIN") };
    expect(told(boundaryOf({ spec }).process.capabilities.bounding)).toEqual([
      "unknown",
      "host.cri",
      containerd,
      [...crio, "CAP_SYS_ADMIN"],
    ]);
  });

  test("podman of an unknown release may be one that still kept NET_RAW", () => {
    const { bounding } = boundaryOf({ spec: { engine: "podman" }, host: unknownHost() }).process.capabilities;
    const [kind, fact, ...candidates] = told(bounding);
    expect([kind, fact]).toEqual(["unknown", "engine.version"]);
    expect((candidates as readonly (readonly string[])[]).map((set) => set.includes("CAP_NET_RAW"))).toEqual([
      true,
      false,
    ]);
  });

  test.each(["docker", "podman", "nerdctl", "kubernetes"] as const)(
    "is everything for a privileged container of %s",
    (engine) => {
      const spec = { engine, privileged: said(true), capDrop: saids("SYS_ADMIN") };
      expect(told(boundaryOf({ spec }).process.capabilities.bounding)).toEqual(["declared", allCapabilities]);
    },
  );
});

describe("what the process holds", () => {
  test("root holds the bounding set", () => {
    const { capabilities } = boundaryOf({ spec: root }).process;
    expect(told(capabilities.effective)).toEqual(["defaulted", docker]);
    expect(told(capabilities.ambient)).toEqual(["defaulted", []]);
  });
  test("another user holds nothing, and the bounding set stays", () => {
    const { capabilities } = boundaryOf({ spec: { user: said("1000"), capAdd: saids("NET_ADMIN") } }).process;
    expect(told(capabilities.permitted)).toEqual(["defaulted", []]);
    expect(told(capabilities.bounding)[1]).toContain("CAP_NET_ADMIN");
  });
  test("another user of a privileged container holds nothing", () => {
    expect(
      told(
        boundaryOf({ spec: { user: said("1000"), privileged: said(true) } }).process.capabilities.permitted,
      ),
    ).toEqual(["defaulted", []]);
  });
  test("with Podman another user holds what was added by name, as ambient capabilities", () => {
    const { capabilities } = boundaryOf({
      spec: { engine: "podman", user: said("1000"), capAdd: saids("net_admin") },
    }).process;
    for (const set of [
      capabilities.permitted,
      capabilities.effective,
      capabilities.ambient,
      capabilities.inheritable,
    ]) {
      expect(told(set)).toEqual(["declared", ["CAP_NET_ADMIN"]]);
    }
  });
  test("an unknown user holds the bounding set or nothing", () => {
    expect(told(boundaryOf({ assume: { "image-user": "unknown" } }).process.capabilities.permitted)).toEqual([
      "unknown",
      "image.user",
      docker,
      [],
    ]);
  });
  test("releases before the fix of CVE-2022-24769 fill the inheritable set", () => {
    const old = boundaryOf({ spec: root, assume: { "engine-version": "20.10.13" } });
    expect(told(old.process.capabilities.inheritable)[1]).toEqual(docker);
    expect(
      told(
        boundaryOf({ spec: root, assume: { "engine-version": "20.10.14" } }).process.capabilities.inheritable,
      )[1],
    ).toEqual([]);
  });
  test("observed sets replace what was asked for", () => {
    const observed = { ...said(["CAP_KILL"]), observedFrom: "podman inspect" };
    const { capabilities } = boundaryOf({
      spec: { observedBoundingCaps: observed, observedEffectiveCaps: observed },
    }).process;
    expect(told(capabilities.bounding)).toEqual(["observed", ["CAP_KILL"]]);
    expect(told(capabilities.permitted)).toEqual(["observed", ["CAP_KILL"]]);
  });
});
