import { terminalSafe } from "../base/text.ts";
import type { Goal, Stage } from "../knowledge/types.ts";
import type { Margin } from "../engine/types.ts";

/** The file that arguments after `--` are located in: they stand right above the report, no place needs to be told. */
export const commandLine = "command line";

/** How ids are called when a person reads them. Every id that is not listed is shown as it is. */
const barrierNames: Readonly<Record<string, string>> = {
  "kernel-correct": "the kernel",
  "runtime-correct": "the runtime",
  "host-services-correct": "the host's own services",
  "gvisor-correct": "gVisor's kernel",
  "vmm-correct": "the hypervisor",
  "guest-kernel-correct": "the guest's kernel",
  jail: "the hypervisor's jail",
  seccomp: "the seccomp filter",
  apparmor: "AppArmor",
  selinux: "SELinux",
  "user-namespace": "the user namespace",
  "device-cgroup": "the device cgroup",
  "non-root": "the non-root user",
  "no-new-privs": "no_new_privs",
  "trusted-image": "the image being trusted",
  "network:none": "the missing network",
  "no-operator-action": "no operator acting on the container",
  "no-untrusted-input": "nobody hostile supplying what the engine works on",
  "host:cgroup-v2-only": "the host having cgroup v2 only",
  "rootless-engine": "the rootless engine",
  "module-signatures": "the module signature check",
  "gvisor:host-uds": "gVisor refusing host sockets",
  lockdown: "the kernel's lockdown",
  rbac: "the cluster's access control",
  "egress-policy": "the egress policy",
};

const barrierKinds: Readonly<Record<string, (rest: string) => string>> = {
  capability: (name) => `the missing ${name}`,
  namespace: (kind) =>
    `the ${{ pid: "PID", net: "network", ipc: "IPC", uts: "UTS" }[kind] ?? kind} namespace`,
  "mount:absent": (path) => `${path} not being mounted`,
  "mount:read-only": (path) => `the read-only mount of ${path}`,
  masked: (path) => `the mask over ${path}`,
  "file-permission": (path) => `the file mode of ${path}`,
  "device:absent": (kind) => `no ${kind} device being given`,
  propagation: (path) => `the private propagation of ${path}`,
  patched: (cve) => `the patch for ${cve}`,
  "kernel-config": (option) => `the kernel's ${option}`,
  sysctl: (setting) => `sysctl ${setting}`,
  engine: (name) => `${name} being the engine`,
  runtime: (name) => `${name} being the runtime`,
  setting: (setting) => `the host's setting ${setting}`,
};

/** A barrier's id in words: `capability:CAP_BPF` → `the missing CAP_BPF`. */
export function barrierWords(id: string): string {
  const name = Object.hasOwn(barrierNames, id) ? barrierNames[id] : undefined;
  if (name !== undefined) return name;
  for (const [kind, words] of Object.entries(barrierKinds)) {
    if (id.startsWith(`${kind}:`)) return terminalSafe(words(id.slice(kind.length + 1)));
  }
  return terminalSafe(id);
}

/** Whether an id is one that barriers have, although no way of this report may know it. */
export function isBarrier(id: string): boolean {
  return (
    Object.hasOwn(barrierNames, id) || Object.keys(barrierKinds).some((kind) => id.startsWith(`${kind}:`))
  );
}

const stageNames: Readonly<Record<Stage, string>> = {
  workload: "workload",
  "container-root": "container root",
  "application-kernel": "gVisor's kernel",
  "guest-kernel": "guest kernel",
  vmm: "hypervisor",
  "engine-api": "engine API",
  "node-credentials": "node credentials",
  "cluster-admin": "cluster admin",
  "host-user": "host user",
  sibling: "sibling",
  "host-read": "host read",
  "host-write": "host write",
  "denial-of-service": "denial of service",
  exposure: "exposure",
  "host-root": "host root",
};
export function stageWords(stage: Stage): string {
  return stageNames[stage];
}

