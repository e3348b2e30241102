import { describe, expect, test } from "vitest";
import type { ClusterRight } from "../../../src/boundary/boundary.ts";
import type { Fact } from "../../../src/boundary/fact.ts";
import { container, pod, read } from "./read.ts";

const api = "apiVersion: rbac.authorization.k8s.io/v1";
const role = (name: string, rules: string, more = ""): string =>
  `---\n{${api}, kind: ClusterRole, metadata: {name: ${name}${more}}, rules: [${rules}]}\n`;
const roleInNamespace = (name: string, rules: string, namespace: string): string =>
  `---\n{${api}, kind: Role, metadata: {name: ${name}, namespace: ${namespace}}, rules: [${rules}]}\n`;
const me = "{kind: ServiceAccount, name: a, namespace: n}";
const everywhere = (name: string, subjects = me): string =>
  `---\n{${api}, kind: ClusterRoleBinding, metadata: {name: b}, subjects: [${subjects}], roleRef: {kind: ClusterRole, name: ${name}}}\n`;
const inNamespace = (name: string, namespace = "n", kind = "ClusterRole", subjects = me): string =>
  `---\n{${api}, kind: RoleBinding, metadata: {name: b, namespace: ${namespace}}, subjects: [${subjects}], roleRef: {kind: ${kind}, name: ${name}}}\n`;
const level = (namespace: string, value: string): string =>
  `---\n{apiVersion: v1, kind: Namespace, metadata: {name: ${namespace}, labels: {pod-security.kubernetes.io/enforce: ${value}}}}\n`;
const rule = (
  verbs: string,
  resources: string,
  { group = '""', names = "" }: { group?: string; names?: string } = {},
): string =>
  `{verbs: [${verbs}], apiGroups: [${group}], resources: [${resources}]${names === "" ? "" : `, resourceNames: [${names}]`}}`;
const star = '"*"';
const rbac = "rbac.authorization.k8s.io";

/** The rights of the account n/a: what is known, or `[least]..[most]`, or `unknown`. */
function rights(more: string, beside = ""): string {
  const text = pod("serviceAccountName: a\ncontainers: [{name: c, image: i}]", "namespace: n");
  return shown(read(text + more, { beside }).spec("Pod/n/p/c").rights);
}

function shown(fact: Fact<readonly ClusterRight[]> | undefined): string {
  if (fact === undefined) return "absent";
  if (fact.known) return fact.value.join(" ");
  return fact.candidates ? fact.candidates.map((list) => `[${list.join(" ")}]`).join("..") : "unknown";
}

