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
    if (mount.kind === "volume") return [{ path: mount.volume ?? "(anonymous volume)", at: mount.target, access, judged: true, what: "a volume", ref }];
    const source = mount.kind === "bind" && mount.source ? valueOf(mount.source) : undefined;
    if (source === undefined) return [];
    const { entry, judged } = judgePath(source, hostPaths, boundary.host.links);
    return [{ path: source, at: mount.target, access, judged, what: entry?.what ?? null, ref }];
  });
}
