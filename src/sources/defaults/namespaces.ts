import type { IdMapping, NamespaceFacts, NamespaceState } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, mapFact, unknown } from "../../boundary/fact.ts";
import { holdsFor } from "../../knowledge/engine-defaults.ts";
import type { Said } from "../spec.ts";
import { runtimeMeaning } from "./runtime-names.ts";
import type { Setting } from "./setting.ts";
import { daemonOr, followsFrom, nonEmpty, privilegedBy } from "./setting.ts";

const host: NamespaceState = { kind: "host" };
const own: NamespaceState = { kind: "private" };

/**
 * Which namespaces are the container's own.
 * @see moby daemon/oci_linux.go WithNamespaces, daemon/daemon_unix.go adaptContainerSettings; containerd
 * internal/cri/opts/spec_opts.go WithPodNamespaces; containers/common pkg/config/default.go; namespaces(7)
 */
export function namespaceFacts(setting: Setting): NamespaceFacts {
  const { spec, by } = setting;
  const user = userNamespace(setting);
  return {
    pid:
      spec.sharedPid?.value === true
        ? followsFrom(spec.sharedPid, withPod)
        : said(spec.pid, setting, "pid-namespace"),
    net: said(spec.network, setting, "network-namespace"),
    ipc: said(spec.ipc, setting, "ipc-namespace"),
    uts: utsNamespace(setting),
    mount: defaulted(own, by),
    cgroup: cgroupNamespace(setting),
    user,
    uidMap: uidMap(setting, user),
  };
}

const withPod: NamespaceState = { kind: "shared", with: "the pod's other containers" };

/** `host`, `container:X`, `service:X`, `ns:PATH`; anything else (a network's name, `private`, `shareable`) is the container's own. */
export function readNamespace(value: string): NamespaceState {
  if (value === "host") return host;
  const shared = /^(container|service|ns|pod):(.+)$/.exec(value);
  return shared?.[2] === undefined ? own : { kind: "shared", with: shared[2] };
}

function said(
  value: Said<string> | undefined,
  setting: Setting,
  through: "pid-namespace" | "network-namespace" | "ipc-namespace",
): Fact<NamespaceState> {
  if (value !== undefined && value.value !== "") return followsFrom(value, readNamespace(value.value));
  const sibling = setting.kubelet && setting.spec.siblings?.some((share) => share.through === through);
  return defaulted(sibling === true ? withPod : own, setting.by);
}

function utsNamespace(setting: Setting): Fact<NamespaceState> {
  const { spec, engine, by } = setting;
  if (spec.uts !== undefined && spec.uts.value !== "")
    return followsFrom(spec.uts, readNamespace(spec.uts.value));
  if (spec.network?.value === "host" && engine.namespaces.utsWithHostNetwork === "host")
    return followsFrom(spec.network, host);
  return defaulted(own, by);
}

function cgroupNamespace(setting: Setting): Fact<NamespaceState> {
  const { spec, engine, by } = setting;
  const { cgroupV1, cgroupV2, cgroupPrivileged, source } = engine.namespaces;
  if (spec.cgroupns !== undefined && spec.cgroupns.value !== "")
    return followsFrom(spec.cgroupns, readNamespace(spec.cgroupns.value));
  const privileged = privilegedBy(spec);
  if (privileged && cgroupPrivileged === "host") return followsFrom(privileged, host);
  const version = daemonOr(spec.daemon?.cgroupVersion, setting.host.cgroupVersion);
  const v1 = readNamespace(cgroupV1);
  const v2 = readNamespace(cgroupV2);
  if (version.known)
    return defaulted(version.value === "v2" ? v2 : v1, `${by} on cgroup ${version.value}`, source);
  return unknown(
    "host.cgroup-version",
    `${engine.title} gives a cgroup namespace of its own on cgroup v2 only`,
    [v1, v2],
  );
}

function userNamespace(setting: Setting): Fact<NamespaceState> {
  const { spec, rootless, by, engine } = setting;
  const byRuntime = nonEmpty(spec.runtime);
  if (byRuntime && runtimeMeaning(byRuntime.value)?.userNamespace === true)
    return followsFrom(byRuntime, own);
  if (rootless) return defaulted(own, by, engine.rootless.source);
  const [mapping] = spec.uidMap ?? [];
  if (mapping) return followsFrom(mapping, own);
  const wish = nonEmpty(spec.userns);
  return wish ? asked(wish, setting) : userNamespaceByDefault(setting);
}

function userNamespaceByDefault({ spec, kubelet, engine, by, host: facts }: Setting): Fact<NamespaceState> {
  if (kubelet || engine.id === "podman") return defaulted(host, by);
  const remap = daemonOr(spec.daemon?.usernsRemap, facts.usernsRemap);
  return remap.known
    ? mapFact(remap, (on) => (on ? own : host))
    : defaulted(host, by, "userns-remap is off unless the daemon is told");
}

function asked(wish: Said<string>, setting: Setting): Fact<NamespaceState> {
  const { kubelet, context, host: facts } = setting;
  if (wish.value === "host") return followsFrom(wish, host);
  if (/^(container|ns|pod):/.test(wish.value)) {
    return unknown(
      "engine.userns-of-other",
      `the user namespace is that of ${wish.value}, which may be the host's`,
      [host, own],
      wish.at,
    );
  }
  if (kubelet === undefined) return followsFrom(wish, own);
  const version = facts.versions.get("kubernetes");
  const release =
    version?.known === true
      ? { version: version.value }
      : { since: facts.assumedPatched ? context.engines.kubelet.maintained.since : undefined };
  if (holdsFor([{ since: kubelet.userNamespaces.since }], release) === "always")
    return followsFrom(wish, own);
  return unknown(
    "kubernetes.version",
    `hostUsers: false is ignored before Kubernetes ${kubelet.userNamespaces.since} unless a feature gate is on`,
    [host, own],
    wish.at,
  );
}

function uidMap({ spec }: Setting, user: Fact<NamespaceState>): Fact<readonly IdMapping[]> {
  const [first] = spec.uidMap ?? [];
  if (first) return followsFrom(first, spec.uidMap?.map((mapping) => mapping.value) ?? []);
  if (user.known && user.value.kind === "host") return mapFact(user, () => []);
  return unknown(
    "host.subuid",
    "which ids of the host the container's stand for is decided by /etc/subuid or the kubelet",
  );
}
