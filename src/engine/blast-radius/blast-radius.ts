import type { Boundary } from "../../boundary/boundary.ts";
import { valueOf } from "../../boundary/fact.ts";
import type { HostPath } from "../../boundary/host-paths.ts";
import type { BlastRadius } from "../types.ts";
import { grantsOf } from "./grants.ts";
import { egressOf, lateralOf, metadataOf } from "./network.ts";

/** What the workload may do although the boundary holds: grants, egress, credentials, persistence, reach, resources. */
export function blastRadius(boundary: Boundary, hostPaths: readonly HostPath[]): BlastRadius {
  return {
    grants: grantsOf(boundary, hostPaths),
    egress: egressOf(boundary),
    metadata: metadataOf(boundary),
    credentials: credentialsOf(boundary),
    persistence: persistenceOf(boundary),
    lateral: lateralOf(boundary),
    resources: resourcesOf(boundary),
  };
}

function credentialsOf({ credentials }: Boundary): BlastRadius["credentials"] {
  const found: BlastRadius["credentials"][number][] = [];
  for (const [i, fact] of credentials.environment.entries()) {
    const name = valueOf(fact);
    if (name !== undefined)
      found.push({
        kind: "environment",
        name,
        detail: "in its environment",
        ref: `credentials.environment.${String(i)}`,
      });
  }
  for (const [i, fact] of credentials.secrets.entries()) {
    const name = valueOf(fact);
    if (name !== undefined)
      found.push({
        kind: "secret",
        name,
        detail: "given to it on purpose",
        ref: `credentials.secrets.${String(i)}`,
      });
  }
  if (valueOf(credentials.serviceAccountToken) === true) {
    const rights = valueOf(credentials.rights);
    const assumed = credentials.rights.known && credentials.rights.provenance.kind === "assumed";
    const may =
      rights === undefined || assumed
        ? "what it may do is not in the input"
        : rights.length === 0
          ? "it may do nothing that leads on"
          : `it may ${rights.join(", ")}`;
    found.push({
      kind: "service-account-token",
      name: credentials.serviceAccount ?? "default",
      detail: `token of the service account; ${may}`,
      ref: "credentials.serviceAccountToken",
    });
  }
  return found;
}

function persistenceOf({ readonlyRootfs, mounts }: Boundary): BlastRadius["persistence"] {
  const found: BlastRadius["persistence"][number][] = [];
  if (valueOf(readonlyRootfs) === false)
    found.push({
      what: "the root file system is writable until the container is replaced",
      ref: "readonlyRootfs",
    });
  for (const [i, mount] of mounts.entries()) {
    if (
      mount.implicit === true ||
      (mount.kind !== "bind" && mount.kind !== "volume") ||
      valueOf(mount.readOnly) !== false
    )
      continue;
    found.push({ what: `${mount.target} outlives the container`, ref: `mounts.${String(i)}` });
  }
  return found;
}

function resourcesOf({ cgroup }: Boundary): BlastRadius["resources"] {
  const { memoryBytes, pids, cpus } = cgroup.limits;
  const unlimited = [
    { what: "no memory limit", fact: memoryBytes, ref: "cgroup.limits.memoryBytes" },
    { what: "no limit on processes", fact: pids, ref: "cgroup.limits.pids" },
    { what: "no CPU limit", fact: cpus, ref: "cgroup.limits.cpus" },
  ];
  return unlimited
    .filter(({ fact }) => fact.known && fact.value === null)
    .map(({ what, ref }) => ({ what, ref }));
}