describe("rules that hold in the whole cluster", () => {
  test.each([
    ["every verb on everything", rule(star, star, { group: star }), "cluster-admin"],
    [
      "every verb on everything of the core group",
      rule(star, star),
      "create-persistent-volumes create-privileged-workloads create-workloads escalate-rights exec-into-pods nodes-proxy patch-namespaces read-pod-logs read-secrets",
    ],
    ["creating pods", rule("create", "pods"), "create-privileged-workloads create-workloads"],
    [
      "creating deployments",
      rule("create", "deployments", { group: "apps" }),
      "create-privileged-workloads create-workloads",
    ],
    [
      "changing one deployment",
      rule("patch", "deployments", { group: "apps", names: "web" }),
      "create-privileged-workloads create-workloads",
    ],
    ["creating by name is never granted", rule("create", "pods", { names: "web" }), ""],
    ["changing a pod changes little", rule("patch", "pods"), ""],
    [
      "adding ephemeral containers",
      rule("patch", "pods/ephemeralcontainers"),
      "create-privileged-workloads create-workloads exec-into-pods",
    ],
    ["exec", rule("create", "pods/exec"), "exec-into-pods"],
    ["exec by any subresource rule", rule("create", '"*/exec"'), "exec-into-pods"],
    ["exec by GET", rule("get", "pods/exec"), "[]..[exec-into-pods]"],
    ["exec into one pod", rule("create", "pods/exec", { names: "x" }), "[]..[exec-into-pods]"],
    ["pods/* is no pattern", rule(star, '"pods/*"'), ""],
    ["listing secrets", rule("list", "secrets"), "read-secrets"],
    ["one secret by name", rule("get", "secrets", { names: "tls" }), ""],
    ["secrets of another group", rule("get", "secrets", { group: "example.org" }), ""],
    ["logs", rule("get", "pods/log"), "read-pod-logs"],
    ["reading pods", rule("get, list, watch", "pods, configmaps"), ""],
    ["the kubelet's API", rule("get", "nodes/proxy"), "nodes-proxy"],
    ["persistent volumes", rule("create", "persistentvolumes"), "create-persistent-volumes"],
    ["labels of namespaces", rule("patch", "namespaces"), "patch-namespaces"],
    ["tokens of every account", rule("create", "serviceaccounts/token"), "escalate-rights"],
    [
      "tokens of one account",
      rule("create", "serviceaccounts/token", { names: "x" }),
      "[]..[escalate-rights]",
    ],
    ["acting as anybody", rule("impersonate", "users, groups"), "escalate-rights"],
    [
      "acting as the masters",
      rule("impersonate", "groups", { names: '"system:masters"' }),
      "escalate-rights",
    ],
    ["acting as one user", rule("impersonate", "users", { names: "bob" }), "[]..[escalate-rights]"],
    [
      "escalate, with roles to change",
      rule("escalate, update", "clusterroles", { group: rbac }),
      "escalate-rights",
    ],
    ["escalate alone", rule("escalate", "clusterroles", { group: rbac }), ""],
    [
      "bind, with bindings to make",
      `${rule("bind", "clusterroles", { group: rbac })}, ${rule("create", "clusterrolebindings", { group: rbac })}`,
      "escalate-rights",
    ],
    [
      "bind of a harmless role",
      `${rule("bind", "clusterroles", { group: rbac, names: "view" })}, ${rule("create", "clusterrolebindings", { group: rbac })}`,
      "",
    ],
    ["bindings alone", rule("create", "clusterrolebindings", { group: rbac }), ""],
    [
      "approving certificates",
      `${rule("update", "certificatesigningrequests/approval", { group: "certificates.k8s.io" })}, ${rule("approve", "signers", { group: "certificates.k8s.io" })}`,
      "escalate-rights",
    ],
    ["nothing", "", ""],
  ])("%s", (_name, rules, want) => {
    expect(rights(role("r", rules) + everywhere("r"))).toBe(want);
  });
});

describe("rules that hold in one namespace", () => {
  const pods = rule("create", "pods");
  test.each([
    [
      "unlabelled: the cluster's default decides",
      inNamespace("r"),
      "[create-workloads]..[create-privileged-workloads create-workloads]",
    ],
    ["baseline", inNamespace("r") + level("n", "baseline"), "create-workloads"],
    ["restricted", inNamespace("r") + level("n", "restricted"), "create-workloads"],
    [
      "privileged",
      inNamespace("r") + level("n", "privileged"),
      "create-privileged-workloads create-workloads",
    ],
    [
      "another namespace's level does not matter",
      inNamespace("r") + level("m", "baseline"),
      "[create-workloads]..[create-privileged-workloads create-workloads]",
    ],
    [
      "two namespaces, one of them privileged",
      inNamespace("r") + inNamespace("r", "m") + level("n", "baseline") + level("m", "privileged"),
      "create-privileged-workloads create-workloads",
    ],
    [
      "cluster-wide, whatever one namespace enforces",
      everywhere("r") + level("n", "restricted"),
      "create-privileged-workloads create-workloads",
    ],
  ])("%s", (_name, more, want) => {
    expect(rights(role("r", pods) + more)).toBe(want);
  });

  test.each([
    ["nodes are in no namespace", rule("get", "nodes/proxy"), ""],
    ["persistent volumes are in no namespace", rule("create", "persistentvolumes"), ""],
    ["its own namespace's labels", rule("patch", "namespaces"), "patch-namespaces"],
    [
      "whoever may relabel it may create privileged workloads",
      `${rule("patch", "namespaces")}, ${rule("create", "pods")}`,
      "create-privileged-workloads create-workloads patch-namespaces",
    ],
    [
      "raising rights leads to every right in it",
      rule("escalate, update", "roles", { group: rbac }),
      "create-workloads exec-into-pods read-pod-logs read-secrets",
    ],
  ])("%s", (_name, rules, want) => {
    expect(
      rights(roleInNamespace("r", rules, "n") + inNamespace("r", "n", "Role") + level("n", "baseline")),
    ).toBe(want);
  });

  test("a role of another namespace is another role", () => {
    expect(rights(roleInNamespace("r", rule("get", "secrets"), "m") + inNamespace("r", "n", "Role"))).toBe(
      "[]..[cluster-admin]",
    );
  });

  test("tokens in kube-system lead everywhere", () => {
    expect(rights(role("r", rule("create", "serviceaccounts/token")) + inNamespace("r", "kube-system"))).toBe(
      "escalate-rights",
    );
    expect(rights(role("r", rule("create", "serviceaccounts/token")) + inNamespace("r", "n"))).toBe(
      "[]..[escalate-rights]",
    );
  });
});