/** What reaching a goal means, where it is not the whole host. */
export const goalWords: Readonly<Record<Goal, string>> = {
  "host-root": "root of the host",
  "host-write": "writes to the host",
  "host-read": "reads from the host",
  sibling: "reaches another workload",
};

interface FactWords {
  readonly name: string;
  /** The option that settles it. */
  readonly option?: string;
}
const facts: Readonly<Record<string, FactWords>> = {
  "host.apparmor": { name: "the host's AppArmor", option: "--assume apparmor=docker-default (or none)" },
  "host.selinux": { name: "the host's SELinux", option: "--assume selinux=container_t (or none)" },
  "host.cgroup-version": { name: "the host's cgroup version", option: "--assume cgroup=v2 (or v1)" },
  "host.cgroup-v1-mountable": { name: "whether cgroup v1 can be mounted" },
  "host.kernel.release": { name: "the host's kernel release" },
  "host.apparmor.dbus": { name: "whether the AppArmor profile mediates D-Bus" },
  "host.kernel.package": { name: "the kernel package of the host's distribution" },
  "host.kubelet.seccomp-default": {
    name: "the kubelet's seccomp default",
    option: "--assume seccomp-default=true (or false)",
  },
  "host.userns-remap": { name: "the daemon's userns-remap", option: "--assume userns-remap=true (or false)" },
  "engine.rootless": { name: "whether the engine is rootless", option: "--assume rootless=true (or false)" },
  "host.cri": { name: "the node's container engine", option: "--assume cri=containerd (or cri-o)" },
  "host.lockdown": { name: "the kernel's lockdown mode" },
  "host.modules-enabled": { name: "whether modules can be loaded" },
  "host.module-signatures": { name: "whether module signatures are enforced" },
  "host.metadata": { name: "the host's metadata service" },
  "image.user": { name: "the image's user", option: "--assume image-user=UID" },
  "image.passwd": { name: "the image's /etc/passwd" },
  "image.group": { name: "the image's group" },
  "process.capabilities": { name: "the process's capabilities" },
  "host.architecture": { name: "the host's architecture" },
  "host.distribution": { name: "the host's distribution" },
  "kubernetes.rights": { name: "what the service account may do" },
  "kubernetes.rbac": { name: "what the service account may do" },
  "network.egress": { name: "where the network leads" },
  "runtime.version": { name: "the runtime's release" },
  runtime: { name: "the runtime" },
  engine: { name: "the engine" },
  "image.setuid-programs": { name: "the image's set-uid programs" },
  "engine.version": { name: "the engine's release", option: "--assume engine-version=VERSION" },
};

/** A fact in words, and the option that settles it where there is one. */
export function factWords(fact: string): FactWords {
  const known = Object.hasOwn(facts, fact) ? facts[fact] : undefined;
  if (known) return known;
  const [, table = "", name] = /^host\.(sysctl|kernel-config|versions?|settings)\.(.+)$/.exec(fact) ?? [];
  if (name === undefined) return { name: terminalSafe(fact) };
  const safe = terminalSafe(name);
  if (table.startsWith("version")) return { name: `the release of ${safe}` };
  return table === "settings"
    ? { name: `the host's setting ${safe}`, option: `--assume setting.${safe}=VALUE` }
    : { name: `the host's ${safe}` };
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function list(items: readonly string[], most = 3): string {
  const shown = items.length > most ? items.slice(0, Math.max(1, most - 1)) : items;
  const rest = items.length - shown.length;
  const last = rest > 0 ? `${String(rest)} more` : undefined;
  const all = last === undefined ? shown : [...shown, last];
  return all.length <= 1 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1) ?? ""}`;
}

/** `1`, `0–1`, `1+` where the best case has no way at all, `none` where no case has one. */
export function marginWords({ worst, best }: Margin): string {
  if (worst === null) return "none";
  if (worst === best) return String(worst);
  return best === null ? `${String(worst)}+` : `${String(worst)}–${String(best)}`;
}

/** `12,345`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
