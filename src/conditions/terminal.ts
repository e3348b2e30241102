import { defineCondition } from "./types.ts";
import { absent, decide, holds } from "./verdict.ts";

/** The container is started with a terminal of its own, which the runtime mounts at /dev/console. */
export const terminal = defineCondition<"allocated">({
  id: "terminal",
  summary: "the container is started with a terminal",
  schema: (z) => z.literal("allocated"),
  describe: () => "a terminal is allocated",
  evaluate: (_, { boundary }) =>
    decide(boundary.process.terminal, "process.terminal", (allocated) =>
      allocated
        ? holds("a terminal is allocated for it", "process.terminal")
        : absent("terminal:none", "no terminal is allocated for it", "process.terminal"),
    ),
});
