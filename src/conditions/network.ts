import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

/** The workload can reach a network beyond its own loopback. */
export const network = defineCondition<"reachable">({
  id: "network",
  summary: "a network beyond loopback is reachable",
  schema: (z) => z.literal("reachable"),
  describe: () => "reaches a network",
  evaluate: (_, { boundary }) =>
    decide(boundary.network.mode, "network.mode", (mode) =>
      mode === "none"
        ? blocked(["network:none"], "its network namespace has nothing but loopback", "network.mode")
        : holds(`network mode ${mode}`, "network.mode"),
    ),
});
