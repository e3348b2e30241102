import type { ClusterRight } from "../../../boundary/boundary.ts";
import type { Rule } from "./rbac-objects.ts";
import type { PodSecurityLevel } from "../cluster/surroundings.ts";

/** Rights that rules give for certain, and those that something else decides. */
export interface Granted {
  readonly held: ReadonlySet<ClusterRight>;
  /** With what decides it. */
  readonly perhaps: ReadonlyMap<ClusterRight, string>;
}

/** What a rule must allow: any of the verbs on any of the resources. `named`: a limit to some objects still gives it. */
interface Need {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  readonly named?: "suffices" | readonly string[];
}

const rbac = "rbac.authorization.k8s.io";

const needs = {
  everything: { verbs: ["*"], group: "*", resources: ["*"] },
  createPods: { verbs: ["create"], group: "", resources: ["pods", "replicationcontrollers"] },
  // A workload's template can be replaced: its name being given does not limit what then runs.
  changeCore: {
    verbs: ["update", "patch"],
    group: "",
    resources: ["replicationcontrollers"],
    named: "suffices",
  },
  createApps: {
    verbs: ["create"],
    group: "apps",
    resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
  },
  changeApps: {
    verbs: ["update", "patch"],
    group: "apps",
    resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
    named: "suffices",
  },
  createJobs: { verbs: ["create"], group: "batch", resources: ["jobs", "cronjobs"] },
  changeJobs: { verbs: ["update", "patch"], group: "batch", resources: ["cronjobs"], named: "suffices" },
  // An ephemeral container brings a security context of its own.
  ephemeral: { verbs: ["update", "patch"], group: "", resources: ["pods/ephemeralcontainers"] },
  exec: { verbs: ["create"], group: "", resources: ["pods/exec"] },
  // exec over WebSocket is a GET, which was enough until AuthorizePodWebsocketUpgradeCreatePermission (1.35).
  execByGet: { verbs: ["get"], group: "", resources: ["pods/exec"] },
  secrets: { verbs: ["get", "list", "watch"], group: "", resources: ["secrets"] },
  logs: { verbs: ["get"], group: "", resources: ["pods/log"] },
  nodesProxy: {
    verbs: ["get", "create", "update", "patch", "delete"],
    group: "",
    resources: ["nodes/proxy"],
  },
  volumes: { verbs: ["create"], group: "", resources: ["persistentvolumes"] },
  namespaces: { verbs: ["update", "patch"], group: "", resources: ["namespaces"] },
  escalate: { verbs: ["escalate"], group: rbac, resources: ["roles", "clusterroles"], named: "suffices" },
  changeRoles: {
    verbs: ["create", "update", "patch"],
    group: rbac,
    resources: ["roles", "clusterroles"],
    named: "suffices",
  },
  bind: {
    verbs: ["bind"],
    group: rbac,
    resources: ["roles", "clusterroles"],
    named: ["cluster-admin", "admin", "edit"],
  },
  changeBindings: {
    verbs: ["create", "update", "patch"],
    group: rbac,
    resources: ["rolebindings", "clusterrolebindings"],
    named: "suffices",
  },
  changeClusterBindings: {
    verbs: ["create", "update", "patch"],
    group: rbac,
    resources: ["clusterrolebindings"],
    named: "suffices",
  },
  impersonate: {
    verbs: ["impersonate"],
    group: "",
    resources: ["users", "groups", "serviceaccounts"],
    named: ["system:masters"],
  },
  impersonateSome: {
    verbs: ["impersonate"],
    group: "",
    resources: ["users", "groups", "serviceaccounts"],
    named: "suffices",
  },
  tokens: { verbs: ["create"], group: "", resources: ["serviceaccounts/token"] },
  someTokens: { verbs: ["create"], group: "", resources: ["serviceaccounts/token"], named: "suffices" },
  execSome: { verbs: ["create"], group: "", resources: ["pods/exec"], named: "suffices" },
  requestApproval: {
    verbs: ["update", "patch"],
    group: "certificates.k8s.io",
    resources: ["certificatesigningrequests/approval"],
  },
  approveSigner: {
    verbs: ["approve"],
    group: "certificates.k8s.io",
    resources: ["signers"],
    named: "suffices",
  },
} as const satisfies Record<string, Need>;

