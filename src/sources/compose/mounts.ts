import { posix } from "node:path";
import { normalisePath } from "../../boundary/paths.ts";
import type { MountRequest } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, listOf, listOrText, say, textOf, wrongType } from "./fields.ts";
import type { Project } from "./project.ts";
import { declaredObject } from "./project.ts";
import { hostPath, readVolume } from "./volumes.ts";

/**
 * What a service asks to have mounted by `volumes`, `tmpfs`, `secrets` and `configs`. Two requests for one target are one:
 * the last counts, and volumes win over secrets and configs.
 * @see compose-go override/uncity.go; docker/compose pkg/compose/create.go fillBindMounts
 */
export function readMounts(service: Field, project: Project): readonly MountRequest[] {
  const mounts = new Map<string, MountRequest>();
  const add = (mount: MountRequest | undefined, wins: boolean): void => {
    if (!mount) return;
    // An engine refuses a relative target; as a path from the root it is at least a place that can be compared.
    const value = normalisePath(mount.target.value);
    if (wins || !mounts.has(value)) mounts.set(value, { ...mount, target: { ...mount.target, value } });
  };
  for (const item of listOf(child(service, "volumes"))) add(readVolume(item, project), true);
  for (const item of listOrText(child(service, "tmpfs"))) add(readTmpfs(item), true);
  for (const section of ["secrets", "configs"] as const) {
    for (const item of listOf(child(service, section))) add(readFileMount(item, section, project), false);
  }
  return [...mounts.values()];
}

function readTmpfs(item: Field): MountRequest | undefined {
  const text = textOf(item, "a path, as TARGET[:OPTIONS]");
  if (text === undefined) return undefined;
  const [target = "", ...rest] = text.split(":");
  const options = rest.join(":").split(",").filter(Boolean);
  return {
    kind: "tmpfs",
    target: say(item, target),
    readOnly: options.includes("ro") ? say(item, true) : undefined,
    fsType: "tmpfs",
    ...(options.length > 0 && { options }),
  };
}

/** A secret or config that a service names, short or long; undefined for what is neither. */
export function grantName(item: Field): { readonly name: string; readonly at: Field } | undefined {
  if (item.node?.kind === "seq") {
    wrongType(item, "a name or a mapping with a source");
    return undefined;
  }
  const at = item.node?.kind === "map" ? child(item, "source") : item;
  const name = textOf(at);
  return name === undefined ? undefined : { name, at };
}

/** A secret or config that comes from a file is that file, bound read-only; others are written into the container. */
function readFileMount(
  item: Field,
  section: "secrets" | "configs",
  project: Project,
): MountRequest | undefined {
  const grant = grantName(item);
  const declared = grant && declaredObject(project, section, grant.name, grant.at);
  if (!declared) return undefined;
  const file = child(declared, "file");
  const path = textOf(file);
  if (path === undefined) return undefined;
  const wanted = item.node?.kind === "map" ? textOf(child(item, "target")) : undefined;
  const folder = section === "secrets" ? "/run/secrets" : "/";
  const target = posix.resolve(folder, wanted ?? grant.name);
  return {
    kind: "bind",
    source: hostPath(file, path, project),
    target: say(item, target),
    readOnly: say(item, true),
  };
}
