/**
 * Paths as the host resolves them. A mount source is compared with sensitive paths by containment both ways, after
 * the host's links: `/var/run/docker.sock` is `/run/docker.sock`, and `/run` holds it.
 */

/** Removes `.`, `..`, repeated and trailing slashes, lexically; a relative path is taken from `/`. */
export function normalisePath(path: string): string {
  // Nearly all are normal already, and some ten thousand are looked at in a scan.
  if (
    path.startsWith("/") &&
    !path.includes("//") &&
    !path.includes("/.") &&
    (path === "/" || !path.endsWith("/"))
  )
    return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The path after the host's links (at most 16 of them): `/var/run/x` → `/run/x`. `links` maps a path to its target. */
export function resolveLinks(path: string, links: ReadonlyMap<string, string>): string {
  let current = normalisePath(path);
  for (let hops = 0; hops < 16; hops++) {
    const next = followOne(current, links);
    if (next === current) return current;
    current = next;
  }
  return current;
}

function followOne(path: string, links: ReadonlyMap<string, string>): string {
  for (const [from, to] of links) {
    if (isWithin(path, from)) return normalisePath(to + path.slice(from.length));
  }
  return path;
}

/** Whether `path` is `folder` or lies below it. Preconditions: both normalised. */
export function isWithin(path: string, folder: string): boolean {
  return (
    folder === "/" || path === folder || (path.startsWith(folder) && path.charCodeAt(folder.length) === 47)
  );
}

/** `path` seen through a mount of `source` at `target`; undefined when the mount does not hold it. Preconditions: normalised. */
export function seenThrough(path: string, source: string, target: string): string | undefined {
  if (!isWithin(path, source)) return undefined;
  const rest = source === "/" ? path : path.slice(source.length);
  return normalisePath(`${target}/${rest}`);
}
