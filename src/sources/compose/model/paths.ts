import { posix } from "node:path";
import type { Entry, MapNode, Node, ScalarNode } from "../../../base/document.ts";
import { asString, get } from "../../../base/document.ts";
import { mapLike, seqLike, withEntry, withText } from "./nodes.ts";

/** Whether a volume's source is a path of the host; anything else names a volume. @see compose-go format/volume.go isFilePath */
export function isHostPath(source: string): boolean {
  return /^(?:[./~]|\\\\|[A-Za-z]:[\\/])/.test(source);
}

/**
 * The sections of `[SOURCE:]TARGET[:MODES]`. A single letter before a colon is a drive of Windows.
 * @see compose-go format/volume.go ParseVolume
 */
export function splitVolume(text: string): readonly string[] {
  if (text.length <= 2) return [text];
  const sections: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && (text[i] !== ":" || (i - start === 1 && /[A-Za-z]/.test(text[start] ?? ""))))
      continue;
    sections.push(text.slice(start, i));
    start = i + 1;
  }
  return sections;
}

/** A path relative to `folder`, seen from the folder that `folder` is relative to. Absolute ones and `~` stay. */
export function moveRelative(path: string, folder: string): string {
  if (/^(?:[/~]|\\\\|[A-Za-z]:[\\/])/.test(path) || path === "") return path;
  const moved = posix.join(folder, path);
  // A source without a leading dot or slash would name a volume.
  return /^[./]/.test(moved) ? moved : `./${moved}`;
}

type Rewrite = (node: Node) => Node;

function text(node: Node, rewrite: (value: string) => string): Node {
  const value = asString(node);
  if (node.kind !== "scalar" || value === undefined) return node;
  const next = rewrite(value);
  return next === value ? node : withText(node, next);
}

function under(node: Node, key: string, rewrite: Rewrite): Node {
  const entry = node.kind === "map" ? node.entries.get(key) : undefined;
  return node.kind === "map" && entry
    ? withEntry(node, key, { ...entry, value: rewrite(entry.value) })
    : node;
}

function each(node: Node, rewrite: Rewrite): Node {
  if (node.kind === "seq") return seqLike(node, node.items.map(rewrite));
  if (node.kind !== "map") return node;
  const entries = new Map<string, Entry>();
  for (const entry of node.entries.values())
    entries.set(entry.key, { ...entry, value: rewrite(entry.value) });
  return mapLike(node, entries);
}

/**
 * A model whose relative paths were written in `folder`, rewritten for the folder that `folder` is relative to.
 * @see compose-go paths/resolve.go
 */
export function relocate(model: MapNode, folder: string): MapNode {
  if (folder === "" || folder === ".") return model;
  const path: Rewrite = (node) => text(node, (value) => moveRelative(value, folder));
  const volume: Rewrite = (node) =>
    node.kind === "scalar" ? shortVolume(node, folder) : longVolume(node, path);
  const envFile: Rewrite = (node) => (node.kind === "map" ? under(node, "path", path) : path(node));
  const envFiles: Rewrite = (node) => (node.kind === "seq" ? each(node, envFile) : envFile(node));
  const container: Rewrite = (node) =>
    under(
      under(node, "volumes", (list) => each(list, volume)),
      "env_file",
      envFiles,
    );
  const service: Rewrite = (node) => {
    const hooks = under(container(node), "pre_start", (list) => each(list, container));
    return under(hooks, "extends", (extended) => under(extended, "file", path));
  };
  const file: Rewrite = (node) => under(node, "file", path);
  let result: Node = model;
  for (const section of ["services", "jobs"])
    result = under(result, section, (services) => each(services, service));
  for (const section of ["secrets", "configs"])
    result = under(result, section, (objects) => each(objects, file));
  result = under(result, "volumes", (volumes) => each(volumes, (node) => driverDevice(node, path)));
  return result.kind === "map" ? result : model;
}

function shortVolume(node: ScalarNode, folder: string): Node {
  return text(node, (value) => {
    const [source = "", ...rest] = splitVolume(value);
    return rest.length > 0 && isHostPath(source) ? [moveRelative(source, folder), ...rest].join(":") : value;
  });
}

function longVolume(node: Node, path: Rewrite): Node {
  return asString(get(node, "type")) === "bind" ? under(node, "source", path) : node;
}

function driverDevice(node: Node, path: Rewrite): Node {
  const options = get(node, "driver_opts");
  return asString(get(options, "o")) === "bind"
    ? under(node, "driver_opts", (map) => under(map, "device", path))
    : node;
}
