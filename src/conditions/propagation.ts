import { defineCondition } from "./types.ts";
import { absent, anyOf, decide, holds } from "./verdict.ts";

/** Mounts that are made inside appear on the host: a bind with shared propagation (mount_namespaces(7), SHARED SUBTREES). */
export const propagation = defineCondition<"shared">({
  id: "propagation",
  summary: "mounts made inside appear on the host",
  schema: (z) => z.literal("shared"),
  describe: () => "a mount with shared propagation",
  evaluate: (_, { boundary }) => {
    const binds = boundary.mounts.flatMap((mount, index) =>
      mount.kind === "bind" && mount.implicit !== true ? [[mount, `mounts.${String(index)}`] as const] : [],
    );
    if (binds.length === 0) return absent("mount:absent", "no host path is mounted", null);
    return anyOf(
      binds.map(([mount, ref]) =>
        // A private or slave mount has no way back to the host that a failure could open.
        decide(mount.propagation, ref, (mode) =>
          mode === "shared"
            ? holds(`mounts below ${mount.target} appear on the host`, ref)
            : absent(
                `propagation:${mount.target}`,
                `mounts below ${mount.target} do not appear on the host`,
                ref,
              ),
        ),
      ),
    );
  },
});