describe("whose rights", () => {
  const secrets = role("r", rule("get", "secrets"));
  test.each([
    ["nothing binds the account", "", "unknown"],
    [
      "something binds another",
      secrets + everywhere("r", "{kind: ServiceAccount, name: b, namespace: n}"),
      "unknown",
    ],
    [
      "something binds the same name elsewhere",
      secrets + everywhere("r", "{kind: ServiceAccount, name: a, namespace: m}"),
      "unknown",
    ],
    [
      "every service account",
      secrets + everywhere("r", '{kind: Group, name: "system:serviceaccounts"}'),
      "read-secrets",
    ],
    [
      "every service account of the namespace",
      secrets + everywhere("r", '{kind: Group, name: "system:serviceaccounts:n"}'),
      "read-secrets",
    ],
    [
      "those of another namespace",
      secrets + everywhere("r", '{kind: Group, name: "system:serviceaccounts:m"}'),
      "unknown",
    ],
    ["everybody", secrets + everywhere("r", '{kind: Group, name: "system:authenticated"}'), "read-secrets"],
    [
      "the account as a user",
      secrets + everywhere("r", '{kind: User, name: "system:serviceaccount:n:a"}'),
      "read-secrets",
    ],
    ["a user", secrets + everywhere("r", "{kind: User, name: a}"), "unknown"],
    ["a role that is not in the input", everywhere("missing"), "[]..[cluster-admin]"],
    [
      "a role that is not, beside one that is",
      secrets + everywhere("missing") + everywhere("r"),
      "[read-secrets]..[cluster-admin]",
    ],
    ["cluster-admin", everywhere("cluster-admin"), "cluster-admin"],
    [
      "cluster-admin beside a role that is not in the input",
      everywhere("missing") + everywhere("cluster-admin"),
      "cluster-admin",
    ],
    ["view", everywhere("view"), "read-pod-logs"],
    [
      "edit",
      everywhere("edit"),
      "create-privileged-workloads create-workloads escalate-rights exec-into-pods read-pod-logs read-secrets",
    ],
    [
      "a role aggregated from labels",
      `---\n{${api}, kind: ClusterRole, metadata: {name: agg}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {x: y}}]}, rules: []}\n${role("r", rule("get", "secrets"), ", labels: {x: y}")}${everywhere("agg")}`,
      "read-secrets",
    ],
    [
      "a role that adds to view",
      role("r", rule("get", "secrets"), `, labels: {${rbac}/aggregate-to-view: "true"}`) + everywhere("view"),
      "read-pod-logs read-secrets",
    ],
  ])("%s", (_name, more, want) => {
    expect(rights(more)).toBe(want);
  });

  test("objects of other files of the folder count", () => {
    expect(rights("", `${secrets}${everywhere("r")}`.slice(4))).toBe("read-secrets");
  });

  test("the fact is named for the account", () => {
    const fact = read(container("")).spec("Pod/p/c").rights;
    expect(fact?.known === false && fact.fact).toBe("kubernetes.rbac:default/default");
  });

  describe("a manifest that names no namespace", () => {
    const unspecified = (more: string): string =>
      shown(read(container("", "serviceAccountName: a") + more).spec("Pod/p/c").rights);
    test.each([
      [
        "bound in the namespace default",
        secrets + everywhere("r", "{kind: ServiceAccount, name: a, namespace: default}"),
        "read-secrets",
      ],
      [
        "bound without a namespace, too",
        secrets + inNamespace("r", "default", "ClusterRole", "{kind: ServiceAccount, name: a}"),
        "read-secrets",
      ],
      ["bound in some other namespace", secrets + everywhere("r"), "[]..[read-secrets]"],
    ])("%s", (_name, more, want) => {
      expect(unspecified(more)).toBe(want);
    });
  });
});
