import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

const levels = ["none", "integrity", "confidentiality"] as const;
type Level = (typeof levels)[number];

/** Kernel lockdown is at most at this level (kernel_lockdown(7)). Unknown lockdown: it is off unless Secure Boot turned it on. */
export const lockdown = defineCondition<Level>({
  id: "lockdown",
  summary: "kernel lockdown is at most at a level",
  schema: (z) => z.enum(levels),
  describe: (level) => `lockdown at most ${level}`,
  evaluate: (level, { boundary }) =>
    decide(boundary.host.lockdown, "host.lockdown", (actual) =>
      levels.indexOf(actual) <= levels.indexOf(level)
        ? holds(`kernel lockdown is ${actual}`, "host.lockdown")
        : blocked(["lockdown"], `kernel lockdown is ${actual}`, "host.lockdown"),
    ),
});
