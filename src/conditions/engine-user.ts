import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

/** The engine and its runtime act as root of the host: what they can be made to write, root writes. */
export const engineUser = defineCondition<"root">({
  id: "engine-user",
  summary: "the engine and its runtime act as root of the host",
  schema: (z) => z.literal("root"),
  describe: () => "the engine acts as root",
  evaluate: (_, { boundary }) =>
    decide(boundary.rootless, "rootless", (rootless) =>
      rootless
        ? blocked(["rootless-engine"], "the engine acts as an ordinary user of the host", "rootless")
        : holds("the engine acts as root of the host", "rootless"),
    ),
});
