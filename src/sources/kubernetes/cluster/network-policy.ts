import type { Said } from "../../spec.ts";
import type { Field } from "../read/fields.ts";
import { child, elementsOf, structOf, structsOf, textOf, textsOf } from "../read/fields.ts";
import type { ApiObject } from "../read/objects.ts";
import type { Labels, Selector } from "./selectors.ts";
import { matches, selectorOf } from "./selectors.ts";

export type Egress = "open" | "limited" | "none";

/** What a NetworkPolicy says about the connections that its pods make; undefined where it says nothing about these. */
export interface NetworkPolicy {
  readonly selector: Selector;
  readonly egress: Said<Egress> | undefined;
}

/**
 * Reads a NetworkPolicy (networking.k8s.io/v1). Without policyTypes it is about egress only if it has egress rules; then
 * whatever no rule lists is closed.
 */
export function networkPolicy({ root }: ApiObject): NetworkPolicy {
  const spec = structOf(child(root, "spec"));
  const rules = child(spec, "egress");
  const types = child(spec, "policyTypes");
  const about = types.node
    ? textsOf(types).some(({ value }) => value === "Egress")
    : rules.node?.kind === "seq" && rules.node.items.length > 0;
  const at = rules.node ?? types.node ?? spec.node;
  return {
    selector: selectorOf(child(spec, "podSelector")),
    egress: about && at ? { value: egressOf(rules), at } : undefined,
  };
}

function egressOf(rules: Field): Egress {
  const list = structsOf(rules);
  if (list.length === 0) return "none";
  return list.some(reachesEverything) ? "open" : "limited";
}

/** A rule without peers and ports, or with the whole address space as a peer. */
function reachesEverything(rule: Field): boolean {
  if (elementsOf(child(rule, "ports")).length > 0) return false;
  const peers = structsOf(child(rule, "to"));
  if (peers.length === 0) return true;
  return peers.some((peer) => {
    const block = structOf(child(peer, "ipBlock"));
    const cidr = textOf(child(block, "cidr"))?.value;
    return (cidr === "0.0.0.0/0" || cidr === "::/0") && elementsOf(child(block, "except")).length === 0;
  });
}

const openness = { none: 0, limited: 1, open: 2 } as const;

/** The reach of a pod that policies select: what any of them lets through; undefined when none is about its egress. */
export function egressUnder(policies: readonly NetworkPolicy[], labels: Labels): Said<Egress> | undefined {
  let widest: Said<Egress> | undefined;
  for (const { selector, egress } of policies) {
    if (!egress || !matches(selector, labels)) continue;
    if (!widest || openness[egress.value] > openness[widest.value]) widest = egress;
  }
  return widest;
}
