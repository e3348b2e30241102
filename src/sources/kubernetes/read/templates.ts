import type { Node } from "../../../base/document.ts";
import { get, items } from "../../../base/document.ts";
import type { Field } from "./fields.ts";
import { child, childIn, elementsOf, missing, report, structOf, wrong } from "./fields.ts";
import type { ApiObject } from "./objects.ts";

/** A pod as an object describes it. `within` tells several templates of one object apart (`workerGroupSpecs[0]`). */
export interface PodTemplate {
  readonly object: ApiObject;
  readonly metadata: Field;
  readonly spec: Field;
  readonly within: string;
  /** StatefulSet: claims that become volumes of each pod. */
  readonly claimTemplates: Field | undefined;
  /** One of the API's own kinds: what it requires is known. */
  readonly strict: boolean;
}

/** Where the API's own kinds keep their pod template (api/core/v1, apps/v1, batch/v1, apps.openshift.io/v1). */
const places = new Map<string, { readonly groups: readonly string[]; readonly path: readonly string[] }>([
  ["Pod", { groups: [""], path: [] }],
  ["PodTemplate", { groups: [""], path: ["template"] }],
  ["ReplicationController", { groups: [""], path: ["spec", "template"] }],
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map(
    (kind) => [kind, { groups: ["apps", "extensions"], path: ["spec", "template"] }] as const,
  ),
  ["Job", { groups: ["batch"], path: ["spec", "template"] }],
  ["CronJob", { groups: ["batch"], path: ["spec", "jobTemplate", "spec", "template"] }],
  ["DeploymentConfig", { groups: ["", "apps.openshift.io"], path: ["spec", "template"] }],
]);

/** A schema is no workload, and large: a walk through it would find nothing but cost most of the time. */
const neverWorkloads: ReadonlySet<string> = new Set(["CustomResourceDefinition", "ConfigMap", "Secret"]);

const maxDepth = 16;
const maxNodes = 50_000;

/**
 * The pod templates of an object: at their place for the API's own kinds; for every other kind wherever a list
 * `containers` holds images, as custom resources embed pod specifications under names of their own.
 */
export function templatesOf(object: ApiObject): readonly PodTemplate[] {
  const place = places.get(object.kind);
  if (place?.groups.includes(object.group)) return knownTemplate(object, place.path);
  return neverWorkloads.has(object.kind) ? [] : foundTemplates(object);
}

function knownTemplate(object: ApiObject, path: readonly string[]): readonly PodTemplate[] {
  if (isPatch(object)) {
    report(
      object.root,
      "missing-field",
      "passed over: a patch of an object (no selector, no image), not a whole one",
      { severity: "warning", hint: "assess what kustomize build prints" },
    );
    return [];
  }
  let template = object.root;
  for (const key of path) {
    template = structOf(child(template, key));
    if (template.node === undefined) return absent(template);
  }
  const spec = structOf(child(template, "spec"));
  if (spec.node === undefined) return absent(spec);
  const claimTemplates =
    object.kind === "StatefulSet" ? childIn(object.root, "spec", "volumeClaimTemplates") : undefined;
  return [
    {
      object,
      metadata: structOf(child(template, "metadata")),
      spec,
      within: "",
      claimTemplates,
      strict: true,
    },
  ];
}

/** A field that is needed is not there, unless its having the wrong type was reported already. */
function absent(field: Field): readonly PodTemplate[] {
  if (!field.parent || child(field.parent, String(field.key)).node === undefined) missing(field, "a mapping");
  return [];
}

/**
 * A strategic merge patch (kustomize) looks like an object but for what makes it one: apps/v1 requires a selector, and
 * every container an image.
 */
function isPatch({ root, group }: ApiObject): boolean {
  const spec = child(root, "spec");
  if (group !== "apps" || spec.node?.kind !== "map" || child(spec, "selector").node !== undefined)
    return false;
  const pod = childIn(spec, "template", "spec");
  const containers = [...items(child(pod, "containers").node), ...items(child(pod, "initContainers").node)];
  return containers.every((container) => container.kind === "map" && get(container, "image") === undefined);
}

interface Search {
  readonly found: Field[];
  nodes: number;
}

function foundTemplates(object: ApiObject): readonly PodTemplate[] {
  const search: Search = { found: [], nodes: 0 };
  if (!look(object.root, search, 0)) {
    report(
      object.root,
      "internal-limit",
      `expected an object of at most ${String(maxNodes)} values nested at most ${String(maxDepth)} deep, found more`,
      { hint: "what lies beyond was not searched for containers" },
    );
  }
  return search.found.map((spec) => ({
    object,
    metadata: metadataBeside(spec, object),
    spec,
    within: search.found.length > 1 ? placeOf(spec) : "",
    claimTemplates: undefined,
    strict: false,
  }));
}

function metadataBeside(spec: Field, object: ApiObject): Field {
  const metadata = spec.parent && spec.key === "spec" ? child(spec.parent, "metadata") : undefined;
  return metadata?.node?.kind === "map" ? metadata : { ...object.metadata, node: undefined };
}

/** Depth first, in the order of the text; false when a bound was reached. */
function look(field: Field, search: Search, depth: number): boolean {
  const { node } = field;
  if (node === undefined || node.kind === "scalar") return true;
  if (depth > maxDepth || ++search.nodes > maxNodes) return false;
  if (node.kind === "seq")
    return elementsOf(field).reduce((whole, element) => look(element, search, depth + 1) && whole, true);
  if (isPodSpec(node)) {
    search.found.push(field);
    return true;
  }
  let whole = true;
  for (const { key, value } of node.entries.values()) {
    if (value.kind === "scalar" || (depth === 0 && key === "status")) continue;
    whole = look({ node: value, parent: field, key, problems: field.problems }, search, depth + 1) && whole;
  }
  return whole;
}

/** A list `containers` of objects with an image and a name (Knative lets a single container go without a name). */
function isPodSpec(node: Node): boolean {
  const containers = items(get(node, "containers"));
  return containers.some(
    (item) => isText(get(item, "image")) && (containers.length === 1 || isText(get(item, "name"))),
  );
}

function isText(node: Node | undefined): boolean {
  return node?.kind === "scalar" && typeof node.value === "string";
}

/** `spec.workerGroupSpecs[1].template.spec` → `workerGroupSpecs[1]`. */
function placeOf(spec: Field): string {
  const parts: string[] = [];
  for (let current: Field | undefined = spec; current; current = current.parent) {
    const { key, parent } = current;
    if (typeof key === "number") parts.push(`${String(parent?.key)}[${String(key)}]`);
    else if (key !== "" && key !== "spec" && key !== "template" && current.node?.kind !== "seq")
      parts.push(key);
  }
  return parts.reverse().join(".");
}

/** Reports a list that must be there and hold something. */
export function requireContainers(containers: Field): void {
  if (containers.node === undefined) missing(containers, "a list of containers");
  else if (containers.node.kind === "seq" && containers.node.items.length === 0)
    wrong(containers, "at least one container", "wrong-value");
}
