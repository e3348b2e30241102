import { expected } from "../../base/problems.ts";
import { normalisePath } from "../../boundary/paths.ts";
import type { MountRequest, Said } from "../spec.ts";
import type { Draft } from "./draft.ts";
import { append, parseBool, said, saidPiece, warn, wrongValue } from "./draft.ts";
import type { Piece } from "./piece.ts";
import { csvPieces, cutPiece, positionIn, slicePiece, splitPiece } from "./piece.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type MountDraft = Writable<MountRequest>;

const propagations: ReadonlyMap<string, "private" | "slave" | "shared"> = new Map([
  ["private", "private"],
  ["rprivate", "private"],
  ["unbindable", "private"],
  ["runbindable", "private"],
  ["slave", "slave"],
  ["rslave", "slave"],
  ["shared", "shared"],
  ["rshared", "shared"],
]);
const neutralModes = new Set(
  "nocopy copy cached delegated consistent default bind rbind exec noexec dev nodev suid nosuid U chown no-dereference tmpcopyup notmpcopyup noswap".split(
    " ",
  ),
);

/**
 * `-v [SOURCE:]TARGET[:MODES]` and HostConfig.Binds. Docker: docker/cli internal/volumespec and moby
 * volume/mounts/linux_parser.go; Podman: pkg/specgen/volumes.go and containers/common pkg/parse; nerdctl: pkg/mountutil.
 */
export function addVolume(draft: Draft, piece: Piece): void {
  const parts = splitPiece(piece, ":");
  const [first = piece, target, modes] = parts;
  if (parts.length > 3 || parts.some((part) => part.value === "")) {
    wrongValue(draft, "[SOURCE:]TARGET[:MODES]", piece, "--volume");
    if (first.value === "" || !target?.value) return;
  }
  if (!target) {
    draft.mounts.push({ kind: "volume", target: saidPiece(draft, first), readOnly: undefined });
    return;
  }
  const bind = isHostPath(draft, first);
  const mount: MountDraft = {
    kind: bind ? "bind" : "volume",
    ...(bind ? { source: hostPath(draft, first) } : { volume: first.value }),
    target: saidPiece(draft, target),
    readOnly: undefined,
  };
  warnHoles(draft, first, "--volume");
  if (modes) for (const mode of splitPiece(modes, ",")) applyMode(draft, mount, mode);
  draft.mounts.push(mount);
}

/** Whether each engine takes a source for a path of the host; any other source names a volume. */
function isHostPath(draft: Draft, source: Piece): boolean {
  // A variable stands for a path more often than for a volume, and that is also the careful reading.
  if (source.value.startsWith("$") || source.holes.some((hole) => hole.start === 0)) return true;
  if (draft.engine === "nerdctl") return !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source.value);
  return (draft.engine === "docker" ? /^[./~]/ : /^[./]/).test(source.value);
}

/** A path of the host, made absolute as the clients do it; `$HOME/…` and other unknown beginnings stay as they are. */
function hostPath(draft: Draft, path: Piece): Said<string> {
  const { projectDirectory } = draft.context;
  if (projectDirectory === undefined || /^[/$~]/.test(path.value)) return saidPiece(draft, path);
  return said(draft, normalisePath(`${projectDirectory}/${path.value}`), positionIn(path));
}

function warnHoles(draft: Draft, piece: Piece, path: string): void {
  const [hole] = piece.holes;
  if (!hole) return;
  warn(
    draft,
    "unset-variable",
    expected("a value that the text states", `$${hole.name}`),
    positionIn(piece, hole.start),
    path,
  );
}

function applyMode(draft: Draft, mount: MountDraft, mode: Piece): void {
  const { value } = mode;
  const overlay = value === "O" && draft.engine === "podman";
  const propagation = propagations.get(value);
  if (writeModes.has(value) || overlay) mount.readOnly = said(draft, value !== "rw", positionIn(mode));
  else if (value === "z" || value === "Z") mount.relabel = value === "z" ? "shared" : "private";
  else if (propagation) mount.propagation = said(draft, propagation, positionIn(mode));
  else if (!isNeutral(value)) {
    wrongValue(draft, "a volume mode such as ro, rw, z or rslave", mode, "--volume");
    return;
  }
  // An overlay on the host's directory: what the container writes does not reach it.
  if (overlay) mount.fsType = "overlay";
  if (value) mount.options = [...(mount.options ?? []), value];
}

