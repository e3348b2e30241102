import { defineCondition } from "./types.ts";
import { absent, holds } from "./verdict.ts";

/** A volume is mounted by a path below it (Kubernetes `subPath`), which whoever mounts it has to follow. */
export const subPath = defineCondition<"used">({
  id: "sub-path",
  summary: "a path below a volume is mounted",
  schema: (z) => z.literal("used"),
  describe: () => "mounts a path below a volume",
  evaluate: (_, { boundary }) => {
    const index = boundary.mounts.findIndex((mount) => mount.subPath !== undefined);
    const mount = boundary.mounts[index];
    return mount
      ? holds(`${mount.target} is a path below a volume`, `mounts.${String(index)}`)
      : absent("sub-path:none", "every volume is mounted whole", null);
  },
});
