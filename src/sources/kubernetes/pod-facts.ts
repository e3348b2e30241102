import type { ClusterRight } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import type { ContainerSpec, ProfileRequest, Said } from "../spec.ts";
import type { SourceContext } from "../types.ts";
import { annotatedProfiles } from "./annotations.ts";
import { child, flagOf, labelsOf, report, textOf } from "./read/fields.ts";
import type { Field } from "./read/fields.ts";
import { egressUnder } from "./cluster/network-policy.ts";
import type { Limits } from "./read/quantities.ts";
import { limitsOf } from "./read/quantities.ts";
import { rightsOf } from "./rbac/rights.ts";
import type { PodSecurity } from "./security.ts";
import { podSecurity } from "./security.ts";
import type { Surroundings } from "./cluster/surroundings.ts";
import { accountAutomount, policiesIn, runtimeHandler } from "./cluster/surroundings.ts";
import type { PodTemplate } from "./read/templates.ts";
import type { Volume } from "./volumes.ts";
import { volumesOf } from "./volumes.ts";

/** What a pod says for all of its containers. */
export interface PodFacts {
  readonly security: PodSecurity;
  readonly profiles: ReadonlyMap<string, Said<ProfileRequest>>;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly hostPid: Said<boolean> | undefined;
  readonly hostIpc: Said<boolean> | undefined;
  readonly hostNetwork: Said<boolean> | undefined;
  readonly hostUsers: Said<boolean> | undefined;
  readonly sharedPid: Said<boolean> | undefined;
  readonly runtime: Said<string> | undefined;
  readonly runtimeHandler: Said<string> | undefined;
  readonly limits: Limits;
  readonly account: string;
  readonly automount: Said<boolean> | undefined;
  readonly rights: Fact<readonly ClusterRight[]>;
  readonly egress: ContainerSpec["egress"];
}

/** Reads what stands in a pod's specification beside its containers. */
export function podFacts(
  { object, metadata, spec, claimTemplates }: PodTemplate,
  surroundings: Surroundings,
  context: SourceContext,
): PodFacts {
  const { namespace, name } = object;
  const hostNetwork = flagOf(child(spec, "hostNetwork"));
  const account =
    nonEmpty(textOf(child(spec, "serviceAccountName"))) ??
    nonEmpty(textOf(child(spec, "serviceAccount"))) ??
    "default";
  const runtime = textOf(child(spec, "runtimeClassName"));
  const facts: PodFacts = {
    security: podSecurity(child(spec, "securityContext"), context),
    profiles: annotatedProfiles(metadata),
    volumes: volumesOf(spec, claimTemplates, { name, namespace }, surroundings),
    hostPid: flagOf(child(spec, "hostPID")),
    hostIpc: flagOf(child(spec, "hostIPC")),
    hostNetwork,
    hostUsers: flagOf(child(spec, "hostUsers")),
    sharedPid: flagOf(child(spec, "shareProcessNamespace")),
    runtime,
    runtimeHandler: runtime && runtimeHandler(surroundings, runtime.value),
    limits: limitsOf(child(spec, "resources")),
    account,
    automount:
      flagOf(child(spec, "automountServiceAccountToken")) ??
      accountAutomount(surroundings, namespace, account),
    rights: rightsOf(surroundings, namespace, account),
    egress: egressOf(hostNetwork, metadata, namespace, surroundings),
  };
  reportContradictions(spec, facts);
  return facts;
}

function nonEmpty(said: Said<string> | undefined): string | undefined {
  return said?.value === "" ? undefined : said?.value;
}

/** Policies are about a pod's own addresses: what they do to one on the host's network is not defined. */
function egressOf(
  hostNetwork: Said<boolean> | undefined,
  metadata: Field,
  namespace: string | undefined,
  surroundings: Surroundings,
): ContainerSpec["egress"] {
  const policies = policiesIn(surroundings, namespace);
  if (policies.length === 0 || hostNetwork?.value === true) return undefined;
  return egressUnder(policies, labelsOf(child(metadata, "labels")));
}

/** @see kubernetes pkg/apis/core/validation validateHostUsers: refused up to 1.34, so a warning says that it may be */
function reportContradictions(
  spec: Field,
  { hostUsers, hostPid, hostIpc, hostNetwork, sharedPid }: PodFacts,
): void {
  if (hostPid?.value === true && sharedPid?.value === true) {
    report(
      child(spec, "shareProcessNamespace"),
      "wrong-value",
      "expected hostPID or shareProcessNamespace, found both",
    );
  }
  if (hostUsers?.value !== false) return;
  for (const [key, said] of [
    ["hostPID", hostPid],
    ["hostIPC", hostIpc],
    ["hostNetwork", hostNetwork],
  ] as const) {
    if (said?.value === true)
      report(child(spec, key), "wrong-value", "expected false beside hostUsers: false, found true", {
        severity: "warning",
        hint: "the API server refuses the pod",
      });
  }
}