function isNeutral(mode: string): boolean {
  return neutralModes.has(mode) || /^(?:idmap|upperdir=|workdir=|$)/.test(mode);
}
const writeModes = new Set(["ro", "rro", "rw"]);

interface MountFields {
  type: Piece | undefined;
  source: Piece | undefined;
  target: Piece | undefined;
  readOnly: Said<boolean> | undefined;
  propagation: Piece | undefined;
  subPath: string | undefined;
  relabel: "shared" | "private" | undefined;
  readonly driver: Map<string, Piece>;
  readonly options: string[];
}

/**
 * `--mount type=…,source=…,target=…`. Docker: docker/cli opts/mount.go (comma-separated values with quoting); Podman:
 * pkg/specgenutil/volumes.go; nerdctl: pkg/mountutil/mountutil_linux.go. The type defaults to a volume in all three.
 */
export function addMount(draft: Draft, piece: Piece): void {
  const fields: MountFields = {
    type: undefined,
    source: undefined,
    target: undefined,
    readOnly: undefined,
    propagation: undefined,
    subPath: undefined,
    relabel: undefined,
    driver: new Map(),
    options: [],
  };
  for (const field of csvPieces(piece)) readField(draft, fields, field);
  const type = fields.type?.value.toLowerCase() ?? "volume";
  // Podman binds a source onto itself where one of the two is missing.
  const target = fields.target ?? (draft.engine === "podman" && type === "glob" ? fields.source : undefined);
  if (!target?.value) {
    draft.problems.push({
      code: "missing-field",
      message: expected("a target", piece.value),
      at: positionIn(piece),
      path: "--mount",
    });
    return;
  }
  if (fields.source) warnHoles(draft, fields.source, "--mount");
  draft.mounts.push(mountOf(draft, fields, type, target));
}

const fieldReaders: Readonly<Record<string, (draft: Draft, fields: MountFields, value: Piece) => void>> = {
  type: (_draft, fields, value) => { fields.type = value; },
  source: (_draft, fields, value) => { fields.source = value; },
  target: (_draft, fields, value) => { fields.target = value; },
  subpath: (_draft, fields, value) => { fields.subPath = value.value; },
  "bind-propagation": (draft, fields, value) => {
    if (propagations.has(value.value.toLowerCase())) fields.propagation = value;
    else wrongValue(draft, "a propagation such as rprivate, rslave or rshared", value, "--mount");
  },
  relabel: (_draft, fields, value) => { fields.relabel = value.value === "shared" ? "shared" : "private"; },
  "volume-opt": (_draft, fields, value) => {
    const { key, rest } = cutPiece(value, "=");
    fields.driver.set(key.value, rest ?? slicePiece(value, value.value.length));
  },
}; // prettier-ignore
const fieldAliases: ReadonlyMap<string, string> = new Map([
  ["src", "source"],
  ["dst", "target"],
  ["dest", "target"],
  ["destination", "target"],
  ["volume-subpath", "subpath"],
  ["image-subpath", "subpath"],
]);
const neutralFields = /^(?:consistency|bind-nonrecursive|bind-recursive|volume-nocopy|volume-label|volume-driver|tmpfs-size|tmpfs-mode|idmap|title|digest|name|uid|gid|mode|ptmxmode|newinstance|max|readwrite)$/; // prettier-ignore

function readField(draft: Draft, fields: MountFields, field: Piece): void {
  const { key, rest } = cutPiece(field, "=");
  const name = key.value.toLowerCase();
  const canonical = fieldAliases.get(name) ?? name;
  const read = Object.hasOwn(fieldReaders, canonical) ? fieldReaders[canonical] : undefined;
  if (["readonly", "ro", "rro", "rw"].includes(name)) readMode(draft, fields, key, rest);
  else if (read && rest) read(draft, fields, rest);
  else if (neutralFields.test(name)) fields.options.push(field.value);
  else if (draft.engine !== "podman" || !readOption(fields, key)) {
    wrongValue(draft, "a mount field such as type=, source= or target=", field, "--mount");
  }
}

/** Only Podman knows mount options as words of their own. */
function readOption(fields: MountFields, word: Piece): boolean {
  if (propagations.has(word.value)) fields.propagation = word;
  else if (word.value === "z" || word.value === "Z")
    fields.relabel = word.value === "z" ? "shared" : "private";
  else if (neutralModes.has(word.value)) fields.options.push(word.value);
  else return false;
  return true;
}

