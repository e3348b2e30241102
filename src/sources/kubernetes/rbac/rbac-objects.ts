import type { Position } from "../../../base/location.ts";
import type { Field } from "../read/fields.ts";
import {
  child,
  labelsOf,
  missing,
  positionOf,
  structOf,
  structsOf,
  textOf,
  textsOf,
} from "../read/fields.ts";
import type { ApiObject } from "../read/objects.ts";
import type { Labels, Selector } from "../cluster/selectors.ts";
import { selectorOf } from "../cluster/selectors.ts";

/** One PolicyRule (rbac.authorization.k8s.io/v1). No names: every object of the resource. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
}

/** A Role or ClusterRole. `aggregates`: its rules are those of every cluster role that one of these selects. */
export interface Role {
  readonly rules: readonly Rule[];
  readonly labels: Labels;
  readonly aggregates: readonly Selector[];
}

/** A RoleBinding (`namespace` is a string) or a ClusterRoleBinding (`namespace` is null). */
export interface Binding {
  readonly namespace: string | null;
  readonly role: { readonly kind: string; readonly name: string };
  readonly at: Position;
}

/** Reads the rules of a Role or ClusterRole. */
export function roleOf({ root, metadata }: ApiObject): Role {
  const aggregation = structOf(child(root, "aggregationRule"));
  return {
    rules: structsOf(child(root, "rules")).map(ruleOf),
    labels: labelsOf(child(metadata, "labels")),
    aggregates: structsOf(child(aggregation, "clusterRoleSelectors")).map(selectorOf),
  };
}

function ruleOf(field: Field): Rule {
  const texts = (key: string): readonly string[] => textsOf(child(field, key)).map(({ value }) => value);
  return {
    verbs: texts("verbs"),
    groups: texts("apiGroups"),
    resources: texts("resources"),
    names: texts("resourceNames"),
  };
}

/** Reads a binding's role; undefined (and a problem) when it names none. */
export function bindingOf({ root, kind, namespace }: ApiObject): Binding | undefined {
  const field = child(root, "roleRef");
  const reference = structOf(field);
  const name = textOf(child(reference, "name"));
  if (!name) {
    if (child(reference, "name").node === undefined) missing(child(reference, "name"), "the name of a role");
    return undefined;
  }
  const role = { kind: textOf(child(reference, "kind"))?.value ?? "", name: name.value };
  return {
    namespace: kind === "ClusterRoleBinding" ? null : (namespace ?? "default"),
    role,
    at: positionOf(reference),
  };
}

const accountUser = "system:serviceaccount:";

/**
 * The keys of a binding's subjects: `account:NAMESPACE/NAME` and `account-name:NAME` for a service account, `group:NAME`. A
 * user's name of the form system:serviceaccount:NAMESPACE:NAME is a service account too.
 */
export function bindingSubjects({ root, namespace }: ApiObject): readonly string[] {
  return structsOf(child(root, "subjects")).flatMap((subject) => {
    const name = textOf(child(subject, "name"))?.value;
    return name === undefined ? [] : subjectKeys(subject, name, namespace ?? "default");
  });
}

function subjectKeys(subject: Field, name: string, fallback: string): readonly string[] {
  const kind = textOf(child(subject, "kind"))?.value;
  if (kind === "Group") return [`group:${name}`];
  if (kind === "ServiceAccount")
    return accountKeys(textOf(child(subject, "namespace"))?.value ?? fallback, name);
  if (kind !== "User" || !name.startsWith(accountUser)) return [];
  const [namespace = "", account = ""] = name.slice(accountUser.length).split(":");
  return accountKeys(namespace, account);
}

function accountKeys(namespace: string, name: string): readonly string[] {
  return [`account:${namespace}/${name}`, `account-name:${name}`];
}
