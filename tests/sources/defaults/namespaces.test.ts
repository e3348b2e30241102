import { describe, expect, test } from "vitest";
import type { NamespaceFacts } from "../../../src/boundary/boundary.ts";
import { unknownHost } from "../../../src/knowledge/presets.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import type { Given } from "./setup.ts";
import { boundaryOf, preset, said, told } from "./setup.ts";

const own = { kind: "private" };
const host = { kind: "host" };
const k8s: Partial<ContainerSpec> = { engine: "kubernetes" };

interface Row extends Given {
  readonly name: string;
  readonly namespace: keyof NamespaceFacts;
  readonly want: readonly unknown[];
}

describe("namespaces", () => {
  const cases: readonly Row[] = [
    { name: "pid is the container's own", namespace: "pid", want: ["defaulted", own] },
    { name: "pid: host", namespace: "pid", spec: { pid: said("host") }, want: ["declared", host] },
    {
      name: "pid: container:db",
      namespace: "pid",
      spec: { pid: said("container:db") },
      want: ["declared", { kind: "shared", with: "db" }],
    },
    {
      name: "pid: service:db",
      namespace: "pid",
      spec: { pid: said("service:db") },
      want: ["declared", { kind: "shared", with: "db" }],
    },
    {
      name: "a pod that shares its pids",
      namespace: "pid",
      spec: { ...k8s, sharedPid: said(true) },
      want: ["declared", { kind: "shared", with: "the pod's other containers" }],
    },
    {
      name: "ipc: shareable is the container's own",
      namespace: "ipc",
      spec: { ipc: said("shareable") },
      want: ["declared", own],
    },
    {
      name: "a network's name is a namespace of its own",
      namespace: "net",
      spec: { network: said("backend") },
      want: ["declared", own],
    },
    { name: "network: host", namespace: "net", spec: { network: said("host") }, want: ["declared", host] },
    {
      name: "network: host leaves Docker's uts alone",
      namespace: "uts",
      spec: { network: said("host") },
      want: ["defaulted", own],
    },
    {
      name: "hostNetwork takes the uts along in containerd",
      namespace: "uts",
      spec: { ...k8s, network: said("host") },
      assume: { cri: "containerd" },
      want: ["declared", host],
    },
    {
      name: "hostNetwork leaves it in CRI-O",
      namespace: "uts",
      spec: { ...k8s, network: said("host") },
      assume: { cri: "cri-o" },
      want: ["defaulted", own],
    },
    {
      name: "hostNetwork under an unknown CRI",
      namespace: "uts",
      spec: { ...k8s, network: said("host") },
      want: ["unknown", "host.cri", host, own],
    },

    {
      name: "cgroup on an unknown host",
      namespace: "cgroup",
      want: ["unknown", "host.cgroup-version", host, own],
    },
    { name: "cgroup on v1", namespace: "cgroup", assume: { cgroup: "v1" }, want: ["defaulted", host] },
    {
      name: "cgroup on a hybrid host",
      namespace: "cgroup",
      assume: { cgroup: "hybrid" },
      want: ["defaulted", host],
    },
    { name: "cgroup on v2", namespace: "cgroup", assume: { cgroup: "v2" }, want: ["defaulted", own] },
    {
      name: "cgroup as the daemon says",
      namespace: "cgroup",
      spec: { daemon: { cgroupVersion: said("v1") } },
      assume: { cgroup: "v2" },
      want: ["defaulted", host],
    },
    {
      name: "cgroupns: host on v2",
      namespace: "cgroup",
      spec: { cgroupns: said("host") },
      assume: { cgroup: "v2" },
      want: ["declared", host],
    },
    {
      name: "privileged Docker keeps its own on v2",
      namespace: "cgroup",
      spec: { privileged: said(true) },
      assume: { cgroup: "v2" },
      want: ["defaulted", own],
    },
    {
      name: "a privileged pod does not",
      namespace: "cgroup",
      spec: { ...k8s, privileged: said(true) },
      assume: { cgroup: "v2" },
      want: ["declared", host],
    },
    {
      name: "a pod on v2",
      namespace: "cgroup",
      spec: k8s,
      assume: { cgroup: "v2" },
      want: ["defaulted", own],
    },

    { name: "user is the host's in Docker", namespace: "user", want: ["defaulted", host] },
    {
      name: "user with userns-remap",
      namespace: "user",
      assume: { "userns-remap": "true" },
      want: ["assumed", own],
    },
    {
      name: "user as the daemon says",
      namespace: "user",
      spec: { daemon: { usernsRemap: { ...said(true), observedFrom: "docker info" } } },
      want: ["observed", own],
    },
    {
      name: "userns: host turns remapping off",
      namespace: "user",
      spec: { userns: said("host") },
      assume: { "userns-remap": "true" },
      want: ["declared", host],
    },
    {
      name: "user in rootless Docker",
      namespace: "user",
      assume: { rootless: "true" },
      want: ["defaulted", own],
    },
    {
      name: "Podman may be rootless",
      namespace: "user",
      spec: { engine: "podman" },
      want: ["unknown", "engine.rootless", host, own],
    },
    {
      name: "Podman as root",
      namespace: "user",
      spec: { engine: "podman" },
      assume: { rootless: "false" },
      want: ["defaulted", host],
    },
    {
      name: "rootless Podman, whatever is asked for",
      namespace: "user",
      spec: { engine: "podman", rootless: said(true), userns: said("host") },
      want: ["defaulted", own],
    },
    {
      name: "Podman --userns=auto",
      namespace: "user",
      spec: { engine: "podman", rootless: said(false), userns: said("auto") },
      want: ["declared", own],
    },
    {
      name: "Podman in another container's",
      namespace: "user",
      spec: { engine: "podman", rootless: said(false), userns: said("container:x") },
      want: ["unknown", "engine.userns-of-other", host, own],
    },
    { name: "a pod", namespace: "user", spec: k8s, want: ["defaulted", host] },
    {
      name: "hostUsers: false on a patched host",
      namespace: "user",
      spec: { ...k8s, userns: said("private") },
      want: ["declared", own],
    },
    {
      name: "hostUsers: false where nothing is known",
      namespace: "user",
      host: unknownHost(),
      spec: { ...k8s, userns: said("private") },
      want: ["unknown", "kubernetes.version", host, own],
    },
    {
      name: "hostUsers: false on Kubernetes 1.33",
      namespace: "user",
      host: preset("kubernetes-1.33-containerd-2"),
      spec: { ...k8s, userns: said("private") },
      want: ["declared", own],
    },
    {
      name: "sysbox gives one to every container",
      namespace: "user",
      spec: { runtime: said("sysbox-runc") },
      want: ["declared", own],
    },
    { name: "ids of the host's user namespace", namespace: "uidMap", want: ["defaulted", []] },
    {
      name: "ids of a namespace that nobody describes",
      namespace: "uidMap",
      assume: { rootless: "true" },
      want: ["unknown", "host.subuid"],
    },
  ];
  test.each(cases)("$name", ({ namespace, want, ...given }) => {
    expect(told<unknown>(boundaryOf(given).namespaces[namespace])).toEqual(want);
  });

  test("Podman's --uidmap is kept", () => {
    const mapping = { containerId: 0, hostId: 0, size: 1 };
    const { namespaces } = boundaryOf({
      spec: { engine: "podman", rootless: said(false), uidMap: [said(mapping)] },
    });
    expect([told(namespaces.user), told(namespaces.uidMap)]).toEqual([
      ["declared", own],
      ["declared", [mapping]],
    ]);
  });
});
