import type { Position } from "../../../base/location.ts";
import type { ClusterRight } from "../../../boundary/boundary.ts";
import type { Fact } from "../../../boundary/fact.ts";
import { declared, unknown } from "../../../boundary/fact.ts";
import { builtinRoles } from "./builtin-roles.ts";
import type { Binding, Rule } from "./rbac-objects.ts";
import type { Granted } from "./rules.ts";
import { clusterRights, namespaceRights } from "./rules.ts";
import { matches } from "../cluster/selectors.ts";
import type { Surroundings } from "../cluster/surroundings.ts";
import { bindingsOf, clusterRole, clusterRoles, enforcedLevel, roleIn } from "../cluster/surroundings.ts";

interface Grants {
  readonly cluster: Rule[];
  readonly namespaces: Map<string, readonly Rule[]>;
  /** A role that is bound but not in the input. */
  missing: string | undefined;
}

/**
 * What the token of a service account may do, from the RBAC objects of the input.
 *
 * Nothing in the input binds the account: unknown, since what grants it may be anywhere. A binding that names it and is in the
 * input is taken for the whole; the groups that every account is in (system:serviceaccounts, system:authenticated) only add. A bound
 * role that is not in the input, nor one that every cluster has, leaves everything possible.
 *
 * Creating workloads is creating privileged ones where the namespace's Pod Security level lets it: in a namespace that is
 * labelled `privileged`, and cluster-wide (kube-system and its like are exempt or unlabelled everywhere). Labelled baseline or
 * restricted: workloads, but no privileged ones. Without a label the cluster's default decides (AdmissionConfiguration), which the
 * input does not show: then both answers are candidates.
 *
 * A manifest that names no namespace goes where kubectl points. A binding for an account of the same name in some other
 * namespace may therefore be its own: what that grants is a candidate too.
 *
 * @see kubernetes.io/docs/reference/access-authn-authz/rbac, .../rbac-good-practices, .../psp-to-pod-security-standards
 */
export function rightsOf(
  surroundings: Surroundings,
  namespace: string | undefined,
  account: string,
): Fact<readonly ClusterRight[]> {
  if (surroundings.length === 0) return undecided(namespace, account);
  let known = computed.get(surroundings);
  if (!known) computed.set(surroundings, (known = new Map<string, Fact<readonly ClusterRight[]>>()));
  const key = `${namespace ?? ""}/${account}`;
  let fact = known.get(key);
  if (!fact) known.set(key, (fact = compute(surroundings, namespace, account)));
  return fact;
}

// Thousands of pods of one input share a handful of accounts.
const computed = new WeakMap<Surroundings, Map<string, Fact<readonly ClusterRight[]>>>();

