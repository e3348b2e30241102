import { defineCondition } from "./types.ts";
import { absent, decide, holds } from "./verdict.ts";

const x86 = /^(amd64|x86_64|i[3-6]86|386)$/;

/** The host's processor is of this family. */
export const architecture = defineCondition<"x86">({
  id: "architecture",
  summary: "the host's processor is of a family",
  schema: (z) => z.literal("x86"),
  describe: () => "an x86 processor",
  evaluate: (_, { boundary }) =>
    decide(boundary.host.architecture, "host.architecture", (name) =>
      x86.test(name)
        ? holds(`the host is ${name}`, "host.architecture")
        : absent(`architecture:${name}`, `the host is ${name}`, "host.architecture"),
    ),
});
