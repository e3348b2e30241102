import type { Boundary } from "../../boundary/boundary.ts";
import { valueOf } from "../../boundary/fact.ts";
import type { HostPath } from "../../boundary/host-paths.ts";
import { judgePath } from "../../conditions/parts/views.ts";
import type { Grant } from "../types.ts";

/** What the configuration shares on purpose: host paths and volumes, with the access given and whether the path is judged. */
export function grantsOf(boundary: Boundary, hostPaths: readonly HostPath[]): readonly Grant[] {
  return boundary.mounts.flatMap((mount, index): readonly Grant[] => {
    if (mount.implicit === true) return [];
    const ref = `mounts.${String(index)}`;
    const access = valueOf(mount.readOnly) === true ? "read" : "write";
    if (mount.kind === "volume")
      return [
        {
          path: mount.volume ?? "(anonymous volume)",
          at: mount.target,
          access,
          judged: true,
          what: "a volume",
          ref,
        },
      ];
    const source = mount.kind === "bind" && mount.source ? valueOf(mount.source) : undefined;
    if (source === undefined) return [];
    const own = projectPath(source);
    if (own !== undefined)
      return [{ path: own, at: mount.target, access, judged: true, what: "a path of the project", ref }];
    const { entry, judged } = judgePath(source, hostPaths, boundary.host.links);
    return [{ path: source, at: mount.target, access, judged, what: entry?.what ?? null, ref }];
  });
}

/** `./data` for a path that was taken from the project's own folder, which sources write as `$PWD`. */
function projectPath(source: string): string | undefined {
  const rest = /^\/(?:\$PWD|\$\{PWD\}|\(project\))(?:\/(.*))?$/.exec(source);
  return rest ? `./${rest[1] ?? ""}`.replaceAll("(parent)", "..") : undefined;
}
