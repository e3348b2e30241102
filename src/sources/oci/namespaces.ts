import { expected } from "../../base/problems.ts";
import type { IdMapping, NamespaceFacts, NamespaceKind, NamespaceState } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { declared, defaulted, unknown } from "../../boundary/fact.ts";
import type { Field } from "./fields.ts";
import { elements, field, integerOf, textOf } from "./fields.ts";

const kinds: Readonly<Record<string, NamespaceKind>> = {
  pid: "pid",
  network: "net",
  mount: "mount",
  ipc: "ipc",
  uts: "uts",
  user: "user",
  cgroup: "cgroup",
  time: "time",
};

/**
 * `linux.namespaces`: a kind that is not listed is inherited from the runtime, that is the host's; one with a path is
 * joined (config-linux, Namespaces). The namespaces of process 1, and of the runtime itself, are the host's.
 */
export function readNamespaces(linux: Field): NamespaceFacts {
  const list = field(linux, "namespaces");
  const states = new Map<NamespaceKind, Fact<NamespaceState>>();
  for (const item of elements(list)) {
    const type = textOf(field(item, "type"));
    const kind = type !== undefined && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (kind === undefined) {
      if (type !== undefined) {
        const message = expected("a kind of namespace such as pid or network", type);
        item.problems.push({
          code: "wrong-value",
          message,
          at: field(item, "type").at,
          path: `${item.path}.type`,
        });
      }
      continue;
    }
    states.set(kind, declared(stateOf(textOf(field(item, "path"))), item.at));
  }
  const host: Fact<NamespaceState> = list.node
    ? declared({ kind: "host" }, list.at)
    : defaulted({ kind: "host" }, "OCI runtime specification 1.2", "config-linux, Namespaces");
  const get = (kind: NamespaceKind): Fact<NamespaceState> => states.get(kind) ?? host;
  const user = get("user");
  return {
    pid: get("pid"),
    net: get("net"),
    ipc: get("ipc"),
    uts: get("uts"),
    mount: get("mount"),
    cgroup: get("cgroup"),
    user,
    uidMap: uidMap(linux, user),
  };
}

function stateOf(path: string | undefined): NamespaceState {
  if (!path) return { kind: "private" };
  return /^\/proc\/(?:1|self|thread-self)\/ns\//.test(path)
    ? { kind: "host" }
    : { kind: "shared", with: path };
}

function uidMap(linux: Field, user: Fact<NamespaceState>): Fact<readonly IdMapping[]> {
  const list = field(linux, "uidMappings");
  if (list.node) return declared(elements(list).flatMap(mapping), list.at);
  if (user.known && user.value.kind === "shared") {
    return unknown("user-namespace.mapping", "the user namespace was made by somebody else");
  }
  return defaulted([], "OCI runtime specification 1.2", "config-linux, User namespace mappings");
}

function mapping(item: Field): readonly IdMapping[] {
  const containerId = integerOf(field(item, "containerID"));
  const hostId = integerOf(field(item, "hostID"));
  const size = integerOf(field(item, "size"));
  if (size === undefined) {
    item.problems.push({
      code: "missing-field",
      message: "expected a size, found nothing",
      at: item.at,
      path: item.path,
    });
    return [];
  }
  return [{ containerId: containerId ?? 0, hostId: hostId ?? 0, size }];
}
