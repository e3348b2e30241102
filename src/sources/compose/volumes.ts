import { posix } from "node:path";
import { normalisePath } from "../../boundary/paths.ts";
import type { MountRequest, Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, saidFlag, saidText, say, textOf, wrong } from "./fields.ts";
import { missing } from "./model/loading.ts";
import { templateOf } from "./model/nodes.ts";
import { isHostPath, splitVolume } from "./model/paths.ts";
import type { Project } from "./project.ts";
import { declaredObject } from "./project.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type MountDraft = Writable<MountRequest>;

const propagations: ReadonlyMap<string, "private" | "slave" | "shared"> = new Map([
  ["private", "private"],
  ["rprivate", "private"],
  ["slave", "slave"],
  ["rslave", "slave"],
  ["shared", "shared"],
  ["rshared", "shared"],
]);

/** One item of `volumes`, short or long. @see Compose specification, 05-services.md, "volumes" */
export function readVolume(item: Field, project: Project): MountRequest | undefined {
  if (item.node?.kind === "map") return longVolume(item, project);
  const text = textOf(item, "a volume, as [SOURCE:]TARGET[:MODES] or as a mapping");
  return text === undefined ? undefined : shortVolume(item, text, project);
}

function shortVolume(item: Field, text: string, project: Project): MountRequest | undefined {
  const sections = splitVolume(text);
  const unset = text.startsWith(":") ? unsetSource(item) : undefined;
  const empty = sections.slice(unset === undefined ? 0 : 1).includes("");
  if (sections.length > 3 || empty) {
    wrong(item, "wrong-value", "[SOURCE:]TARGET[:MODES]");
    return undefined;
  }
  const [source = "", target] = sections;
  const mount = withModes(
    { kind: "volume", target: say(item, target ?? source), readOnly: undefined },
    sections[2],
    item,
  );
  if (target === undefined) return mount;
  if (source !== "" && !isHostPath(source)) return namedVolume(mount, source, item, project);
  return { ...mount, kind: "bind", source: unset ? say(item, unset) : hostPath(item, source, project) };
}

/**
 * The source as it was written, where variables without a value have left it empty. It stands for a path more often than
 * for a volume, and that is also the careful reading: a bind of a path that nobody here knows.
 */
function unsetSource({ node }: Field): string | undefined {
  const template = templateOf(node);
  if (template === undefined || template.unset.length === 0) return undefined;
  // Colons within braces belong to a default.
  return /^(?:[^:{}]|\{[^}]*\})*(?=:)/.exec(template.text.slice(0, maxPath))?.[0];
}

/** PATH_MAX of Linux: what is longer is no path. */
const maxPath = 4096;

/** What each mode changes; one that Compose does not know is kept as an option and changes nothing. */
function withModes(mount: MountDraft, modes: string | undefined, item: Field): MountRequest {
  if (modes === undefined) return mount;
  const options = modes.split(",");
  for (const mode of options) {
    const propagation = propagations.get(mode);
    if (mode === "ro" || mode === "rw") mount.readOnly = say(item, mode === "ro");
    else if (mode === "z" || mode === "Z") mount.relabel = relabelling(mode);
    else if (propagation) mount.propagation = say(item, propagation);
  }
  return { ...mount, options };
}

function relabelling(mode: string | undefined): "shared" | "private" | undefined {
  return mode === "z" ? "shared" : mode === "Z" ? "private" : undefined;
}

const types = "a type: bind, volume, tmpfs, image, npipe or cluster";

function longVolume(item: Field, project: Project): MountRequest | undefined {
  const typeField = child(item, "type");
  const type = textOf(typeField);
  const targetField = child(item, "target");
  const target = saidText(targetField);
  if (type === undefined) wrong(typeField, "missing-field", types);
  if (target === undefined) {
    wrong(targetField, "missing-field", "a target");
    return undefined;
  }
  const mount: MountDraft = { kind: "volume", target, readOnly: saidFlag(child(item, "read_only")) };
  readBindOptions(mount, child(item, "bind"));
  mount.subPath = textOf(child(child(item, type === "image" ? "image" : "volume"), "subpath"));
  const source = child(item, "source");
  switch (type) {
    case "bind":
      return bindOf(mount, source, project);
    case "tmpfs":
      return { ...mount, kind: "tmpfs", fsType: "tmpfs" };
    case undefined:
    case "volume": {
      const name = textOf(source);
      return name === undefined ? mount : namedVolume(mount, name, source, project);
    }
    case "image":
    case "npipe":
    case "cluster":
      return { ...mount, kind: "other", fsType: type };
    default:
      wrong(typeField, "wrong-value", types);
      return { ...mount, kind: "other", fsType: type };
  }
}

