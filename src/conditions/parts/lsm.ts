import { isWithin } from "../../boundary/paths.ts";
import { remember } from "./remember.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, blocked, decide, holds } from "../verdict.ts";

/**
 * What a security module is asked. Paths are as the process sees them: AppArmor's rules are about those. `object` is the
 * path on the host where that is another one: SELinux's labels belong to the object, wherever it is seen.
 */
export type LsmQuestion =
  /** `kernel-fs`: a fresh procfs, sysfs, cgroup or debugfs. `other`: a remount, a bind, a tmpfs, an overlay. */
  | { readonly kind: "mount"; readonly what: "kernel-fs" | "other" }
  | { readonly kind: "umount" }
  | { readonly kind: "ptrace-host" }
  | { readonly kind: "ptrace-sibling" }
  | { readonly kind: "signal-host" }
  | FileQuestion
  | { readonly kind: "connect-host-socket" }
  | { readonly kind: "load-module" }
  /** A node of the host's own /dev, with the host's label. Nodes that the runtime or the actor makes carry the container's. */
  | { readonly kind: "host-device" };
interface FileQuestion {
  readonly kind: "read" | "write";
  readonly path: string;
  readonly object?: string | undefined;
  readonly kernelInterface: boolean;
  readonly relabelled: boolean;
}

/**
 * The default profiles of the engines are one template with other names: moby/profiles apparmor/template.go, which says
 * itself that containerd and libpod replicate it; CRI-O uses containers/common's.
 */
const templateProfiles =
  /^(docker-default|cri-containerd\.apparmor\.d|crio-default(-[\w.-]+)?|containers-default-[\w.-]+|nerdctl-default|moby-default)$/;

// The template's write rules, one by one: `{?,??,[^s][^h][^m]**}` below @{PROC}/sys/kernel spares more than shm*
// (whatever has s first, h second or m third), and the names of three letters below @{PROC} spare /proc/bus.
function templateDeniesWrite(path: string): boolean {
  const kernel = /^\/proc\/sys\/kernel\/(.+)$/.exec(path)?.[1];
  if (kernel !== undefined) return kernel.length < 3 || /^[^s][^h][^m]/.test(kernel);
  if (/^\/proc\/sys\/[^k]/.test(path)) return true;
  if (/^\/proc\/[^/]+$/.test(path)) return true;
  if (/^\/proc\/([^1-9]|[^1-9][^0-9]|[^1-9s][^0-9y][^0-9s]|[^1-9][^0-9][^0-9][^0-9/][^/]*)\//.test(path))
    return true;
  if (isWithin(path, "/sys")) return !isWithin(path, "/sys/fs/cgroup") && path.split("/").length > 3;
  return false;
}

const templateHidden = [
  "/proc/kcore",
  "/proc/sysrq-trigger",
  "/sys/firmware",
  "/sys/kernel/security",
  "/sys/devices/virtual/powercap",
];

function templateDenies(question: LsmQuestion): boolean {
  switch (question.kind) {
    case "mount":
    case "ptrace-host":
    case "signal-host":
      return true;
    case "write":
      return templateDeniesWrite(question.path) || templateHidden.some((p) => isWithin(question.path, p));
    case "read":
      return templateHidden.some((p) => isWithin(question.path, p));
    // `umount,` is allowed, and processes of one profile may trace one another.
    case "umount":
    case "ptrace-sibling":
    case "connect-host-socket":
    case "load-module":
    case "host-device":
      return false;
  }
}

const words: Record<LsmQuestion["kind"], string> = {
  mount: "this mount",
  umount: "unmounting",
  "ptrace-host": "tracing a process of the host",
  "ptrace-sibling": "tracing a process of the other container",
  "signal-host": "signalling a process of the host",
  write: "this write",
  read: "this read",
  "connect-host-socket": "connecting to a socket of the host",
  "load-module": "loading a module",
  "host-device": "opening a device node of the host",
};

function askAppArmor({ boundary }: EvaluationContext, question: LsmQuestion): Verdict {
  const ref = "process.apparmor";
  return decide(boundary.process.apparmor, ref, (state) => {
    if (state.kind === "absent") return holds("the host has no AppArmor", ref);
    if (state.kind === "unconfined") return holds("AppArmor does not confine it", ref);
    if (!templateProfiles.test(state.name)) return unreadProfile(state.name, question, ref);
    return templateDenies(question)
      ? blocked(["apparmor"], `AppArmor profile ${state.name} denies ${words[question.kind]}`, ref)
      : holds(`AppArmor profile ${state.name} permits ${words[question.kind]}`, ref);
  });
}

/** A profile whose rules are not in the input may permit it or not. */
function unreadProfile(name: string, question: LsmQuestion, ref: string): Verdict {
  const denies = blocked(["apparmor"], "", ref);
  const reason = `the rules of AppArmor profile ${name} are not in the input; they decide about ${words[question.kind]}`;
  return {
    ...holds(reason, ref),
    best: denies.best,
    barriers: denies.barriers,
    undecided: [{ fact: `apparmor-profile:${name}`, reason }],
  };
}

/** Types that are not confined (container-selinux, container.te: unconfined_domain). */
const unconfinedTypes = /^(spc_t|unconfined_t|unconfined_service_t|container_runtime_t)$/;

// container_t reads sysctls and sysfs (kernel_read_all_sysctls, dev_read_sysfs); these have types of their own.
const ownTypes = [
  "/proc/kcore",
  "/sys/kernel/debug",
  "/sys/kernel/tracing",
  "/sys/kernel/security",
  "/sys/kernel/config",
];

function selinuxDeniesFile({
  kind,
  path,
  object = path,
  kernelInterface,
  relabelled,
}: FileQuestion): boolean {
  if (!kernelInterface) return !relabelled;
  return kind === "write" || ownTypes.some((p) => isWithin(object, p));
}

/**
 * container-selinux (container.te): a container_t process touches what carries container labels only. It may remount,
 * unmount, and mount tmpfs, fuse and disk file systems, but not procfs, sysfs, cgroup or debugfs afresh; host processes,
 * host sockets and module loading are denied. A relabelled volume (`:z`, `:Z`) carries container labels.
 */
function selinuxDenies(question: LsmQuestion): boolean {
  switch (question.kind) {
    case "mount":
      return question.what === "kernel-fs";
    case "umount":
    case "ptrace-sibling":
      return false;
    case "write":
    case "read":
      return selinuxDeniesFile(question);
    case "load-module":
    case "ptrace-host":
    case "signal-host":
    case "connect-host-socket":
    case "host-device":
      return true;
  }
}

function askSelinux({ boundary }: EvaluationContext, question: LsmQuestion): Verdict {
  const ref = "process.selinux";
  return decide(boundary.process.selinux, ref, (state) => {
    if (state.kind === "absent") return holds("SELinux is not in force for it", ref);
    if (state.kind === "unconfined" || unconfinedTypes.test(state.type))
      return holds("SELinux does not confine it", ref);
    return selinuxDenies(question)
      ? blocked(["selinux"], `SELinux type ${state.type} denies ${words[question.kind]}`, ref)
      : holds(`SELinux type ${state.type} permits ${words[question.kind]}`, ref);
  });
}

/** Both security modules permit it: the kernel asks each, and either may refuse. */
export const lsmPermits = remember(
  (context, question: LsmQuestion) => allOf([askAppArmor(context, question), askSelinux(context, question)]),
  (question) => Object.values(question).join("|"),
);
