import type { UntrustedInput } from "../boundary/host.ts";
import { untrustedInputs } from "../boundary/host.ts";
import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

const words: Readonly<Record<UntrustedInput, string>> = {
  build: "a Dockerfile, build context or frontend that the engine builds",
  "pod-spec": "a pod specification that the node runs",
  "container-options": "options of a container that the engine creates",
  "engine-api": "requests to the engine's API",
  checkpoint: "a checkpoint that the engine restores",
  "compose-file": "a Compose file that an operator uses",
  "host-user": "an account on the host",
  network: "traffic on the engine's network",
};

/**
 * Somebody hostile hands something to the engine besides an image or the code that runs: an input of its own, from whoever is
 * allowed to build, to create pods, or to log in to the host. Nobody does in the default threat model (design, section 3).
 */
export const untrustedInput = defineCondition<readonly UntrustedInput[]>({
  id: "untrusted-input",
  summary: "somebody hostile hands the engine something besides an image (a build, a pod specification ...)",
  schema: (z) => z.array(z.enum(untrustedInputs)).check(z.minLength(1)),
  describe: (wanted) => `hostile: ${wanted.map((kind) => words[kind]).join(", or ")}`,
  evaluate: (wanted, { boundary }) =>
    decide(boundary.host.untrustedInputs, "host.untrustedInputs", (given) => {
      const found = wanted.filter((kind) => given.includes(kind));
      return found.length > 0
        ? holds(
            `somebody hostile supplies ${found.map((kind) => words[kind]).join(", ")}`,
            "host.untrustedInputs",
          )
        : blocked(
            ["no-untrusted-input"],
            `nobody hostile supplies ${wanted.map((kind) => words[kind]).join(", or ")}`,
            "host.untrustedInputs",
          );
    }),
});