/** @see kubernetes pkg/apis/rbac/v1/evaluation_helpers.go: VerbMatches, APIGroupMatches, ResourceMatches, ResourceNameMatches */
function covers(rule: Rule, need: Need): boolean {
  const { verbs, groups, resources } = rule;
  if (!groups.includes("*") && !groups.includes(need.group)) return false;
  if (!verbs.includes("*") && !need.verbs.some((verb) => verbs.includes(verb))) return false;
  if (!resources.includes("*") && !need.resources.some((resource) => listed(resources, resource)))
    return false;
  if (rule.names.length === 0 || need.named === "suffices") return true;
  return need.named?.some((name) => rule.names.includes(name)) ?? false;
}

function listed(resources: readonly string[], resource: string): boolean {
  if (resources.includes(resource)) return true;
  const slash = resource.indexOf("/");
  return slash !== -1 && resources.includes(`*${resource.slice(slash)}`);
}

type Allows = (...names: readonly (keyof typeof needs)[]) => boolean;

function allower(rules: readonly Rule[]): Allows {
  return (...names) => names.some((name) => rules.some((rule) => covers(rule, needs[name])));
}

const workloads = [
  "createPods",
  "changeCore",
  "createApps",
  "changeApps",
  "createJobs",
  "changeJobs",
  "ephemeral",
] as const;

/** Rights that mean the same in one namespace as in all. */
function commonRights(allows: Allows): ClusterRight[] {
  const rights: ClusterRight[] = [];
  if (allows(...workloads)) rights.push("create-workloads");
  if (allows("exec", "ephemeral")) rights.push("exec-into-pods");
  if (allows("secrets")) rights.push("read-secrets");
  if (allows("logs")) rights.push("read-pod-logs");
  if (allows("namespaces")) rights.push("patch-namespaces");
  return rights;
}

/** What rules that hold in every namespace, and for what is in none, let a token do. */
export function clusterRights(rules: readonly Rule[]): Granted {
  const allows = allower(rules);
  if (allows("everything")) return { held: new Set(["cluster-admin"]), perhaps: new Map() };
  const held = new Set(commonRights(allows));
  if (held.has("create-workloads")) held.add("create-privileged-workloads");
  if (allows("nodesProxy")) held.add("nodes-proxy");
  if (allows("volumes")) held.add("create-persistent-volumes");
  if (escalatesClusterWide(allows)) held.add("escalate-rights");
  return { held, perhaps: leadsElsewhere(allows, held) };
}

/** Every way to rights that one does not have: kubernetes.io/docs/concepts/security/rbac-good-practices. */
function escalatesClusterWide(allows: Allows): boolean {
  return (
    (allows("escalate") && allows("changeRoles")) ||
    (allows("bind") && allows("changeBindings", "changeClusterBindings")) ||
    allows("impersonate", "tokens") ||
    (allows("requestApproval") && allows("approveSigner"))
  );
}

/** What is decided elsewhere: acting as one service account, or in one pod, leads as far as its rights do. */
function leadsElsewhere(allows: Allows, held: ReadonlySet<ClusterRight>): Map<ClusterRight, string> {
  const perhaps = new Map<ClusterRight, string>();
  if (allows("impersonateSome", "someTokens"))
    perhaps.set(
      "escalate-rights",
      "the rights of the service accounts that it may act as decide whether it can raise its own",
    );
  if (allows("execSome")) perhaps.set("exec-into-pods", "the pods that it may exec into are limited by name");
  if (allows("execByGet"))
    perhaps.set("exec-into-pods", "before Kubernetes 1.35 the right to get pods/exec was enough to exec");
  for (const right of held) perhaps.delete(right);
  return perhaps;
}

/**
 * What rules that hold in one namespace let a token do there. Whoever may raise rights in it has every right in it, but none
 * beyond, unless one of its service accounts has.
 */
export function namespaceRights(
  rules: readonly Rule[],
  namespace: string,
  level: PodSecurityLevel | undefined,
): Granted {
  const allows = allower(rules);
  const raises =
    (allows("escalate") && allows("changeRoles")) || (allows("bind") && allows("changeBindings"));
  const all: readonly ClusterRight[] = [
    "create-workloads",
    "exec-into-pods",
    "read-secrets",
    "read-pod-logs",
  ];
  const held = new Set<ClusterRight>([...commonRights(allows), ...(raises ? all : [])]);
  // Accounts with every right live there (clusterrole-aggregation-controller and other controllers).
  if (namespace === "kube-system" && allows("impersonate", "tokens")) held.add("escalate-rights");
  const perhaps = leadsElsewhere(allows, held);
  if (held.has("create-workloads")) {
    if (level === "privileged" || held.has("patch-namespaces")) held.add("create-privileged-workloads");
    else if (level === undefined)
      perhaps.set(
        "create-privileged-workloads",
        `the input does not show which pod-security level namespace ${namespace} enforces`,
      );
  }
  return { held, perhaps };
}
