import { expected } from "../../base/problems.ts";
import type { Said } from "../spec.ts";
import type { Draft } from "./draft.ts";
import { append, parseBool, said, saidPiece, warn, wrongValue } from "./draft.ts";
import type { Engine } from "./flags.ts";
import type { FlagUse } from "./parse-flags.ts";
import type { Piece } from "./piece.ts";
import { csvPieces, positionIn } from "./piece.ts";
import { addSecurityOption } from "./security.ts";
import {
  addDevice,
  addDeviceRule,
  addEnvironment,
  addEnvironmentFile,
  addNetwork,
  addPort,
  addSecret,
  addSysctl,
  addUidMap,
  addUlimit,
  parseBytes,
} from "./values.ts";
import { addMount, addTmpfs, addVolume, addVolumesFrom } from "./volumes.ts";

type Valued = (draft: Draft, value: Piece, use: FlagUse) => void;
type Switch = (draft: Draft, on: Said<boolean>) => void;
type TextKey = "user" | "cgroupParent" | "runtime" | "gpus";

/** Applies one flag to the draft; flags that change nothing about the boundary are passed over. */
export function applyFlag(draft: Draft, use: FlagUse): void {
  if (Object.hasOwn(switches, use.name)) {
    applySwitch(draft, use);
    return;
  }
  const apply = Object.hasOwn(valued, use.name) ? valued[use.name] : undefined;
  if (!apply || !use.value) return;
  if (!quietAboutHoles.has(use.name)) warnAboutHoles(draft, use.value, use.written);
  apply(draft, use.value, use);
}

/** The value is a name or a text that no verdict reads, or (volumes and mounts) the handler itself says so. */
const quietAboutHoles = new Set([
  "env",
  "env-file",
  "volume",
  "mount",
  "publish",
  "name",
  "health-cmd",
  "health-startup-cmd",
]);

function warnAboutHoles(draft: Draft, value: Piece, written: string): void {
  const [hole] = value.holes;
  if (!hole) return;
  warn(
    draft,
    "unset-variable",
    expected("a value that the text states", `$${hole.name}`),
    positionIn(value, hole.start),
    written,
  );
}

function applySwitch(draft: Draft, use: FlagUse): void {
  const apply = switches[use.name];
  const on = use.value ? parseBool(use.value.value) : true;
  if (on !== undefined) return apply?.(draft, said(draft, on, use.at));
  if (use.value && use.value.holes.length > 0) {
    const message = `${expected("true or false in the text", use.value.value)}, which is taken for true`;
    draft.problems.push({ code: "unset-variable", message, at: positionIn(use.value), path: use.written });
    if (use.name === "privileged") apply?.(draft, said(draft, true, use.at));
    return;
  }
  if (use.value) wrongValue(draft, "true or false", use.value, use.written);
}

const switches: Readonly<Record<string, Switch>> = {
  privileged: (draft, on) => { draft.spec.privileged = on; },
  "read-only": (draft, on) => { draft.spec.readonlyRootfs = on; },
  tty: (draft, on) => { draft.spec.terminal = on; },
  "publish-all": (draft, on) => {
    if (on.value) append(draft, "published", { ...on, value: { hostIp: "0.0.0.0", hostPort: "", containerPort: "*", protocol: "tcp" } });
  },
  "no-healthcheck": (draft, on) => {
    if (on.value) draft.lists.operatorActions ??= [];
  },
  // docker/cli create.go: binds the engine's socket, whose path is fixed there, and hands over registry credentials.
  "use-api-socket": (draft, on) => {
    if (!on.value) return;
    const socket = { ...on, value: "/var/run/docker.sock" };
    draft.mounts.push({ kind: "bind", source: socket, target: socket, readOnly: undefined });
    append(draft, "secrets", { ...on, value: "docker registry credentials" });
  },
}; // prettier-ignore

function text(key: TextKey): Valued {
  return (draft, value) => {
    draft.spec[key] = saidPiece(draft, value);
  };
}

/**
 * Modes of namespaces as each engine takes them: moby api/types/container/hostconfig.go; Podman
 * pkg/specgen/namespaces.go; nerdctl pkg/cmd/container. Another text is refused.
 */
const joined = "container:.+";
const podmanModes = `host|private|pod|ns:.+|${joined}`;
const modes: Readonly<
  Record<Engine, Readonly<Record<"pid" | "ipc" | "uts" | "userns" | "cgroupns", string>>>
> = {
  docker: {
    pid: `host|${joined}`,
    ipc: `none|private|shareable|host|${joined}`,
    uts: "host",
    userns: "host",
    cgroupns: "host|private",
  },
  podman: {
    pid: podmanModes,
    ipc: `${podmanModes}|none|shareable`,
    uts: podmanModes,
    userns: `${podmanModes}|(?:auto|keep-id|nomap)(?::.*)?`,
    cgroupns: podmanModes,
  },
  nerdctl: {
    pid: `host|private|${joined}`,
    ipc: `host|private|shareable|none|${joined}`,
    uts: "host|private",
    userns: ".+",
    cgroupns: "host|private",
  },
};

