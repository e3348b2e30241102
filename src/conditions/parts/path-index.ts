import type { HostPath } from "../../boundary/host-paths.ts";
import { normalisePath, resolveLinks } from "../../boundary/paths.ts";

/** A listed path with the place it stands for: the pattern's `*` replaced by what the question named, where it did. */
export interface Listed {
  readonly entry: HostPath;
  readonly path: string;
}

/** What the list says of one path. */
export interface Lookup {
  /** The entry of this very path. */
  readonly exact: HostPath | undefined;
  /** The closest entry above it. */
  readonly above: Listed | undefined;
  /** Every entry below it, in the order of the list's tree. */
  readonly below: readonly Listed[];
}

interface Branch {
  readonly name: string;
  entry: HostPath | undefined;
  readonly children: Map<string, Branch>;
}

/** The list of host paths as a tree of names: a question costs the depth of its path, not the length of the list. */
export type PathIndex = Branch;

// Distributions have had /run in the place of these since about 2011 (FHS 3.0, section 5.13); both sides of every
// comparison go through the same links, so a host without them is judged the same.
const everywhere: ReadonlyMap<string, string> = new Map([
  ["/var/run", "/run"],
  ["/var/lock", "/run/lock"],
]);

type Links = ReadonlyMap<string, string>;
const linksWithDefaults = new WeakMap<Links, Links>();
const indexes = new WeakMap<readonly HostPath[], WeakMap<Links, PathIndex>>();

/**
 * A path of the host after the host's links. Clients leave `~` and `$HOME` to the shell; where one is left over it is
 * the home of some user, and `$XDG_RUNTIME_DIR` some user's run-time folder.
 */
export function resolveOnHost(path: string, links: Links): string {
  let all = linksWithDefaults.get(links);
  if (!all) {
    all = new Map([...everywhere, ...links]);
    linksWithDefaults.set(links, all);
  }
  const normal = normalisePath(path);
  if (!normal.includes("~") && !normal.includes("$")) return resolveLinks(normal, all);
  const named = normal
    .replace(/^\/(~|\$HOME|\$\{HOME\})(?=\/|$)/, "/home/~")
    .replace(/^\/\$\{?XDG_RUNTIME_DIR\}?(?=\/|$)/, "/run/user/~");
  return resolveLinks(named, all);
}

/** The tree of a list under a host's links; built once for each pair. */
export function pathIndex(hostPaths: readonly HostPath[], links: Links): PathIndex {
  const byLinks = indexes.get(hostPaths) ?? new WeakMap<Links, PathIndex>();
  indexes.set(hostPaths, byLinks);
  const known = byLinks.get(links);
  if (known) return known;
  const root: Branch = { name: "", entry: undefined, children: new Map() };
  for (const entry of hostPaths) {
    let branch = root;
    for (const name of namesOf(resolveOnHost(entry.path, links))) {
      const next: Branch = branch.children.get(name) ?? { name, entry: undefined, children: new Map() };
      branch.children.set(name, next);
      branch = next;
    }
    // Two listed paths that the host's links make one: the list's order decides.
    branch.entry ??= entry;
  }
  byLinks.set(links, root);
  return root;
}

function namesOf(path: string): readonly string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}

/** What the tree says of a path. Preconditions: `path` went through `resolveOnHost` with the tree's links. */
export function lookUp(root: PathIndex, path: string): Lookup {
  let branches: readonly Branch[] = [root];
  let above: Listed | undefined;
  const names = namesOf(path);
  for (const [depth, name] of names.entries()) {
    const entry = branches.find((branch) => branch.entry)?.entry;
    if (entry) above = { entry, path: `/${names.slice(0, depth).join("/")}` };
    branches = branches.flatMap((branch) =>
      [branch.children.get(name), branch.children.get("*")].filter((b) => b !== undefined),
    );
  }
  const below = new Map<string, HostPath>();
  for (const branch of branches) collect(branch, path === "/" ? "" : path, below);
  return {
    exact: branches.find((branch) => branch.entry)?.entry,
    above,
    below: [...below].map(([at, entry]) => ({ entry, path: at })),
  };
}

function collect(branch: Branch, path: string, found: Map<string, HostPath>): void {
  for (const child of branch.children.values()) {
    const at = `${path}/${child.name}`;
    if (child.entry && !found.has(at)) found.set(at, child.entry);
    collect(child, at, found);
  }
}