function compute(
  surroundings: Surroundings,
  namespace: string | undefined,
  account: string,
): Fact<readonly ClusterRight[]> {
  const home = namespace ?? "default";
  const named = bindingsOf(surroundings, `account:${home}/${account}`);
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${home}`, "system:authenticated"].flatMap(
    (group) => bindingsOf(surroundings, `group:${group}`),
  );
  const own = [...named, ...groups];
  const sure = evaluate(surroundings, own);
  const at = own[0]?.at;
  if (at && sure.held.has("cluster-admin")) return declared(["cluster-admin"], at);
  const elsewhere = namespace === undefined ? bindingsElsewhere(surroundings, account, named) : [];
  if (elsewhere.length > 0)
    return namespaceUndecided(
      factName(home, account),
      sure,
      evaluate(surroundings, [...own, ...elsewhere]),
      elsewhere[0]?.at,
    );
  if (named.length === 0 && sure.held.size + sure.perhaps.size === 0) return undecided(namespace, account);
  return decided(factName(home, account), sure, at);
}

function factName(namespace: string, account: string): string {
  return `kubernetes.rbac:${namespace}/${account}`;
}

function undecided(namespace: string | undefined, account: string): Fact<readonly ClusterRight[]> {
  return unknown(
    factName(namespace ?? "default", account),
    `nothing in the input says what the service account ${account} may do`,
  );
}

/** Every namespace has an account `default`: the one of another namespace is certainly not meant. */
function bindingsElsewhere(
  surroundings: Surroundings,
  account: string,
  named: readonly Binding[],
): readonly Binding[] {
  return account === "default"
    ? []
    : bindingsOf(surroundings, `account-name:${account}`).filter((binding) => !named.includes(binding));
}

type Evaluated = Granted & { readonly missing: string | undefined };

function decided(
  fact: string,
  { held, perhaps, missing }: Evaluated,
  at: Position | undefined,
): Fact<readonly ClusterRight[]> {
  const known = sorted(held);
  if (missing !== undefined)
    return unknown(
      fact,
      `the role ${missing} is bound to the service account but not in the input`,
      [known, ["cluster-admin"]],
      at,
    );
  if (perhaps.size === 0 && at) return declared(known, at);
  return unknown(fact, [...perhaps.values()].join("; "), [known, sorted([...held, ...perhaps.keys()])], at);
}

function namespaceUndecided(
  fact: string,
  sure: Evaluated,
  all: Evaluated,
  at: Position | undefined,
): Fact<readonly ClusterRight[]> {
  const most: readonly ClusterRight[] =
    all.missing === undefined ? sorted([...all.held, ...all.perhaps.keys()]) : ["cluster-admin"];
  return unknown(
    fact,
    "the manifest names no namespace, and a service account of this name has rights in another",
    [sorted(sure.held), most],
    at,
  );
}

function sorted(rights: Iterable<ClusterRight>): readonly ClusterRight[] {
  const list = [...new Set(rights)].sort();
  return list.includes("cluster-admin") ? ["cluster-admin"] : list;
}

function evaluate(surroundings: Surroundings, bindings: readonly Binding[]): Evaluated {
  const grants: Grants = { cluster: [], namespaces: new Map(), missing: undefined };
  const added = new Set<string>();
  for (const binding of bindings) {
    const grant = JSON.stringify([binding.namespace, binding.role]);
    if (added.has(grant)) continue;
    added.add(grant);
    add(grants, surroundings, binding);
  }
  const held = new Set<ClusterRight>();
  const perhaps = new Map<ClusterRight, string>();
  const parts = [clusterRights(grants.cluster)];
  for (const [namespace, rules] of grants.namespaces) {
    // What is granted cluster-wide holds in the namespace as well: a right can need a rule of each.
    parts.push(
      namespaceRights(
        [...rules, ...grants.cluster],
        namespace,
        enforcedLevel(surroundings, namespace)?.value,
      ),
    );
  }
  for (const part of parts) {
    for (const right of part.held) held.add(right);
    for (const [right, reason] of part.perhaps) perhaps.set(right, reason);
  }
  for (const right of held) perhaps.delete(right);
  return { held, perhaps, missing: grants.missing };
}

function add(grants: Grants, surroundings: Surroundings, { namespace, role }: Binding): void {
  const rules =
    role.kind === "Role" && namespace !== null
      ? roleIn(surroundings, namespace, role.name)?.rules
      : clusterRoleRules(surroundings, role.name);
  if (rules === undefined) grants.missing ??= role.name;
  else if (namespace === null) grants.cluster.push(...rules);
  else grants.namespaces.set(namespace, [...(grants.namespaces.get(namespace) ?? []), ...rules]);
}

function clusterRoleRules(surroundings: Surroundings, name: string): readonly Rule[] | undefined {
  const own = clusterRole(surroundings, name);
  const builtin = builtinRoles.get(name);
  if (!own && !builtin) return undefined;
  const rules = own?.rules.length ? own.rules : (builtin ?? []);
  const added = clusterRoles(surroundings).filter(
    ({ labels }) =>
      labels.get(`rbac.authorization.k8s.io/aggregate-to-${name}`)?.value === "true" ||
      own?.aggregates.some((selector) => matches(selector, labels)),
  );
  return added.length === 0 ? rules : [...rules, ...added.flatMap((role) => role.rules)];
}
