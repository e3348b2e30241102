import type { Node } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import type { Said } from "../../spec.ts";
import { child, childIn, flagOf, structOf, textOf } from "../read/fields.ts";
import type { HostVolume } from "./host-volumes.ts";
import { persistentVolume } from "./host-volumes.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import { networkPolicy } from "./network-policy.ts";
import type { ApiObject } from "../read/objects.ts";
import { isApiObject, objectsOf } from "../read/objects.ts";
import type { Binding, Role } from "../rbac/rbac-objects.ts";
import { bindingOf, bindingSubjects, roleOf } from "../rbac/rbac-objects.ts";

export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/**
 * The objects of an input that are no workloads but say more about those, by the keys they are asked for. Keys of objects in
 * a namespace are `namespace/name`; a manifest without a namespace goes where kubectl points, `default` unless told.
 */
interface Index {
  readonly levels: Map<string, Said<PodSecurityLevel>>;
  readonly automount: Map<string, Said<boolean>>;
  readonly roles: Map<string, Role>;
  readonly clusterRoles: Map<string, Role>;
  readonly bindings: Map<string, Binding[]>;
  readonly policies: Map<string, NetworkPolicy[]>;
  readonly volumes: Map<string, HostVolume>;
  readonly volumesByClaim: Map<string, HostVolume>;
  readonly claims: Map<string, string>;
  readonly runtimeHandlers: Map<string, Said<string>>;
  readonly dataKeys: Map<string, readonly Said<string>[]>;
}

/** What the same input says, and after it what lies beside it. */
export type Surroundings = readonly Index[];

/** `namespace/name`, with the namespace that kubectl takes when a manifest names none. */
export function namespaced(namespace: string | undefined, name: string): string {
  return `${namespace ?? "default"}/${name}`;
}

function emptyIndex(): Index {
  return {
    levels: new Map(),
    automount: new Map(),
    roles: new Map(),
    clusterRoles: new Map(),
    bindings: new Map(),
    policies: new Map(),
    volumes: new Map(),
    volumesByClaim: new Map(),
    claims: new Map(),
    runtimeHandlers: new Map(),
    dataKeys: new Map(),
  };
}

type Reader = (object: ApiObject, index: Index) => unknown;

const levels = ["privileged", "baseline", "restricted"] as const;

const readers: Readonly<Record<string, { readonly group: string; readonly read: Reader } | undefined>> = {
  Namespace: {
    group: "",
    read: ({ metadata, name }, index) => {
      const label = textOf(child(structOf(child(metadata, "labels")), "pod-security.kubernetes.io/enforce"));
      const level = levels.find((candidate) => candidate === label?.value);
      if (label && level) index.levels.set(name, { value: level, at: label.at });
    },
  },
  ServiceAccount: {
    group: "",
    read: ({ root, namespace, name }, index) => {
      const automount = flagOf(child(root, "automountServiceAccountToken"));
      if (automount) index.automount.set(namespaced(namespace, name), automount);
    },
  },
  Role: {
    group: "rbac.authorization.k8s.io",
    read: (object, index) => index.roles.set(namespaced(object.namespace, object.name), roleOf(object)),
  },
  ClusterRole: {
    group: "rbac.authorization.k8s.io",
    read: (object, index) => index.clusterRoles.set(object.name, roleOf(object)),
  },
  RoleBinding: { group: "rbac.authorization.k8s.io", read: addBinding },
  ClusterRoleBinding: { group: "rbac.authorization.k8s.io", read: addBinding },
  NetworkPolicy: {
    group: "networking.k8s.io",
    read: (object, index) => {
      append(index.policies, object.namespace ?? "default", networkPolicy(object));
    },
  },
  PersistentVolume: { group: "", read: addVolume },
  PersistentVolumeClaim: {
    group: "",
    read: ({ root, namespace, name }, index) => {
      const volume = textOf(childIn(root, "spec", "volumeName"));
      if (volume) index.claims.set(namespaced(namespace, name), volume.value);
    },
  },
  RuntimeClass: {
    group: "node.k8s.io",
    read: ({ root, name }, index) => {
      const handler = textOf(child(root, "handler"));
      if (handler) index.runtimeHandlers.set(name, handler);
    },
  },
  ConfigMap: { group: "", read: addData },
  Secret: { group: "", read: addData },
};

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function addBinding(object: ApiObject, index: Index): void {
  const binding = bindingOf(object);
  if (binding) for (const subject of bindingSubjects(object)) append(index.bindings, subject, binding);
}

function addVolume({ root, name }: ApiObject, index: Index): void {
  const spec = structOf(child(root, "spec"));
  const volume = persistentVolume(spec);
  index.volumes.set(name, volume);
  const claim = structOf(child(spec, "claimRef"));
  const claimName = textOf(child(claim, "name"));
  if (claimName)
    index.volumesByClaim.set(namespaced(textOf(child(claim, "namespace"))?.value, claimName.value), volume);
}

