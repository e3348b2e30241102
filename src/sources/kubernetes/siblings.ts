import type { SiblingShare } from "../../boundary/boundary.ts";
import type { Container } from "./container.ts";

/** Others that are named for each way of sharing: a pod of thousands of containers must not list millions of pairs. */
const maxNamed = 16;

export interface PodSharing {
  readonly sharedPid: boolean;
  readonly hostNetwork: boolean;
  readonly hostIpc: boolean;
}

/**
 * What each container shares with the others of its pod: network and IPC always (unless these are the host's), processes
 * where the pod says so or an ephemeral container joins, and volumes that both mount and the one may write. An init container
 * has ended when others run, so it shares volumes only.
 * @see kubernetes.io/docs/concepts/workloads/pods ("How Pods manage multiple containers"), share-process-namespace
 */
export function siblingsOf(
  containers: readonly Container[],
  pod: PodSharing,
): (container: Container) => readonly SiblingShare[] {
  const running = containers.filter(({ role }) => role !== "init");
  const joined = running.some(({ role }) => role === "ephemeral");
  const mounting = new Map<string, Container[]>();
  for (const container of containers) {
    for (const volume of new Set(container.mounts.mounted)) {
      const list = mounting.get(volume);
      if (list) list.push(container);
      else mounting.set(volume, [container]);
    }
  }
  return (container) => [...namespaces(container, running, joined, pod), ...volumes(container, mounting)];
}

function namespaces(
  container: Container,
  running: readonly Container[],
  joined: boolean,
  pod: PodSharing,
): readonly SiblingShare[] {
  if (container.role === "init" || running.length < 2) return [];
  const others = running.slice(0, maxNamed + 1).filter((other) => other !== container);
  const shares: SiblingShare[] = [];
  const add = (names: readonly Container[], through: SiblingShare["through"], detail: string): void => {
    for (const { name } of names.slice(0, maxNamed)) shares.push({ name, through, detail });
  };
  if (!pod.hostNetwork) add(others, "network-namespace", "the pod's network");
  if (!pod.hostIpc) add(others, "ipc-namespace", "the pod's IPC objects");
  if (pod.sharedPid) add(others, "pid-namespace", "shareProcessNamespace");
  else if (joined)
    add(
      running.filter((other) => joins(container, other) || joins(other, container)),
      "pid-namespace",
      "targetContainerName",
    );
  return shares;
}

function joins(one: Container, other: Container): boolean {
  return one.role === "ephemeral" && one !== other && one.target === other.name;
}

function volumes(
  container: Container,
  mounting: ReadonlyMap<string, readonly Container[]>,
): readonly SiblingShare[] {
  const shares: SiblingShare[] = [];
  for (const volume of new Set(container.mounts.shareable)) {
    const others = (mounting.get(volume) ?? []).filter((other) => other !== container);
    for (const { name } of others.slice(0, maxNamed))
      shares.push({ name, through: "volume", detail: volume });
  }
  return shares;
}
