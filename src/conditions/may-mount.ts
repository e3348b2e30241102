import { mayMount as evaluateMount } from "./parts/mounting.ts";
import { defineCondition } from "./types.ts";

/** May mount file systems in the container's own mount namespace: CAP_SYS_ADMIN, the filter and the LSM all permit it. */
export const mayMount = defineCondition<"any">({
  id: "may-mount",
  summary: "may mount a file system: capability, filter and LSM permit",
  schema: (z) => z.literal("any"),
  describe: () => "may mount file systems",
  evaluate: (_, context) => evaluateMount(context, "other"),
});
