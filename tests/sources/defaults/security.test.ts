import { describe, expect, test } from "vitest";
import { unknownHost } from "../../../src/knowledge/presets.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import type { Given } from "./setup.ts";
import { boundaryOf, preset, said, told } from "./setup.ts";

const unconfined = { kind: "unconfined" };
const absent = { kind: "absent" };
const profile = (name: string): object => ({ kind: "profile", name });
const filter = (name: string, caps = 14): object => ({
  kind: "filter",
  name,
  filter: `${name}/${String(caps)}`,
});
const privileged = { privileged: said(true) };
const custom = {
  seccomp: said({ kind: "profile", name: "own.json", profile: { defaultAction: "SCMP_ACT_ERRNO" } } as const),
};
const k8s: Partial<ContainerSpec> = { engine: "kubernetes" };

interface Row extends Given {
  readonly name: string;
  readonly want: readonly unknown[];
}

describe("seccomp", () => {
  const cases: readonly Row[] = [
    {
      name: "Docker of an unknown release runs one of its default profiles",
      want: ["unknown", "engine.version", filter("docker-28.2.0"), filter("docker-29.4.3")],
    },
    {
      name: "a host of which nothing is assumed may run an old Docker",
      host: unknownHost(),
      want: [
        "unknown",
        "engine.version",
        filter("docker-20.10.0"),
        filter("docker-28.2.0"),
        filter("docker-29.4.3"),
      ],
    },
    {
      name: "a known release runs its own profile",
      assume: { "engine-version": "28.5.2" },
      want: ["defaulted", filter("docker-28.2.0")],
    },
    {
      name: "a preset names the release",
      host: preset("debian-12-docker"),
      want: ["defaulted", filter("docker-20.10.18")],
    },
    {
      name: "unconfined is no filter",
      spec: { seccomp: said({ kind: "unconfined" }) },
      want: ["declared", unconfined],
    },
    { name: "a profile is taken by its contents", spec: custom, want: ["declared", filter("own.json")] },
    {
      name: "a profile that could not be read keeps its name",
      spec: { seccomp: said({ kind: "profile", name: "gone.json", profile: undefined }) },
      want: ["declared", { kind: "filter", name: "gone.json", filter: "unread:gone.json" }],
    },
    { name: "a privileged container has none", spec: privileged, want: ["declared", unconfined] },
    {
      name: "a privileged Docker container keeps a profile asked for by name",
      spec: { ...privileged, ...custom },
      want: ["declared", filter("own.json", 41)],
    },
    {
      name: "a privileged nerdctl container keeps none",
      spec: { engine: "nerdctl", ...privileged, ...custom },
      want: ["declared", unconfined],
    },
    {
      name: "a privileged pod keeps none",
      spec: { ...k8s, ...privileged, ...custom },
      want: ["declared", unconfined],
    },
    {
      name: "a pod without seccompProfile has no filter unless the kubelet says so",
      spec: k8s,
      assume: { cri: "containerd", "engine-version": "2.2.5" },
      want: ["unknown", "host.kubelet.seccomp-default", unconfined, filter("containerd-2.2.4")],
    },
    {
      name: "a pod on a node without SeccompDefault has no filter",
      spec: k8s,
      host: preset("kubernetes-1.33-containerd-2"),
      want: ["assumed", unconfined],
    },
    {
      name: "a pod on GKE Autopilot has containerd's",
      spec: k8s,
      host: preset("gke-autopilot"),
      want: ["assumed", filter("containerd-2.0.0")],
    },
    {
      name: "SeccompDefault gives the engine's profile",
      spec: k8s,
      assume: { "seccomp-default": "true", cri: "containerd", "engine-version": "2.2.5" },
      want: ["assumed", filter("containerd-2.2.4")],
    },
    {
      name: "without SeccompDefault the CRI does not matter",
      spec: k8s,
      assume: { "seccomp-default": "false" },
      want: ["assumed", unconfined],
    },
    {
      name: "RuntimeDefault asks the engine",
      spec: { ...k8s, seccomp: said({ kind: "default" }) },
      assume: { cri: "cri-o", "engine-version": "1.30.0" },
      want: ["declared", filter("cri-o-1.28", 9)],
    },
    {
      name: "Docker's daemon may have a profile of its own",
      spec: { daemon: { seccompProfile: said({ kind: "unconfined" }) } },
      want: ["declared", unconfined],
    },
    {
      name: "added capabilities reach the profile's conditions",
      spec: { capAdd: [said("SYS_ADMIN")] },
      assume: { "engine-version": "28.5.2" },
      want: ["defaulted", filter("docker-28.2.0", 15)],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told(boundaryOf(given).process.seccomp)).toEqual(want);
  });

  test("a pod under an unknown CRI may have no filter, containerd's or CRI-O's", () => {
    const [kind, fact, ...states] = told(boundaryOf({ spec: k8s }).process.seccomp);
    expect([kind, fact, states[0]]).toEqual(["unknown", "host.kubelet.seccomp-default", unconfined]);
    const names = states.slice(1).map((state) => (state as { name: string }).name);
    expect(names).toEqual([
      "containerd-1.7.32",
      "containerd-2.2.0",
      "containerd-2.3.7",
      "cri-o-1.28",
      "cri-o-1.34",
    ]);
  });
});

