import type { Fact } from "../../boundary/fact.ts";
import { observed, unknown } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { Looker } from "./look.ts";
import { factFrom } from "./look.ts";

const daemonFile = "/etc/docker/daemon.json";
const kubeletFile = "/var/lib/kubelet/config.yaml";

/** How Docker's daemon and the kubelet of the host are configured, by their files; what flags say instead is not seen. */
export function configurationFacts(
  looker: Looker,
): Pick<HostFacts, "usernsRemap" | "rootlessEngine" | "kubeletSeccompDefault" | "cri" | "settings"> {
  const daemon = daemonConfiguration(looker);
  const kubelet = looker.read(kubeletFile);
  return {
    usernsRemap: daemonFact("host.userns-remap", daemon, (root) => text(root["userns-remap"]) !== "", [
      false,
      true,
    ]),
    // A daemon of a user's own runs beside root's: which of them runs a container, the container's own facts say.
    rootlessEngine: unknown("engine.rootless", "whose engine runs a container is not a fact of the host", [
      false,
      true,
    ]),
    kubeletSeccompDefault: factFrom(
      "host.kubelet.seccomp-default",
      kubelet,
      (yaml) => /^seccompDefault:\s*true\s*$/m.test(yaml),
      [false, true],
    ),
    cri: factFrom(
      "host.cri",
      kubelet,
      (yaml) => {
        const endpoint = /^containerRuntimeEndpoint:\s*["']?([^"'\s]+)/m.exec(yaml)?.[1] ?? "";
        return /cri-dockerd/.test(endpoint)
          ? "cri-dockerd"
          : /crio/.test(endpoint)
            ? "cri-o"
            : /containerd/.test(endpoint)
              ? "containerd"
              : undefined;
      },
      ["containerd", "cri-o"],
    ),
    settings: new Map<string, Fact<string>>([
      ...dockerSettings(daemon),
      ["docker.firewalld", firewallFact(looker)],
      ...toolkitSettings(looker),
      ...kubeletSettings("text" in kubelet ? kubelet.text : undefined),
    ]),
  };
}

type Json = Readonly<Record<string, unknown>>;
type Daemon = { readonly root: Json; readonly from: string } | { readonly reason: string };

/** The daemon's file; where there is none the daemon has its defaults, if it is installed at all. */
function daemonConfiguration(looker: Looker): Daemon {
  const look = looker.read(daemonFile);
  if ("reason" in look)
    return look.reason.endsWith("ENOENT") ? { root: {}, from: `${daemonFile} is absent` } : look;
  try {
    const root: unknown = JSON.parse(look.text);
    if (typeof root === "object" && root !== null && !Array.isArray(root))
      return { root: root as Json, from: daemonFile };
  } catch {
    // Told below: a daemon does not start with such a file either.
  }
  return { reason: `${daemonFile}: expected a JSON object` };
}

function daemonFact<T>(
  name: string,
  daemon: Daemon,
  read: (root: Json) => T,
  candidates: readonly T[],
): Fact<T> {
  return "reason" in daemon
    ? unknown(name, daemon.reason, candidates)
    : observed(read(daemon.root), daemon.from);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Settings that known vulnerabilities depend on, under the names that their conditions use. */
function dockerSettings(daemon: Daemon): readonly (readonly [string, Fact<string>])[] {
  if ("reason" in daemon) return [];
  const { root, from } = daemon;
  const hosts = Array.isArray(root["hosts"]) ? root["hosts"].map(text) : [];
  const plugins = Array.isArray(root["authorization-plugins"]) ? root["authorization-plugins"] : [];
  const features = root["features"];
  const snapshotter =
    typeof features === "object" && features !== null
      ? (features as Json)["containerd-snapshotter"]
      : undefined;
  const isOpen = hosts.some((host) => host.startsWith("tcp://")) && root["tlsverify"] !== true;
  return [
    ["docker.tcp", observed(isOpen ? "open" : "none", from)],
    // Without the switch it is the release's default, which Docker 29 changed.
    ...(typeof snapshotter === "boolean"
      ? [["docker.image-store", observed(snapshotter ? "containerd" : "graph-driver", from)] as const]
      : []),
    ["docker.authorization-plugin", observed(plugins.length > 0 ? "present" : "none", from)],
  ];
}

const toolkitFile = "/etc/nvidia-container-runtime/config.toml";

/** The two keys of the GPU toolkit's file that known vulnerabilities depend on; one that is commented out is at its default. */
function toolkitSettings(looker: Looker): readonly (readonly [string, Fact<string>])[] {
  const look = looker.read(toolkitFile);
  if ("reason" in look) return [];
  const flag = /^\s*allow-cuda-compat-libs-from-container\s*=\s*true\b/m.test(look.text);
  const mode = /^\s*mode\s*=\s*"([\w-]+)"/m.exec(look.text)?.[1] ?? "auto";
  return [
    ["nvidia.allow-cuda-compat-libs-from-container", observed(String(flag), toolkitFile)],
    ["nvidia.mode", observed(mode, toolkitFile)],
  ];
}

/** firewall-cmd(1): asks the daemon; a host without the program has no firewalld. */
function firewallFact(looker: Looker): Fact<string> {
  const look = looker.run("firewall-cmd", "--state");
  if ("text" in look) return observed("running", look.from);
  return look.reason.endsWith("ENOENT")
    ? observed("absent", "firewall-cmd is not installed")
    : observed("stopped", look.reason);
}

function kubeletSettings(yaml: string | undefined): readonly (readonly [string, Fact<string>])[] {
  if (yaml === undefined) return [];
  const port = /^readOnlyPort:\s*(\d+)/m.exec(yaml)?.[1] ?? "0";
  const anonymous = /^authentication:\n(?:[ ].*\n)*?[ ]+anonymous:\n[ ]+enabled:\s*true/m.test(yaml);
  const allowsAll = /^authorization:\n(?:[ ].*\n)*?[ ]+mode:\s*AlwaysAllow/m.test(yaml);
  return [
    ["kubelet.read-only-port", observed(port, kubeletFile)],
    ["kubelet.anonymous-access", observed(anonymous && allowsAll ? "allowed" : "refused", kubeletFile)],
  ];
}
