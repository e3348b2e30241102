import type { OperatorAction } from "../boundary/boundary.ts";
import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

const actions = ["exec", "attach", "cp", "checkpoint", "restore", "logs", "export", "stop", "top"] as const;

/** An operator acts on the running container in one of these ways; probes, health checks and hooks are such actions. */
export const operator = defineCondition<readonly OperatorAction[]>({
  id: "operator",
  summary: "an operator acts on the running container (exec, cp ...)",
  schema: (z) => z.array(z.enum(actions)).check(z.minLength(1)),
  describe: (wanted) => `an operator's ${wanted.join(" or ")}`,
  evaluate: (wanted, { boundary }) =>
    decide(boundary.operatorActions, "operatorActions", (shown) => {
      const done = wanted.filter((action) => shown.includes(action));
      return done.length > 0
        ? holds(`${done.join(", ")} into the container is configured`, "operatorActions")
        : blocked(
            ["no-operator-action"],
            `no ${wanted.join(" or ")} into the container is configured`,
            "operatorActions",
          );
    }),
});
