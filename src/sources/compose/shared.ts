import type { SiblingShare } from "../../boundary/boundary.ts";
import type { ContainerSpec, MountRequest, Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, listOf, say, textOf } from "./fields.ts";
import { missing } from "./model/loading.ts";
import type { Container } from "./service.ts";

type Containers = ReadonlyMap<string, Container>;

/** More sharers of one thing are not listed one by one. */
const maxListed = 50;

type Mounts = readonly MountRequest[];

/**
 * The mounts of every container with those of `volumes_from`; its own win over them for one target, and tmpfs is not
 * handed on. In a cycle, which Compose refuses, each hands on its own ones at least.
 * @see moby daemon/volumes.go registerMountPoints; Compose specification, 05-services.md, "volumes_from"
 */
export function mountsOf(containers: Containers): ReadonlyMap<string, Mounts> {
  const done = new Map<string, Mounts>();
  for (const container of containers.values()) collect(container, containers, done, 0);
  return done;
}

/** A longer chain is a mistake or an attack; each link is a recursion. */
const maxChain = 100;

function collect(
  container: Container,
  containers: Containers,
  done: Map<string, Mounts>,
  depth: number,
): Mounts {
  const known = done.get(container.name);
  if (known) return known;
  const { mounts } = container.spec;
  done.set(container.name, mounts);
  if (depth > maxChain) return mounts;
  const all = new Map<string, MountRequest>();
  for (const from of volumesFrom(container.field)) {
    const other = from.external ? undefined : containers.get(from.name);
    const given = other ? collect(other, containers, done, depth + 1) : [];
    for (const mount of given)
      if (mount.kind === "bind" || mount.kind === "volume")
        all.set(mount.target.value, handedOn(mount, from));
    if (!other && !from.external) {
      missing(
        "a service of this project",
        from.name,
        from.item.at,
        from.item.path,
        from.item.problems,
        "warning",
      );
    }
  }
  for (const mount of mounts) all.set(mount.target.value, mount);
  const result = [...all.values()];
  done.set(container.name, result);
  return result;
}

function handedOn(mount: MountRequest, { item, readOnly }: From): MountRequest {
  return {
    ...mount,
    target: say(item, mount.target.value),
    readOnly: readOnly ? say(item, true) : mount.readOnly,
  };
}

interface From {
  readonly item: Field;
  readonly name: string;
  readonly readOnly: boolean;
  /** `container:NAME`: one that is not of this project. */
  readonly external: boolean;
}

function volumesFrom(service: Field): readonly From[] {
  return listOf(child(service, "volumes_from")).flatMap((item) => {
    const text = textOf(item, "SERVICE[:ro] or container:NAME[:ro]");
    if (text === undefined) return [];
    const external = text.startsWith("container:");
    const [name = "", mode] = (external ? text.slice("container:".length) : text).split(":");
    return [{ item, name, readOnly: mode === "ro", external }];
  });
}

type Shares = Map<Container, SiblingShare[]>;

/** What each container shares with others of the project: namespaces and named volumes, seen from both sides. */
export function sharesOf(all: readonly Container[]): ReadonlyMap<Container, readonly SiblingShare[]> {
  const shares: Shares = new Map(all.map((container) => [container, []]));
  const byName = new Map(all.map((container) => [container.name, container]));
  const byContainerName = new Map(all.map((container) => [containerName(container), container]));
  for (const container of all) {
    for (const namespace of namespaces) shareNamespace(container, namespace, shares, byName, byContainerName);
    for (const { name, external } of volumesFrom(container.field)) {
      if (!external && byName.has(name)) continue;
      add(shares, container, { name, through: "volume", detail: `the volumes of ${name}` });
    }
  }
  for (const [volume, sharers] of volumeSharers(all)) shareVolume(volume, sharers, shares);
  return shares;
}

function add(shares: Shares, container: Container | undefined, share: SiblingShare): void {
  if (container) shares.get(container)?.push(share);
}

function shareNamespace(
  container: Container,
  { mode, through }: (typeof namespaces)[number],
  shares: Shares,
  byName: Containers,
  byContainerName: ReadonlyMap<string | undefined, Container>,
): void {
  const wish = container.spec[mode];
  const [, kind, name = ""] = /^(service|container):(.+)$/.exec(wish?.value ?? "") ?? [];
  if (kind === undefined || wish === undefined) return;
  const other = kind === "service" ? byName.get(name) : byContainerName.get(name);
  if (kind === "service" && other === undefined) {
    const path = `${container.field.path}.${fieldNames[mode]}`;
    missing("a service of this project", name, wish.at, path, container.field.problems, "warning");
  }
  add(shares, container, { name: other?.name ?? name, through, detail: wish.value });
  add(shares, other, { name: container.name, through, detail: wish.value });
}

function shareVolume(volume: string, sharers: readonly Container[], shares: Shares): void {
  const listed = sharers.slice(0, maxListed);
  for (const container of sharers) {
    for (const other of listed) {
      if (other !== container)
        add(shares, container, { name: other.name, through: "volume", detail: volume });
    }
  }
}

const namespaces = [
  { mode: "pid", through: "pid-namespace" },
  { mode: "ipc", through: "ipc-namespace" },
  { mode: "network", through: "network-namespace" },
] as const;
const fieldNames = { pid: "pid", ipc: "ipc", network: "network_mode" } as const;

function containerName({ field }: Container): string | undefined {
  return textOf(child(field, "container_name"));
}

function volumeSharers(all: readonly Container[]): ReadonlyMap<string, readonly Container[]> {
  const sharers = new Map<string, Container[]>();
  for (const container of all) {
    const names = new Set(
      container.spec.mounts.flatMap(({ volume }) => (volume === undefined ? [] : [volume])),
    );
    for (const name of names) {
      const list = sharers.get(name);
      if (list) list.push(container);
      else sharers.set(name, [container]);
    }
  }
  return sharers;
}

/**
 * The modes that a container ends up with: a namespace taken from a service that has the host's is the host's, and one taken
 * from a service without a network has none.
 */
export function resolvedModes(container: Container, containers: Containers): Partial<ContainerSpec> {
  const { spec } = container;
  const modes: {
    pid?: Said<string>;
    ipc?: Said<string>;
    network?: Said<string>;
    egress?: Said<"open" | "limited" | "none">;
  } = {};
  for (const { mode } of namespaces) {
    const end = followed(container.name, mode, containers);
    const value = end?.spec[mode]?.value;
    const own = spec[mode];
    if (own === undefined || end === undefined || end.name === container.name) continue;
    if (value === "host" || (value === "none" && mode === "network")) modes[mode] = { ...own, value };
    else if (mode === "network" && end.spec.egress) modes.egress = end.spec.egress;
  }
  return modes;
}

/** The service whose namespace it is in the end; undefined for one that is not of this project. */
function followed(
  name: string,
  mode: "pid" | "ipc" | "network",
  containers: Containers,
): Container | undefined {
  const seen = new Set<Container>();
  let current = containers.get(name);
  while (current && !seen.has(current)) {
    seen.add(current);
    const next = /^service:(.+)$/.exec(current.spec[mode]?.value ?? "")?.[1];
    const other = next === undefined ? undefined : containers.get(next);
    if (other === undefined) return current;
    current = other;
  }
  return current;
}