function readMode(draft: Draft, fields: MountFields, key: Piece, rest: Piece | undefined): void {
  const flag = rest === undefined ? true : parseBool(rest.value);
  if (flag === undefined) {
    wrongValue(draft, "true or false", rest ?? key, `--mount ${key.value}`);
    return;
  }
  const value = key.value.toLowerCase() === "rw" ? !flag : flag;
  // Podman: `ro=false` leaves the default alone; `rw=false` is read-only.
  fields.readOnly = said(draft, value, positionIn(key));
}

function mountOf(draft: Draft, fields: MountFields, type: string, target: Piece): MountRequest {
  const common = commonOf(draft, fields, target);
  const source = fields.source ?? target;
  if (type === "bind") return { kind: "bind", ...common, source: hostPath(draft, source) };
  if (type === "glob")
    return { kind: "bind", ...common, source: globParent(draft, source), options: ["glob"] };
  if (type === "tmpfs" || type === "ramfs") return { kind: "tmpfs", ...common, fsType: type };
  if (type === "volume") return volumeOf(draft, fields, common);
  if (!/^(?:image|devpts|artifact|npipe|cluster)$/.test(type) && fields.type) {
    wrongValue(draft, "a mount type: bind, volume, tmpfs, image, glob or devpts", fields.type, "--mount");
  }
  return { kind: "other", ...common, fsType: type };
}

function commonOf(draft: Draft, fields: MountFields, target: Piece): Omit<MountRequest, "kind"> {
  const common: Omit<MountDraft, "kind"> = { target: saidPiece(draft, target), readOnly: fields.readOnly };
  const propagation = propagations.get(fields.propagation?.value.toLowerCase() ?? "");
  if (propagation && fields.propagation)
    common.propagation = said(draft, propagation, positionIn(fields.propagation));
  if (fields.subPath !== undefined) common.subPath = fields.subPath;
  if (fields.relabel !== undefined) common.relabel = fields.relabel;
  if (fields.options.length > 0) common.options = fields.options;
  return common;
}

/** Every path that a pattern matches lies below its part without wildcards. */
function globParent(draft: Draft, pattern: Piece): Said<string> {
  const wildcard = pattern.value.search(/[*?[]/);
  const path =
    wildcard === -1 ? pattern.value : pattern.value.slice(0, pattern.value.lastIndexOf("/", wildcard)) || "/";
  return hostPath(draft, { ...pattern, value: path });
}

/** A volume of the local driver with `o=bind` and a device is a bind mount of that path (moby volume/local). */
function volumeOf(draft: Draft, fields: MountFields, common: Omit<MountRequest, "kind">): MountRequest {
  const device = fields.driver.get("device");
  const named: MountRequest = {
    kind: "volume",
    ...common,
    ...(fields.source ? { volume: fields.source.value } : {}),
  };
  if (!device) return named;
  const flags = (fields.driver.get("o")?.value ?? "").split(",");
  if (
    flags.some((flag) => flag === "bind" || flag === "rbind") ||
    fields.driver.get("type")?.value === "none"
  ) {
    const readOnly =
      common.readOnly ?? (flags.includes("ro") ? said(draft, true, positionIn(device)) : undefined);
    return { ...named, kind: "bind", readOnly, source: hostPath(draft, device) };
  }
  if (!device.value.startsWith("/dev/")) return named;
  const message = expected("a volume whose contents are known", device.value);
  warn(draft, "missing-reference", message, positionIn(device), "--mount");
  return { ...named, options: [`device=${device.value}`] };
}

/** `--tmpfs TARGET[:OPTIONS]` and HostConfig.Tmpfs. */
export function addTmpfs(draft: Draft, piece: Piece): void {
  const { key, rest } = cutPiece(piece, ":");
  if (!key.value.startsWith("/")) wrongValue(draft, "an absolute path", key, "--tmpfs");
  const options = rest?.value.split(",").filter(Boolean) ?? [];
  const readOnly = options.includes("ro") ? said(draft, true, positionIn(rest ?? key)) : undefined;
  draft.mounts.push({
    kind: "tmpfs",
    target: saidPiece(draft, key),
    readOnly,
    fsType: "tmpfs",
    ...(options.length > 0 ? { options } : {}),
  });
}

/** `--volumes-from CONTAINER[:ro]`. */
export function addVolumesFrom(draft: Draft, piece: Piece): void {
  const { key, rest } = cutPiece(piece, ":");
  const readOnly = rest?.value.split(",").includes("ro") === true;
  draft.volumesFrom.push({ name: key.value, readOnly, at: positionIn(key) });
  append(draft, "siblings", { name: key.value, through: "volume", detail: `the volumes of ${key.value}` });
}
