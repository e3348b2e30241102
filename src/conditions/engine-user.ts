import { defineCondition } from "./types.ts";
import { absent, blocked, decide, holds } from "./verdict.ts";

/**
 * The engine and its runtime act as root of the host: what they can be made to write, root writes. Or (`ordinary`) as a user of
 * it: there are bugs that only a rootless engine has.
 */
export const engineUser = defineCondition<"root" | "ordinary">({
  id: "engine-user",
  summary: "the engine and its runtime act as root of the host, or as an ordinary user of it",
  schema: (z) => z.enum(["root", "ordinary"]),
  describe: (wanted) => (wanted === "root" ? "the engine acts as root" : "the engine is rootless"),
  evaluate: (wanted, { boundary }) =>
    decide(boundary.rootless, "rootless", (rootless) => {
      const text = rootless
        ? "the engine acts as an ordinary user of the host"
        : "the engine acts as root of the host";
      if (rootless === (wanted === "ordinary")) return holds(text, "rootless");
      return wanted === "root"
        ? blocked(["rootless-engine"], text, "rootless")
        : absent("engine:root", text, "rootless");
    }),
});