function bindOf(mount: MountRequest, source: Field, project: Project): MountRequest | undefined {
  const path = textOf(source);
  if (path !== undefined) return { ...mount, kind: "bind", source: hostPath(source, path, project) };
  const written = templateOf(source.node)?.text;
  if (written !== undefined) return { ...mount, kind: "bind", source: say(source, written) };
  wrong(source, "missing-field", "the path of a file or folder of the host");
  return undefined;
}

function readBindOptions(mount: MountDraft, bind: Field): void {
  if (bind.node === undefined) return;
  const field = child(bind, "propagation");
  const mode = textOf(field);
  const propagation = propagations.get(mode ?? "");
  if (propagation) mount.propagation = say(field, propagation);
  else if (mode !== undefined) {
    wrong(field, "wrong-value", "a propagation: rprivate, private, rshared, shared, rslave or slave");
  }
  mount.relabel = relabelling(textOf(child(bind, "selinux")));
  const recursive = textOf(child(bind, "recursive"));
  if (recursive !== undefined) mount.options = [`bind-recursive=${recursive}`];
}

/**
 * A path of the host as the engine gets it: relative ones are taken from the project's folder, `~` from the home of
 * whoever runs Compose. Without a known folder (standard input) the path stays below a name that no host has, with a
 * marker for every step above it: resolved against `/` or an invented folder, `../../etc` would be mistaken for /etc.
 * @see compose-go paths/unix.go maybeUnixPath
 */
export function hostPath(at: Field, path: string, { context }: Project): Said<string> {
  const home = context.environment.get("HOME");
  if (/^~(?:\/|$)/.test(path) && home !== undefined && posix.isAbsolute(home)) {
    return say(at, normalisePath(home + path.slice(1)));
  }
  if (posix.isAbsolute(path)) return say(at, normalisePath(path));
  if (/^(?:~|\\\\|[A-Za-z]:[\\/])/.test(path)) return say(at, path);
  const folder = context.projectDirectory;
  if (folder !== undefined) return say(at, normalisePath(`${folder}/${path}`));
  const marked = posix.normalize(path).replace(/(^|\/)\.\.(?=\/|$)/g, "$1(parent)");
  return say(at, normalisePath(`/$PWD/${marked}`));
}

/**
 * A volume by name. One that the local driver makes by binding a path is that path.
 * @see moby volume/local/local_unix.go; Compose specification, 07-volumes.md
 */
function namedVolume(mount: MountRequest, name: string, at: Field, project: Project): MountRequest {
  const declared = declaredObject(project, "volumes", name, at);
  if (!declared) return { ...mount, volume: name };
  const named = { ...mount, volume: textOf(child(declared, "name")) ?? name };
  const options = child(declared, "driver_opts");
  const device = child(options, "device");
  const path = textOf(device);
  const driver = textOf(child(declared, "driver")) ?? "local";
  return path === undefined || driver !== "local"
    ? named
    : deviceVolume(named, options, device, path, project);
}

function deviceVolume(
  named: MountRequest,
  options: Field,
  device: Field,
  path: string,
  project: Project,
): MountRequest {
  const flags = (textOf(child(options, "o")) ?? "").split(",");
  const fsType = textOf(child(options, "type"));
  const readOnly = flags.includes("ro") ? say(child(options, "o"), true) : named.readOnly;
  if (flags.includes("bind") || flags.includes("rbind") || fsType === "none") {
    return { ...named, kind: "bind", volume: undefined, readOnly, source: hostPath(device, path, project) };
  }
  // A file system on a device of the host, a share of the network, an overlay: what is on it, nobody here can say.
  if (path.startsWith("/dev/") || fsType === "overlay") {
    missing("a volume whose contents are known", path, device.at, device.path, device.problems, "warning");
  }
  return { ...named, readOnly, fsType, options: [...(named.options ?? []), `device=${path}`] };
}