/** The keys that become variables through envFrom; the values are never looked at. */
function addData({ root, kind, namespace, name }: ApiObject, index: Index): void {
  const keys = ["data", "stringData"].flatMap((key) => {
    const { node } = child(root, key);
    return node?.kind === "map"
      ? [...node.entries.values()].map((entry) => ({
          value: entry.key,
          at: { source: node.source, offset: entry.keyOffset },
        }))
      : [];
  });
  index.dataKeys.set(`${kind}/${namespaced(namespace, name)}`, keys);
}

function indexOf(objects: readonly ApiObject[]): Index | undefined {
  let index: Index | undefined;
  for (const object of objects) {
    const reader = readers[object.kind];
    if (reader?.group !== object.group) continue;
    index ??= emptyIndex();
    reader.read(object, index);
  }
  return index;
}

// The same documents lie beside every file of a folder: they are read once.
const besideRead = new WeakMap<readonly Node[], Index | undefined>();
let lastBeside: { readonly documents: readonly Node[]; readonly index: Index | undefined } | undefined;

function indexBeside(documents: readonly Node[]): Index | undefined {
  if (besideRead.has(documents)) return besideRead.get(documents);
  const same =
    lastBeside?.documents.length === documents.length &&
    lastBeside.documents.every((document, i) => document === documents[i]);
  // Problems in them are reported where their own file is read.
  const unheard: Problem[] = [];
  const index = same ? lastBeside?.index : indexOf(objectsOf(documents.filter(isApiObject), unheard));
  lastBeside = { documents, index };
  besideRead.set(documents, index);
  return index;
}

/** What the objects of an input, and the documents beside it, say about its workloads. */
export function surroundingsOf(own: readonly ApiObject[], beside: readonly Node[]): Surroundings {
  const indexes = [indexOf(own), beside.length === 0 ? undefined : indexBeside(beside)];
  return indexes.filter((index) => index !== undefined);
}

/** The first answer, the input's own before those beside it. */
function first<T>(surroundings: Surroundings, ask: (index: Index) => T | undefined): T | undefined {
  for (const index of surroundings) {
    const answer = ask(index);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The level that a namespace enforces; undefined where its object is not in the input or has no such label. */
export function enforcedLevel(
  surroundings: Surroundings,
  namespace: string | undefined,
): Said<PodSecurityLevel> | undefined {
  return first(surroundings, (index) => index.levels.get(namespace ?? "default"));
}

/** What a service account's object says about its token being mounted. */
export function accountAutomount(
  surroundings: Surroundings,
  namespace: string | undefined,
  account: string,
): Said<boolean> | undefined {
  return first(surroundings, (index) => index.automount.get(namespaced(namespace, account)));
}

/** Where the volume behind a claim lies on the host, when the input has it bound: by volumeName or by claimRef. */
export function volumeBehind(
  surroundings: Surroundings,
  namespace: string | undefined,
  claim: string,
): HostVolume {
  const key = namespaced(namespace, claim);
  const name = first(surroundings, (index) => index.claims.get(key));
  const named = name === undefined ? undefined : first(surroundings, (index) => index.volumes.get(name));
  return named ?? first(surroundings, (index) => index.volumesByClaim.get(key)) ?? {};
}

/** The handler of a RuntimeClass. */
export function runtimeHandler(surroundings: Surroundings, name: string): Said<string> | undefined {
  return first(surroundings, (index) => index.runtimeHandlers.get(name));
}

/** The keys of a ConfigMap or Secret. */
export function dataKeys(
  surroundings: Surroundings,
  kind: "ConfigMap" | "Secret",
  namespace: string | undefined,
  name: string,
): readonly Said<string>[] {
  return first(surroundings, (index) => index.dataKeys.get(`${kind}/${namespaced(namespace, name)}`)) ?? [];
}

/** The network policies of a namespace. */
export function policiesIn(
  surroundings: Surroundings,
  namespace: string | undefined,
): readonly NetworkPolicy[] {
  return surroundings.flatMap((index) => index.policies.get(namespace ?? "default") ?? []);
}

/** The role bindings that name a subject (see `bindingSubjects` for the keys). */
export function bindingsOf(surroundings: Surroundings, subject: string): readonly Binding[] {
  return surroundings.flatMap((index) => index.bindings.get(subject) ?? []);
}

/** A role of a namespace. */
export function roleIn(
  surroundings: Surroundings,
  namespace: string | undefined,
  name: string,
): Role | undefined {
  return first(surroundings, (index) => index.roles.get(namespaced(namespace, name)));
}

/** A cluster role. */
export function clusterRole(surroundings: Surroundings, name: string): Role | undefined {
  return first(surroundings, (index) => index.clusterRoles.get(name));
}

/** Every cluster role of the input: aggregation chooses among them. */
export function clusterRoles(surroundings: Surroundings): readonly Role[] {
  return surroundings.flatMap((index) => [...index.clusterRoles.values()]);
}
