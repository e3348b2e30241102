import type { Said } from "../../spec.ts";
import type { Field } from "../read/fields.ts";
import { child, choiceOf, missing, structOf, textOf, wrong } from "../read/fields.ts";

/** A volume that lies on the host. */
export interface HostVolume {
  readonly hostPath?: Said<string> | undefined;
  /** A volume of raw blocks: its device node. */
  readonly blockDevice?: Said<string> | undefined;
}

const hostPathTypes = [
  "",
  "DirectoryOrCreate",
  "Directory",
  "FileOrCreate",
  "File",
  "Socket",
  "CharDevice",
  "BlockDevice",
] as const;

/** The path of a `hostPath` volume source. */
export function hostPathOf(source: Field): Said<string> | undefined {
  choiceOf(child(source, "type"), hostPathTypes);
  return requiredPath(child(source, "path"));
}

/** A path of the host that must be there; the API server refuses one with `..`. */
export function requiredPath(field: Field): Said<string> | undefined {
  const path = textOf(field);
  if (!path?.value) {
    if (path || field.node === undefined) missing(field, "a path of the host");
    return undefined;
  }
  if (path.value.split("/").includes("..")) wrong(field, "a path without ..", "wrong-value");
  return path;
}

/** What a PersistentVolume gives to the pods that claim it, where it lies on the host; nothing for every other kind. */
export function persistentVolume(spec: Field): HostVolume {
  const block = textOf(child(spec, "volumeMode"))?.value === "Block";
  const local = structOf(child(spec, "local"));
  const hostPath = structOf(child(spec, "hostPath"));
  const path = local.node
    ? requiredPath(child(local, "path"))
    : hostPath.node
      ? hostPathOf(hostPath)
      : undefined;
  return block ? { blockDevice: path } : { hostPath: path };
}
