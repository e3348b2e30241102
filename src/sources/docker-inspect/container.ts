import type { Position } from "../../base/location.ts";
import type { Draft } from "../command-line/draft.ts";
import { append, said } from "../command-line/draft.ts";
import { pieceAt } from "../command-line/piece.ts";
import { addSecurityOption, profileRequest } from "../command-line/security.ts";
import { addEnvironment, addUidMap } from "../command-line/values.ts";
import type { Field } from "../oci/fields.ts";
import { elements, entriesOf, field, flagOf, integerOf, textOf, textsOf } from "../oci/fields.ts";
import { readMounts } from "./mounts.ts";

/** Reads one record of a container into the draft. Everything in it is an observation. */
export function readContainer(draft: Draft, root: Field): void {
  const host = field(root, "HostConfig");
  const config = field(root, "Config");
  readFlags(draft, host, config);
  readNamespaces(draft, host);
  readSecurity(draft, root, host);
  readObservedLabels(draft, root);
  readPaths(draft, host);
  readMounts(draft, root, host);
  readDevices(draft, host);
  readLimits(draft, host);
  readNetwork(draft, root, host);
  readConfig(draft, root, config);
  if (draft.engine === "podman") readPodman(draft, root, host, config);
}

function readFlags(draft: Draft, host: Field, config: Field): void {
  const flags = [
    ["privileged", field(host, "Privileged")],
    ["readonlyRootfs", field(host, "ReadonlyRootfs")],
    ["terminal", field(config, "Tty")],
  ] as const;
  for (const [key, of] of flags) {
    const value = flagOf(of);
    if (value !== undefined) draft.spec[key] = said(draft, value, of.at);
  }
}

function readNamespaces(draft: Draft, host: Field): void {
  const modes = [
    ["pid", "PidMode"],
    ["ipc", "IpcMode"],
    ["uts", "UTSMode"],
    ["userns", "UsernsMode"],
    ["cgroupns", draft.engine === "podman" ? "CgroupMode" : "CgroupnsMode"],
    ["network", "NetworkMode"],
    ["cgroupParent", "CgroupParent"],
    ["runtime", "Runtime"],
  ] as const;
  for (const [key, name] of modes) {
    const of = field(host, name);
    const value = textOf(of);
    // An empty text is the engine's default, and Podman writes "oci" for every runtime.
    if (value && !(key === "runtime" && value === "oci")) draft.spec[key] = said(draft, value, of.at);
  }
}

function readSecurity(draft: Draft, root: Field, host: Field): void {
  for (const { value, at } of textsOf(field(host, "CapAdd"))) append(draft, "capAdd", said(draft, value, at));
  for (const { value, at } of textsOf(field(host, "CapDrop")))
    append(draft, "capDrop", said(draft, value, at));
  for (const { value, at } of textsOf(field(host, "GroupAdd")))
    append(draft, "groupAdd", said(draft, value, at));
  for (const { value, at } of textsOf(field(host, "SecurityOpt")))
    addSecurityOption(draft, pieceAt(value, at));
  for (const { key, at, value } of entriesOf(field(host, "Sysctls"))) {
    const text = textOf(value);
    if (text !== undefined) append(draft, "sysctls", said(draft, { name: key, value: text }, at));
  }
  const bounding = field(root, "BoundingCaps");
  const effective = field(root, "EffectiveCaps");
  // Podman writes null for a container that was never started.
  if (bounding.node) draft.spec.observedBoundingCaps = observedList(draft, bounding);
  if (effective.node) draft.spec.observedEffectiveCaps = observedList(draft, effective);
}

function observedList(draft: Draft, of: Field): ReturnType<typeof said<readonly string[]>> {
  return said<readonly string[]>(
    draft,
    textsOf(of).map(({ value }) => value),
    of.at,
  );
}

/**
 * The labels that the engine applied. They are empty for a container that never ran, so an empty one says something only
 * about a running container: no AppArmor on the host (Docker always applies a profile where there is), no SELinux label.
 */
function readObservedLabels(draft: Draft, root: Field): void {
  const running = flagOf(field(root, "State", "Running")) === true;
  const apparmor = field(root, "AppArmorProfile");
  const profile = textOf(apparmor);
  if (profile) draft.spec.apparmor = said(draft, profileRequest(profile), apparmor.at);
  else if (profile === "" && running && draft.engine === "docker") {
    draft.spec.daemon = { ...draft.spec.daemon, apparmor: said(draft, false, apparmor.at) };
  }
  const selinux = field(root, "ProcessLabel");
  const label = textOf(selinux);
  const type = label?.split(":")[2];
  if (type) draft.spec.selinux = said(draft, { kind: "type", type }, selinux.at);
  else if (label === "" && running) draft.spec.selinux = said(draft, { kind: "disabled" }, selinux.at);
}

/** Docker fills these in when it creates a container: null is left only for a privileged one, and [] masks nothing. */
function readPaths(draft: Draft, host: Field): void {
  const masked = field(host, "MaskedPaths");
  const readonly = field(host, "ReadonlyPaths");
  if (masked.node) draft.spec.observedMaskedPaths = observedList(draft, masked);
  if (readonly.node) draft.spec.observedReadonlyPaths = observedList(draft, readonly);
  const empty = (of: Field): boolean => of.node?.kind === "seq" && of.node.items.length === 0;
  if (empty(masked) && empty(readonly)) draft.spec.unmasked = said(draft, true, masked.at);
}

