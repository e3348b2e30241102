import { defineCondition } from "./types.ts";
import { absent, holds } from "./verdict.ts";

/** A volume is mounted by a path below it (Kubernetes `subPath`), which whoever mounts it has to follow. */
export const subPath = defineCondition<"used">({
  id: "sub-path",
  summary: "a path below a volume is mounted",
  schema: (z) => z.literal("used"),
  describe: () => "mounts a path below a volume",
  evaluate: (_, { boundary }) => {
    const mount = boundary.mounts.find((candidate) => candidate.subPath !== undefined);
    // No place: the facts of a mount are its source and its mode, and neither is where the subPath was said.
    return mount
      ? holds(`${mount.target} is a path below a volume`, null)
      : absent("sub-path:none", "every volume is mounted whole", null);
  },
});
