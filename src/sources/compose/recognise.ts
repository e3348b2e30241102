import { posix } from "node:path";
import type { MapNode, Node } from "../../base/document.ts";
import { get, isNull, items } from "../../base/document.ts";
import type { Recognisable } from "../types.ts";

/** @see Compose specification, schema/compose-spec.json, top-level properties */
const sections = new Set([
  "version",
  "name",
  "include",
  "services",
  "models",
  "networks",
  "volumes",
  "secrets",
  "configs",
  "jobs",
]);

/** One of these in a service tells it from a service of any other format. */
const telling = [
  "build",
  "extends",
  "provider",
  "container_name",
  "network_mode",
  "depends_on",
  "env_file",
  "cap_add",
  "security_opt",
  "healthcheck",
];
/** These are Compose's too, but other formats have some of them: two are needed. */
const common = ["command", "entrypoint", "environment", "ports", "volumes", "networks", "restart", "deploy", "labels", "expose", "secrets", "configs", "privileged", "user", "logging", "profiles", "devices", "tmpfs", "ulimits"]; // prettier-ignore

/** `compose.yaml`, `docker-compose.prod.yml`, `local.compose.yml` ... */
export function isComposeName(file: string): boolean {
  return /(?:^|[._-])compose(?:[._-][^/]*)?\.(?:ya?ml|json)$/i.test(posix.basename(file));
}

/**
 * Whether a document is a Compose file: `services` with something that only Compose services have, or `include` of Compose
 * files. The name only helps where the contents are malformed or of the first version, which has no `services`.
 */
export function recognises({ file, document }: Recognisable): boolean {
  if (document.kind !== "map" || get(document, "apiVersion") !== undefined) return false;
  const named = isComposeName(file);
  const services = get(document, "services");
  if (named && (services !== undefined || isFirstVersion(document))) return true;
  if (![...document.entries.keys()].every((key) => sections.has(key) || key.startsWith("x-"))) return false;
  if (services !== undefined) return services.kind === "map" && holdsServices(services);
  return named
    ? ["jobs", "include"].some((key) => get(document, key) !== undefined)
    : includesCompose(document);
}

function holdsServices(services: MapNode): boolean {
  const values = [...services.entries.values()].map((entry) => entry.value);
  if (!values.every((value) => value.kind === "map" || isNull(value))) return false;
  return values.some((value) => {
    if (get(value, "image")?.kind === "scalar" && !isNull(get(value, "image"))) return true;
    return (
      telling.some((key) => get(value, key) !== undefined) ||
      common.filter((key) => get(value, key) !== undefined).length >= 2
    );
  });
}

function includesCompose(document: Node): boolean {
  const list = items(get(document, "include"));
  return (
    list.length > 0 &&
    list.every((item) =>
      item.kind === "scalar"
        ? typeof item.value === "string" && isComposeName(item.value)
        : get(item, "path") !== undefined,
    )
  );
}

/** Version 1: the services stand at the top. @see docs.docker.com/reference/compose-file/legacy-versions */
export function isFirstVersion(document: Node): boolean {
  if (document.kind !== "map" || [...document.entries.keys()].some((key) => sections.has(key))) return false;
  const values = [...document.entries.values()].map((entry) => entry.value);
  return (
    values.length > 0 &&
    values.every((value) => value.kind === "map") &&
    values.some((value) => get(value, "image")?.kind === "scalar" || get(value, "build") !== undefined)
  );
}
