import type { Boundary } from "../../boundary/boundary.ts";
import type { BlastRadius } from "../types.ts";

/** How far the workload's connections go. */
export function egressOf({ network }: Boundary): BlastRadius["egress"] {
  const { egress } = network;
  if (!egress.known) return { status: "unknown", why: egress.reason };
  const why = {
    open: "nothing in the input limits where it connects to",
    limited: "its networks or policies limit where it connects to",
    none: "its network reaches nothing beyond itself",
  }[egress.value];
  return { status: egress.value, why };
}

/** Whether the cloud's metadata service, and the node's credentials with it, can be reached. */
export function metadataOf(boundary: Boundary): BlastRadius["metadata"] {
  const { mode, egress } = boundary.network;
  if (mode.known && mode.value === "none") return { status: "none", why: "it has no network" };
  if (egress.known && egress.value === "none")
    return { status: "none", why: "its network reaches nothing beyond itself" };
  const { metadata } = boundary.host;
  if (!metadata.known)
    return {
      status: "unknown",
      why: "whether the host has a metadata service is not in the input; nothing here would keep the workload from it",
    };
  if (metadata.value === "none") return { status: "none", why: "the host has no metadata service" };
  if (metadata.value === "limited" && !(mode.known && mode.value === "host"))
    return { status: "limited", why: "the metadata service answers the host only (hop limit)" };
  return { status: "reachable", why: "nothing keeps the workload from the cloud's metadata service" };
}

/** Other workloads and services within reach. */
export function lateralOf(boundary: Boundary): BlastRadius["lateral"] {
  const reach = boundary.siblings.map((sibling, index) => ({
    what: `shares a ${sibling.through.replace("-", " ")} with ${sibling.name}${sibling.detail === "" ? "" : ` (${sibling.detail})`}`,
    ref: `siblings.${String(index)}`,
  }));
  const { mode } = boundary.network;
  if (mode.known && mode.value === "host")
    reach.push({
      what: "the host's network: services on the host's loopback, abstract sockets, every interface",
      ref: "network.mode",
    });
  if (boundary.network.networks.length > 0)
    reach.push({ what: `every workload on ${boundary.network.networks.join(", ")}`, ref: "network.mode" });
  return reach;
}