function readDevices(draft: Draft, host: Field): void {
  for (const item of elements(field(host, "Devices"))) {
    const hostPath = textOf(field(item, "PathOnHost"));
    if (hostPath === undefined) continue;
    const containerPath = textOf(field(item, "PathInContainer")) || hostPath;
    const access = textOf(field(item, "CgroupPermissions")) || "rwm";
    append(draft, "devices", said(draft, { hostPath, containerPath, access }, item.at));
  }
  for (const { value, at } of textsOf(field(host, "DeviceCgroupRules")))
    append(draft, "deviceCgroupRules", said(draft, value, at));
  for (const item of elements(field(host, "DeviceRequests"))) {
    const ids = textsOf(field(item, "DeviceIDs")).map(({ value }) => value);
    const count = integerOf(field(item, "Count"));
    draft.spec.gpus ??= said(
      draft,
      ids.join(",") || (count === undefined || count < 0 ? "all" : String(count)),
      item.at,
    );
  }
}

/** Zero and absence are "no limit"; only a process limit below zero is said, since Podman has a default for that one. */
function readLimits(draft: Draft, host: Field): void {
  const limit = (key: "memoryBytes" | "pids" | "cpus", of: Field, value: number | undefined): void => {
    if (value === undefined || (value <= 0 && key !== "pids")) return;
    draft.spec.limits = { ...draft.spec.limits, [key]: said(draft, value <= 0 ? -1 : value, of.at) };
  };
  const memory = field(host, "Memory");
  const pids = field(host, "PidsLimit");
  limit("memoryBytes", memory, integerOf(memory));
  limit("pids", pids, integerOf(pids));
  const quota = field(host, "CpuQuota");
  const period = integerOf(field(host, "CpuPeriod"));
  const quotaValue = integerOf(quota);
  if (quotaValue !== undefined)
    limit("cpus", quota, quotaValue / (period !== undefined && period > 0 ? period : 100_000));
  const nano = field(host, "NanoCpus");
  const nanoValue = integerOf(nano);
  if (nanoValue !== undefined) limit("cpus", nano, nanoValue / 1e9);
  for (const item of elements(field(host, "Ulimits"))) {
    const type = textOf(field(item, "Name"))
      ?.replace(/^RLIMIT_/, "")
      .toLowerCase();
    const soft = integerOf(field(item, "Soft"));
    const hard = integerOf(field(item, "Hard"));
    const bound = (value: number): number => (value < 0 ? Infinity : value);
    if (type === undefined || soft === undefined || hard === undefined) continue;
    append(draft, "rlimits", said(draft, { type, soft: bound(soft), hard: bound(hard) }, item.at));
  }
}

const builtInNetworks = new Set(["bridge", "host", "none", "podman", "pasta", "slirp4netns"]);

function readNetwork(draft: Draft, root: Field, host: Field): void {
  for (const { key, at } of entriesOf(field(root, "NetworkSettings", "Networks"))) {
    if (!builtInNetworks.has(key)) append(draft, "networks", said(draft, key, at));
  }
  const live = entriesOf(field(root, "NetworkSettings", "Ports")).filter(
    ({ value }) => value.node !== undefined,
  );
  const ports = live.length > 0 ? live : entriesOf(field(host, "PortBindings"));
  for (const { key, at, value } of ports) {
    const [containerPort = "", protocol = "tcp"] = key.split("/");
    for (const binding of elements(value)) {
      const hostIp = textOf(field(binding, "HostIp")) || "0.0.0.0";
      const hostPort = textOf(field(binding, "HostPort")) ?? "";
      append(draft, "published", said(draft, { hostIp, hostPort, containerPort, protocol }, at));
    }
  }
}

/** `Config` holds the image's settings with the run's merged into them: an empty user is root. */
function readConfig(draft: Draft, root: Field, config: Field): void {
  const user = field(config, "User");
  const name = textOf(user);
  if (name !== undefined) draft.spec.user = said(draft, name || "0", user.at);
  for (const { value, at } of textsOf(field(config, "Env"))) addEnvironment(draft, pieceAt(value, at));
  const image = draft.engine === "podman" ? field(root, "ImageName") : field(config, "Image");
  const reference = textOf(image);
  if (reference) draft.spec.image = said(draft, reference, image.at);
  readOperatorActions(draft, root, config);
}

function readOperatorActions(draft: Draft, root: Field, config: Field): void {
  const test = field(config, "Healthcheck", "Test");
  const [first] = textsOf(test);
  if (first && first.value !== "NONE" && first.value !== "")
    append(draft, "operatorActions", said(draft, "exec", test.at));
  const running: readonly { at: Position }[] = textsOf(field(root, "ExecIDs"));
  const [exec] = running;
  if (exec && !draft.lists.operatorActions) append(draft, "operatorActions", said(draft, "exec", exec.at));
  draft.lists.operatorActions ??= [];
}

/** What only Podman's records hold (libpod/container_inspect.go). */
function readPodman(draft: Draft, root: Field, host: Field, config: Field): void {
  const runtime = field(root, "OCIRuntime");
  const program = textOf(runtime);
  if (program) draft.spec.runtime = said(draft, program, runtime.at);
  const map = field(host, "IDMappings", "UidMap");
  for (const { value, at } of textsOf(map)) addUidMap(draft, pieceAt(value, at));
  if (elements(map).length > 0) draft.spec.userns ??= said(draft, "private", map.at);
  const systemd = field(config, "SystemdMode");
  if (flagOf(systemd) === true) draft.spec.writableCgroups = said(draft, true, systemd.at);
  for (const item of elements(field(config, "Secrets"))) {
    const name = textOf(field(item, "Name"));
    if (name) append(draft, "secrets", said(draft, name, item.at));
  }
  const pod = field(root, "Pod");
  const podName = textOf(pod);
  if (podName)
    append(draft, "siblings", { name: podName, through: "network-namespace", detail: `the pod ${podName}` });
}
