import { kernelInterface } from "./parts/kernel-interface.ts";
import { defineCondition } from "./types.ts";

/** A file of the host kernel's procfs or sysfs can be written, as uid 0 of the host. */
export const writable = defineCondition<string>({
  id: "writable",
  summary: "a kernel interface below /proc or /sys can be written",
  schema: (z) => z.string().check(z.regex(/^\/(proc|sys)\/./)),
  describe: (path) => `writable ${path}`,
  evaluate: (path, context) => kernelInterface(path, "write", context),
});