describe("AppArmor", () => {
  const ubuntu = preset("ubuntu-24.04-docker-28");
  const eks = preset("eks-al2023");
  const cases: readonly Row[] = [
    {
      name: "Docker's profile where the host has AppArmor",
      want: ["unknown", "host.apparmor", absent, profile("docker-default")],
    },
    { name: "on Ubuntu", host: ubuntu, want: ["defaulted", profile("docker-default")] },
    { name: "not on EKS", spec: k8s, host: eks, want: ["assumed", absent] },
    { name: "assumed", assume: { apparmor: "docker-default" }, want: ["assumed", profile("docker-default")] },
    {
      name: "assumed by another name",
      assume: { apparmor: "my-default" },
      want: ["assumed", profile("my-default")],
    },
    { name: "assumed away", assume: { apparmor: "none" }, want: ["assumed", absent] },
    {
      name: "unconfined when asked",
      host: ubuntu,
      spec: { apparmor: said({ kind: "unconfined" }) },
      want: ["declared", unconfined],
    },
    { name: "unconfined when privileged", host: ubuntu, spec: privileged, want: ["declared", unconfined] },
    {
      name: "privileged Docker keeps a profile asked for by name",
      host: ubuntu,
      spec: { ...privileged, apparmor: said({ kind: "named", name: "own" }) },
      want: ["declared", profile("own")],
    },
    {
      name: "Docker ignores a named profile on a host without AppArmor",
      spec: { apparmor: said({ kind: "named", name: "own" }) },
      want: ["unknown", "host.apparmor", absent, profile("own")],
    },
    {
      name: "a pod that names a profile runs nowhere else",
      spec: { ...k8s, apparmor: said({ kind: "named", name: "own" }) },
      want: ["declared", profile("own")],
    },
    {
      name: "a pod gets containerd's",
      spec: k8s,
      host: preset("kubernetes-1.33-containerd-2"),
      want: ["defaulted", profile("cri-containerd.apparmor.d")],
    },
    {
      name: "rootless engines apply none",
      spec: { engine: "podman", rootless: said(true) },
      want: ["defaulted", unconfined],
    },
    {
      name: "the daemon says so",
      spec: { daemon: { apparmor: { ...said(true), observedFrom: "docker info" } } },
      want: ["defaulted", profile("docker-default")],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told(boundaryOf(given).process.apparmor)).toEqual(want);
  });
  test("a pod under an unknown CRI has one of two profiles, or none", () => {
    expect(told(boundaryOf({ spec: k8s }).process.apparmor)).toEqual([
      "unknown",
      "host.apparmor",
      absent,
      profile("cri-containerd.apparmor.d"),
      profile("crio-default"),
    ]);
  });
});

describe("SELinux", () => {
  const container = { kind: "type", type: "container_t" };
  const cases: readonly Row[] = [
    { name: "Docker labels only when told to", want: ["defaulted", absent] },
    {
      name: "Docker told to",
      spec: { daemon: { selinux: said(true) } },
      assume: { selinux: "container_t" },
      want: ["assumed", container],
    },
    {
      name: "Podman labels where the host enforces",
      spec: { engine: "podman" },
      want: ["unknown", "host.selinux", absent, container],
    },
    {
      name: "not when disabled",
      spec: { engine: "podman", selinux: said({ kind: "disabled" }) },
      want: ["declared", unconfined],
    },
    {
      name: "not when privileged",
      spec: { engine: "podman", ...privileged },
      want: ["declared", unconfined],
    },
    {
      name: "not with the host's pid namespace",
      spec: { engine: "podman", pid: said("host") },
      want: ["declared", unconfined],
    },
    {
      name: "permissive confines nothing",
      spec: k8s,
      host: preset("eks-al2023"),
      want: ["assumed", unconfined],
    },
    {
      name: "a type asked for",
      spec: { engine: "podman", selinux: said({ kind: "type", type: "spc_t" }) },
      assume: { selinux: "container_t" },
      want: ["declared", { kind: "type", type: "spc_t" }],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told(boundaryOf(given).process.selinux)).toEqual(want);
  });
});

describe("no_new_privs", () => {
  const cases: readonly Row[] = [
    { name: "is off in Docker", want: ["defaulted", false] },
    { name: "is off in a pod", spec: k8s, want: ["defaulted", false] },
    { name: "is on when asked for", spec: { noNewPrivileges: said(true) }, want: ["declared", true] },
    {
      name: "is on when the daemon says so",
      spec: { daemon: { noNewPrivileges: said(true) } },
      want: ["declared", true],
    },
    {
      name: "is off when asked for against the daemon",
      spec: { noNewPrivileges: said(false), daemon: { noNewPrivileges: said(true) } },
      want: ["declared", false],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told(boundaryOf(given).process.noNewPrivileges)).toEqual(want);
  });
});
