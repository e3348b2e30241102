import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { anyIsolation, runtimeMeaning } from "../../../src/sources/defaults/runtime-names.ts";
import type { Given } from "./setup.ts";
import { boundaryOf, preset, said, told } from "./setup.ts";

const shared = { kind: "shared-kernel" };
const gvisor = { kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false };
const vm = (vmm: string): object => ({ kind: "hypervisor", vmm, jailed: false });
const k8s = (runtime: string): Partial<ContainerSpec> => ({ engine: "kubernetes", runtime: said(runtime) });

interface Row extends Given {
  readonly name: string;
  readonly want: readonly unknown[];
}

describe("isolation", () => {
  const cases: readonly Row[] = [
    { name: "nothing said is the engine's runtime", want: ["defaulted", shared] },
    {
      name: "a RuntimeClass named gvisor is taken at its word, as an assumption",
      spec: k8s("gvisor"),
      want: ["assumed", gvisor],
    },
    {
      name: "any other name is unknown",
      spec: k8s("sandboxed"),
      want: ["unknown", "runtime-class:sandboxed", ...anyIsolation],
    },
    {
      name: "the host says what it runs",
      spec: k8s("sandboxed"),
      assume: { "runtime-class.sandboxed": "kata-fc" },
      want: ["assumed", vm("firecracker")],
    },
    {
      name: "the host contradicts the name",
      spec: k8s("gvisor"),
      assume: { "runtime-class.gvisor": "runc" },
      want: ["assumed", shared],
    },
    {
      name: "the RuntimeClass object in the input says so",
      spec: { ...k8s("secure"), runtimeHandler: said("runsc") },
      want: ["assumed", gvisor],
    },
    { name: "GKE's gvisor", spec: k8s("gvisor"), host: preset("gke-standard"), want: ["assumed", gvisor] },
    {
      name: "a runtime of Docker's daemon",
      spec: { daemon: { defaultRuntime: said("runsc") } },
      want: ["assumed", gvisor],
    },
    {
      name: "a path",
      spec: { engine: "podman", runtime: said("/usr/local/bin/runsc") },
      want: ["assumed", gvisor],
    },
    {
      name: "wasm is none of the kinds",
      spec: k8s("wasmtime"),
      want: ["unknown", "runtime-class:wasmtime", ...anyIsolation],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told<unknown>(boundaryOf(given).isolation)).toEqual(want);
  });

  test.each([
    ["runc", shared],
    ["crun", shared],
    ["youki", shared],
    ["nvidia", shared],
    ["io.containerd.runc.v2", shared],
    ["sysbox-runc", shared],
    ["runsc", gvisor],
    ["io.containerd.runsc.v1", gvisor],
    ["kata", vm("qemu")],
    ["kata-qemu", vm("qemu")],
    ["kata-qemu-snp", vm("qemu")],
    ["io.containerd.kata.v2", vm("qemu")],
    ["kata-clh", vm("cloud-hypervisor")],
    ["kata-fc", vm("firecracker")],
    ["kata-mshv-vm-isolation", vm("cloud-hypervisor")],
    ["firecracker", vm("firecracker")],
    ["krun", vm("libkrun")],
    ["my-own", undefined],
    ["runc-wrapper", undefined],
  ])("the name %s", (name, want) => {
    expect(runtimeMeaning(name)?.isolation).toEqual(want);
  });
});

test("the version of the runtime is the host's", () => {
  const { runtime, runtimeVersion } = boundaryOf({ host: preset("ubuntu-24.04-docker-28") });
  expect([told(runtime), told(runtimeVersion)]).toEqual([
    ["defaulted", "runc"],
    ["assumed", "1.3.3"],
  ]);
  expect(told(boundaryOf({}).runtimeVersion)).toEqual(["unknown", "host.version.runc"]);
});
