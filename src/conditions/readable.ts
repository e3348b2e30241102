import { kernelInterface } from "./parts/kernel-interface.ts";
import { defineCondition } from "./types.ts";

/** A file of the host kernel's procfs or sysfs is visible. */
export const readable = defineCondition<string>({
  id: "readable",
  summary: "a kernel interface below /proc or /sys is visible",
  schema: (z) => z.string().check(z.regex(/^\/(proc|sys)\/./)),
  describe: (path) => `readable ${path}`,
  evaluate: (path, context) => kernelInterface(path, "read", context),
});
