import type { ClusterRight, CredentialFacts } from "../boundary/boundary.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, allOf, blocked, decide, holds } from "./verdict.ts";

const rights = [
  "create-workloads",
  "create-privileged-workloads",
  "exec-into-pods",
  "read-secrets",
  "nodes-proxy",
  "escalate-rights",
  "create-persistent-volumes",
  "patch-namespaces",
  "read-pod-logs",
  "cluster-admin",
] as const;

/** A service-account token is in the container, and RBAC lets it do this. */
export const clusterRight = defineCondition<ClusterRight>({
  id: "cluster-right",
  summary: "the service account's token may do something that leads on",
  schema: (z) => z.enum(rights),
  describe: (right) => `the token may ${right.replaceAll("-", " ")}`,
  evaluate: (right, { boundary: { credentials } }) =>
    allOf([tokenPresent(credentials), granted(right, credentials)]),
});

function tokenPresent({ serviceAccountToken }: CredentialFacts): Verdict {
  const ref = "credentials.serviceAccountToken";
  return decide(serviceAccountToken, ref, (present) =>
    present
      ? holds("a service-account token is in the container", ref)
      : absent("token:absent", "no service-account token is in the container", ref),
  );
}

/**
 * Kubernetes itself grants the account `default` of a namespace nothing that leads on (kubernetes.io/docs/reference/
 * access-authn-authz/rbac, default roles): where the input binds it to nothing, it has nothing. Any other account was made
 * to be given rights, which then stand somewhere else.
 */
function granted(right: ClusterRight, { rights: held, serviceAccount }: CredentialFacts): Verdict {
  const ref = "credentials.rights";
  const words = right.replaceAll("-", " ");
  const denied = blocked(["rbac"], `RBAC does not let the token ${words}`, ref);
  if (!held.known && held.candidates === undefined && (serviceAccount ?? "default") === "default") {
    return blocked(["rbac"], "nothing in the input grants the namespace's default account anything", ref);
  }
  return decide(
    held,
    ref,
    (list) =>
      list.includes(right) || list.includes("cluster-admin")
        ? holds(`RBAC lets the token ${words}`, ref)
        : denied,
    {
      worst: holds("", ref),
      best: denied,
    },
  );
}
