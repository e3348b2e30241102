import type { Entry, MapNode, Node } from "../../base/document.ts";
import { asString, describe, get, items } from "../../base/document.ts";
import { expected } from "../../base/problems.ts";
import type { ContainerSpec } from "../spec.ts";
import type { SubjectSpec } from "../types.ts";
import { child, fieldOf, listOf, saidText, say, textOf } from "./fields.ts";
import { containerFields, otherFields } from "./known-fields.ts";
import { mergeNodes } from "./model/merge.ts";
import { mapLike } from "./model/nodes.ts";
import { privilegedHooks } from "./operator.ts";
import type { Project } from "./project.ts";
import type { Container } from "./service.ts";
import { readService } from "./service.ts";
import { mountsOf, resolvedModes, sharesOf } from "./shared.ts";

/**
 * Every container that the project can start: services and jobs (all profiles, unless some were chosen), their `pre_start`
 * containers, and hooks that run privileged, which are a subject of their own since their rights differ.
 */
export function readSubjects(
  project: Project,
  sections: readonly string[],
  firstVersion: boolean,
): readonly SubjectSpec[] {
  const entries = sections.flatMap((section) => entriesIn(project, section, firstVersion));
  const containers = entries.flatMap(({ section, entry }) =>
    readContainer(section, entry, project, firstVersion),
  );
  const byName = new Map(containers.map((container) => [container.name, container]));
  const mounts = mountsOf(byName);
  const mounted = containers.map((container): Container => ({
    ...container,
    spec: { ...container.spec, mounts: mounts.get(container.name) ?? container.spec.mounts },
  }));
  const shares = sharesOf(mounted);
  const places = new Map(entries.map(({ entry }) => [entry.key, entry]));
  return mounted
    .filter(({ node }) => chosen(node, project))
    .flatMap((container) => {
      const siblings = shares.get(container) ?? [];
      const spec: ContainerSpec = {
        ...container.spec,
        ...resolvedModes(container, byName),
        ...(siblings.length > 0 && { siblings }),
      };
      const entry = places.get(container.name);
      const at = entry ? { source: entry.value.source, offset: entry.keyOffset } : container.node;
      const subject: SubjectSpec = {
        name: container.name,
        kind: "compose",
        at,
        image: spec.image?.value ?? null,
        spec,
      };
      return [
        subject,
        ...preStart(container, spec, project, firstVersion),
        ...privilegedExecs(container, spec),
      ];
    });
}

function entriesIn(
  { model, problems }: Project,
  section: string,
  firstVersion: boolean,
): readonly { section: string; entry: Entry }[] {
  const services = firstVersion ? model : get(model, section);
  if (services === undefined || (services.kind === "scalar" && services.value === null)) return [];
  if (services.kind === "map")
    return [...services.entries.values()]
      .filter(({ key }) => !key.startsWith("x-"))
      .map((entry) => ({ section, entry }));
  problems.push({
    code: "wrong-type",
    message: expected(`a mapping of ${section} by name`, describe(services)),
    at: services,
    path: section,
  });
  return [];
}

function readContainer(
  section: string,
  entry: Entry,
  project: Project,
  firstVersion: boolean,
): readonly Container[] {
  const { key, value } = entry;
  const path = `${section}.${key}`;
  if (value.kind !== "map") {
    project.problems.push({
      code: "wrong-type",
      message: expected("a mapping", describe(value)),
      at: { source: value.source, offset: entry.keyOffset },
      path,
    });
    return [];
  }
  // A provider is a program beside Compose that makes something of its own: there is no container to speak of.
  if (get(value, "provider") !== undefined) return [];
  if (!firstVersion) reportUnknown(value, path, project);
  const field = fieldOf(value, path, project.problems);
  return [{ name: key, field, node: value, spec: readService(field, project, firstVersion) }];
}

/** Compose refuses fields that it does not know; a newer release may know them, so this is only a warning. */
function reportUnknown(service: MapNode, path: string, { problems }: Project): void {
  for (const { key, keyOffset, value } of service.entries.values()) {
    if (containerFields.has(key) || otherFields.has(key) || key.startsWith("x-")) continue;
    problems.push({
      code: "unrecognised",
      message: expected("a field of the Compose specification", key),
      at: { source: value.source, offset: keyOffset },
      path: `${path}.${key}`,
      severity: "warning",
    });
  }
}

/** @see Compose specification, 15-profiles.md */
function chosen(service: Node, { context: { profiles } }: Project): boolean {
  const own = items(get(service, "profiles")).flatMap((item) => asString(item) ?? []);
  return (
    profiles.length === 0 ||
    own.length === 0 ||
    profiles.includes("*") ||
    own.some((profile) => profiles.includes(profile))
  );
}

/**
 * Containers that run before a service: the service's own container with the hook's fields over it; the service's volumes
 * are there by volumes_from. @see compose-go loader/normalize.go resolvePreStartHooks
 */
function preStart(
  container: Container,
  spec: ContainerSpec,
  project: Project,
  firstVersion: boolean,
): readonly SubjectSpec[] {
  const base = mapLike(
    container.node,
    new Map([...container.node.entries].filter(([key]) => key !== "volumes" && containerFields.has(key))),
  );
  return listOf(child(container.field, "pre_start")).flatMap((hook, index) => {
    if (hook.node?.kind !== "map") return [];
    const merged = mergeNodes(base, hook.node, ["services", container.name], project.problems);
    const field = fieldOf(merged, hook.path, project.problems);
    const own = readService(field, project, firstVersion);
    const targets = new Set(own.mounts.map(({ target }) => target.value));
    const mounts = [
      ...own.mounts,
      ...spec.mounts.filter(({ target, kind }) => kind !== "tmpfs" && !targets.has(target.value)),
    ];
    const name = `${container.name}/pre_start[${String(index)}]`;
    return [
      { name, kind: "compose", at: hook.at, image: own.image?.value ?? null, spec: { ...own, mounts } },
    ];
  });
}

/**
 * A privileged exec has every capability and no AppArmor profile, in the container's namespaces and with its devices; what it
 * executes comes from the container. @see moby daemon/exec_linux.go execSetPlatformOpt
 */
function privilegedExecs(container: Container, spec: ContainerSpec): readonly SubjectSpec[] {
  if (spec.privileged?.value === true) return [];
  return privilegedHooks(container.field).map(({ name, hook, privileged }): SubjectSpec => {
    const user = saidText(child(hook, "user")) ?? spec.user;
    const rights: Partial<ContainerSpec> = {
      capAdd: [say(privileged, "ALL")],
      capDrop: [],
      apparmor: say(privileged, { kind: "unconfined" }),
      ...(user && { user }),
    };
    return {
      name: `${container.name}/${name}`,
      kind: "compose",
      at: hook.at,
      image: textOf(child(container.field, "image")) ?? null,
      spec: { ...spec, ...rights },
    };
  });
}
