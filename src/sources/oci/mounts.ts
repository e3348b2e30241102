import type { Mount, MountKind } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { declared, defaulted } from "../../boundary/fact.ts";
import { normalisePath } from "../../boundary/paths.ts";
import type { Field } from "./fields.ts";
import { elements, field, flagOf, textOf, textsOf } from "./fields.ts";

type Propagation = "private" | "slave" | "shared";

const kindOfType: ReadonlyMap<string, MountKind> = new Map([
  ["proc", "proc"],
  ["sysfs", "sysfs"],
  ["cgroup", "cgroup"],
  ["cgroup2", "cgroup"],
  ["tmpfs", "tmpfs"],
]);

/** `mounts` (config, Mounts): in order, with the options that the boundary asks for. */
export function readMounts(root: Field, linux: Field): readonly Mount[] {
  const inherited = rootfsPropagation(linux);
  return elements(field(root, "mounts")).flatMap((item) => {
    const target = textOf(field(item, "destination"));
    if (!target) {
      if (item.node)
        item.problems.push({
          code: "missing-field",
          message: "expected a destination, found nothing",
          at: item.at,
          path: item.path,
        });
      return [];
    }
    return [readMount(item, target, inherited)];
  });
}

function readMount(item: Field, target: string, inherited: Fact<Propagation>): Mount {
  const type = textOf(field(item, "type"));
  const source = field(item, "source");
  const path = textOf(source);
  const options = textsOf(field(item, "options")).map(({ value }) => value);
  const bind = type === "bind" || options.includes("bind") || options.includes("rbind");
  const kind: MountKind = bind ? "bind" : (kindOfType.get(type ?? "") ?? "other");
  const at = field(item, "options").at;
  return {
    kind,
    // A relative destination is below the container's root (config, Mounts).
    target: normalisePath(target),
    source: bind && path !== undefined ? declared(normalise(path), source.at) : null,
    readOnly: declared(lastOf(options, ["ro", "rro"], ["rw", "rrw"]) ?? false, at),
    propagation: propagationOf(options, item) ?? inherited,
    ...(type === undefined || bind ? {} : { fsType: type }),
    ...flagFact("nosuid", lastOf(options, ["nosuid", "rnosuid"], ["suid", "rsuid"])),
    ...flagFact("nodev", lastOf(options, ["nodev", "rnodev"], ["dev", "rdev"])),
  };
}

function flagFact(
  name: "nosuid" | "nodev",
  value: boolean | undefined,
): Partial<Pick<Mount, "nosuid" | "nodev">> {
  return value === undefined ? {} : { [name]: value };
}

/** Which of two opposite options stands last: each one overrides those before it. */
function lastOf(
  options: readonly string[],
  on: readonly string[],
  off: readonly string[],
): boolean | undefined {
  const last = options.findLast((option) => on.includes(option) || off.includes(option));
  return last === undefined ? undefined : on.includes(last);
}

function propagationOf(options: readonly string[], item: Field): Fact<Propagation> | undefined {
  const last = options.findLast((option) => /^r?(?:private|slave|shared|unbindable)$/.test(option));
  return last === undefined ? undefined : declared(propagation(last), field(item, "options").at);
}

function propagation(option: string): Propagation {
  if (option.endsWith("shared")) return "shared";
  return option.endsWith("slave") ? "slave" : "private";
}

/** runc makes everything a slave where `rootfsPropagation` is absent (libcontainer/rootfs_linux.go, prepareRoot). */
function rootfsPropagation(linux: Field): Fact<Propagation> {
  const of = field(linux, "rootfsPropagation");
  const value = textOf(of);
  return value
    ? declared(propagation(value), of.at)
    : defaulted("slave", "runc", "libcontainer/rootfs_linux.go, prepareRoot");
}

/** A bundle whose root is the host's own root gives away all of it. */
export function rootMount(root: Field): readonly Mount[] {
  const path = field(root, "root", "path");
  const value = textOf(path);
  if (value === undefined || normalise(value) !== "/") return [];
  const readOnly = field(root, "root", "readonly");
  return [
    {
      kind: "bind",
      target: "/",
      source: declared("/", path.at),
      readOnly: declared(flagOf(readOnly) ?? false, readOnly.at),
      propagation: rootfsPropagation(field(root, "linux")),
    },
  ];
}

/** A relative source is taken from the bundle's folder, which is not known here: it stays relative. */
function normalise(path: string): string {
  return path.startsWith("/") ? normalisePath(path) : path;
}
