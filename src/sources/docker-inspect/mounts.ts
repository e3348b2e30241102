import { expected } from "../../base/problems.ts";
import type { Draft } from "../command-line/draft.ts";
import { append, said } from "../command-line/draft.ts";
import { pieceAt } from "../command-line/piece.ts";
import { addTmpfs, addVolume } from "../command-line/volumes.ts";
import type { Field } from "../oci/fields.ts";
import { elements, entriesOf, field, flagOf, textOf, textsOf } from "../oci/fields.ts";
import type { MountRequest } from "../spec.ts";

/**
 * The mounts of a container. The top-level `Mounts` is what the engine resolved: sources, modes, and what came with
 * `--volumes-from`. `HostConfig.Binds` and `HostConfig.Mounts` are the request, and fill in what is not resolved there.
 */
export function readMounts(draft: Draft, root: Field, host: Field): void {
  for (const item of elements(field(root, "Mounts"))) addMountPoint(draft, item);
  const seen = new Set(draft.mounts.map((mount) => mount.target.value));
  for (const { value, at } of textsOf(field(host, "Binds"))) {
    const before = draft.mounts.length;
    addVolume(draft, pieceAt(value, at));
    dropSeen(draft, before, seen);
  }
  for (const item of elements(field(host, "Mounts"))) {
    const before = draft.mounts.length;
    addMountPoint(draft, item);
    if (!replaceBound(draft, before)) dropSeen(draft, before, seen);
  }
  for (const { key, at, value } of entriesOf(field(host, "Tmpfs"))) {
    const options = textOf(value);
    if (!seen.has(key)) addTmpfs(draft, pieceAt(options ? `${key}:${options}` : key, at));
  }
  for (const { value } of textsOf(field(host, "VolumesFrom"))) {
    const [name = value] = value.split(":");
    append(draft, "siblings", { name, through: "volume", detail: `the volumes of ${name}` });
  }
}

function dropSeen(draft: Draft, from: number, seen: Set<string>): void {
  for (const mount of draft.mounts.splice(from)) {
    if (seen.has(mount.target.value)) continue;
    seen.add(mount.target.value);
    draft.mounts.push(mount);
  }
}

/**
 * A volume whose options make it a bind of a host path shows only the engine's own folder among the resolved mounts: the
 * request knows better, and takes the place of what was resolved for the same target.
 */
function replaceBound(draft: Draft, index: number): boolean {
  const request = draft.mounts[index];
  if (request?.kind !== "bind" || request.volume === undefined) return false;
  const resolved = draft.mounts.findIndex((mount) => mount.target.value === request.target.value);
  if (resolved < index) draft.mounts.splice(resolved, 1);
  return true;
}

const propagations: ReadonlyMap<string, "private" | "slave" | "shared"> = new Map([
  ["private", "private"],
  ["rprivate", "private"],
  ["slave", "slave"],
  ["rslave", "slave"],
  ["shared", "shared"],
  ["rshared", "shared"],
]);

/** A mount point (`Destination`, `RW`) or a mount request (`Target`, `ReadOnly`), which share their other fields. */
function addMountPoint(draft: Draft, item: Field): void {
  const target = firstText(field(item, "Destination"), field(item, "Target"));
  if (!target) {
    draft.problems.push({
      code: "missing-field",
      message: "expected a Destination, found nothing",
      at: item.at,
      path: item.path,
    });
    return;
  }
  const type = textOf(field(item, "Type")) ?? "bind";
  const source = field(item, "Source");
  const path = textOf(source);
  const options = textsOf(field(item, "Options")).map(({ value }) => value);
  const mode = (textOf(field(item, "Mode")) ?? "").split(",").concat(options);
  const common: Omit<MountRequest, "kind"> = {
    target: said(draft, target.value, target.at),
    readOnly: readOnly(draft, item),
    ...propagationOf(draft, item),
    ...relabel(mode),
  };
  const at = path ? { source: said(draft, path, source.at) } : {};
  if (type === "bind") draft.mounts.push({ kind: "bind", ...common, ...at });
  else if (type === "volume")
    draft.mounts.push(volumeMount(draft, item, common, path?.startsWith("/") ? at : {}));
  else if (type === "tmpfs") draft.mounts.push({ kind: "tmpfs", ...common, fsType: "tmpfs" });
  else draft.mounts.push({ kind: "other", ...common, fsType: type });
}

/** With the local driver's `o=bind` and a device, a volume is a bind of that path (moby volume/local). */
function volumeMount(
  draft: Draft,
  item: Field,
  common: Omit<MountRequest, "kind">,
  at: Pick<MountRequest, "source">,
): MountRequest {
  const named = volume(item, textOf(field(item, "Source")));
  const options = field(item, "VolumeOptions", "DriverConfig", "Options");
  const device = field(options, "device");
  const path = textOf(device);
  const flags = (textOf(field(options, "o")) ?? "").split(",");
  const bound =
    flags.includes("bind") || flags.includes("rbind") || textOf(field(options, "type")) === "none";
  if (!path || !bound) return { kind: "volume", ...common, ...named, ...at };
  const readOnly = common.readOnly?.value === true || flags.includes("ro");
  return {
    kind: "bind",
    ...common,
    ...named,
    source: said(draft, path, device.at),
    readOnly: said(draft, readOnly, device.at),
  };
}

/** A resolved volume has a name and the path of its data; a requested one has its name as the source. */
function volume(item: Field, path: string | undefined): Pick<MountRequest, "volume"> {
  const name = textOf(field(item, "Name")) || (path?.startsWith("/") ? undefined : path);
  return name ? { volume: name } : {};
}

function firstText(...fields: readonly Field[]): { value: string; at: Field["at"] } | undefined {
  for (const of of fields) {
    const value = textOf(of);
    if (value) return { value, at: of.at };
  }
  return undefined;
}

function readOnly(draft: Draft, item: Field): MountRequest["readOnly"] {
  const writable = flagOf(field(item, "RW"));
  if (writable !== undefined) return said(draft, !writable, field(item, "RW").at);
  const requested = flagOf(field(item, "ReadOnly"));
  return requested === undefined ? undefined : said(draft, requested, field(item, "ReadOnly").at);
}

function propagationOf(draft: Draft, item: Field): Pick<MountRequest, "propagation"> {
  const of = [field(item, "Propagation"), field(item, "BindOptions", "Propagation")].find((one) =>
    textOf(one),
  );
  const value = of && textOf(of);
  if (!of || !value) return {};
  const propagation = propagations.get(value);
  if (propagation) return { propagation: said(draft, propagation, of.at) };
  draft.problems.push({
    code: "wrong-value",
    message: expected("a propagation such as rprivate", value),
    at: of.at,
    path: of.path,
  });
  return {};
}

function relabel(mode: readonly string[]): Pick<MountRequest, "relabel"> {
  if (mode.includes("Z")) return { relabel: "private" };
  return mode.includes("z") ? { relabel: "shared" } : {};
}