function mode(key: "pid" | "ipc" | "uts" | "userns" | "cgroupns"): Valued {
  return (draft, value, use) => {
    const known = new RegExp(`^(?:${modes[draft.engine][key]})?$`).test(value.value);
    if (!known && value.holes.length === 0)
      wrongValue(draft, `a mode such as ${key === "ipc" ? "private" : "host"}`, value, use.written);
    draft.spec[key] = saidPiece(draft, value);
  };
}

/** `memory`, `pids` and `cpus`: zero and below mean no limit; that is said as -1, since an engine may have a default. */
function limit(
  key: "memoryBytes" | "pids" | "cpus",
  parse: (text: string) => number | undefined,
  what: string,
): Valued {
  return (draft, value, use) => {
    const parsed = parse(value.value);
    if (parsed === undefined) {
      if (value.holes.length === 0) wrongValue(draft, what, value, use.written);
      return;
    }
    draft.spec.limits = {
      ...draft.spec.limits,
      [key]: said(draft, parsed <= 0 ? -1 : parsed, positionIn(value)),
    };
  };
}

function parseInteger(value: string): number | undefined {
  return /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
}
function parseDecimal(value: string): number | undefined {
  return /^\d*\.?\d+$/.test(value) ? Number(value) : undefined;
}

/** Docker takes one capability for each flag and refuses a list; Podman and nerdctl split it when they parse it. */
function capability(key: "capAdd" | "capDrop"): Valued {
  return (draft, value, use) => {
    const parts = csvPieces(value);
    if (parts.length > 1)
      wrongValue(draft, "one capability", value, use.written, `repeat ${use.written} for each`);
    for (const part of parts) append(draft, key, saidPiece(draft, part));
  };
}

function healthCommand(draft: Draft, value: Piece, use: FlagUse): void {
  const disabled = draft.engine === "podman" && value.value.toLowerCase() === "none";
  if (value.value === "" || disabled) return;
  append(draft, "operatorActions", said(draft, "exec", use.at));
}

/** Namespaces of a pod belong to its infra container; flags that name a namespace win (podman-run(1), --pod). */
function pod(draft: Draft, value: Piece): void {
  const name = value.value.replace(/^new:/, "");
  const shared = said(draft, `container:${name}-infra`, positionIn(value));
  draft.spec.network ??= shared;
  draft.spec.ipc ??= shared;
  draft.spec.uts ??= shared;
  append(draft, "siblings", { name, through: "network-namespace", detail: `the pod ${name}` });
}

/** `always`; `true` (the default) takes effect only for a container that runs an init program. */
function systemd(draft: Draft, value: Piece): void {
  if (value.value === "always") draft.spec.writableCgroups = said(draft, true, positionIn(value));
  else if (!/^(?:true|false)$/.test(value.value))
    wrongValue(draft, "true, false or always", value, "--systemd");
}

function seccompPolicy(draft: Draft, value: Piece): void {
  if (value.value !== "image" || draft.spec.seccomp) return;
  draft.spec.seccomp = said(
    draft,
    { kind: "profile", name: "of the image", profile: undefined },
    positionIn(value),
  );
}

const valued: Readonly<Record<string, Valued>> = {
  user: text("user"),
  pid: mode("pid"),
  ipc: mode("ipc"),
  uts: mode("uts"),
  cgroupns: mode("cgroupns"),
  userns: mode("userns"),
  "cgroup-parent": text("cgroupParent"),
  runtime: text("runtime"),
  gpus: text("gpus"),
  "cap-add": capability("capAdd"),
  "cap-drop": capability("capDrop"),
  "group-add": (draft, value) => { append(draft, "groupAdd", saidPiece(draft, value)); },
  "security-opt": addSecurityOption,
  "seccomp-policy": seccompPolicy,
  network: addNetwork,
  volume: addVolume,
  mount: addMount,
  tmpfs: addTmpfs,
  "volumes-from": addVolumesFrom,
  device: addDevice,
  "device-cgroup-rule": addDeviceRule,
  sysctl: addSysctl,
  ulimit: addUlimit,
  publish: addPort,
  env: addEnvironment,
  "env-file": addEnvironmentFile,
  secret: addSecret,
  memory: limit("memoryBytes", (value) => (value === "-1" ? -1 : parseBytes(value)), "a size such as 512m or 2g"),
  "pids-limit": limit("pids", parseInteger, "a whole number"),
  cpus: limit("cpus", parseDecimal, "a number such as 1.5"),
  "health-cmd": healthCommand,
  "health-startup-cmd": healthCommand,
  uidmap: addUidMap,
  pod,
  systemd,
}; // prettier-ignore
