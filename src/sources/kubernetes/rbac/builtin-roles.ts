import type { Rule } from "./rbac-objects.ts";

const read = ["get", "list", "watch"];
const write = ["create", "update", "patch", "delete", "deletecollection"];

function rule(verbs: readonly string[], groups: readonly string[], ...resources: readonly string[]): Rule {
  return { verbs, groups, resources, names: [] };
}

const view: readonly Rule[] = [
  rule(read, [""], "pods", "pods/log", "namespaces", "serviceaccounts", "configmaps"),
];

const edit: readonly Rule[] = [
  ...view,
  rule(read, [""], "pods/exec", "pods/attach", "pods/proxy", "pods/portforward", "secrets"),
  rule(["impersonate"], [""], "serviceaccounts"),
  rule(
    write,
    [""],
    "pods",
    "pods/exec",
    "pods/attach",
    "replicationcontrollers",
    "serviceaccounts",
    "secrets",
    "configmaps",
  ),
  rule(["create"], [""], "serviceaccounts/token"),
  rule(write, ["apps", "extensions"], "deployments", "statefulsets", "daemonsets", "replicasets"),
  rule(write, ["batch"], "jobs", "cronjobs"),
];

/**
 * The roles for users that every cluster has: of their rules those that bear on what a token gives. Cluster roles labelled
 * `rbac.authorization.k8s.io/aggregate-to-NAME: "true"` add to them.
 * @see kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go (1.34)
 */
export const builtinRoles: ReadonlyMap<string, readonly Rule[]> = new Map([
  ["cluster-admin", [rule(["*"], ["*"], "*")]],
  ["admin", [...edit, rule([...read, ...write], ["rbac.authorization.k8s.io"], "roles", "rolebindings")]],
  ["edit", edit],
  ["view", view],
]);
