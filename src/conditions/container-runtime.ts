import { defineCondition } from "./types.ts";
import { absent, decide, holds, spread } from "./verdict.ts";

const names = ["runc", "crun", "youki", "runsc", "kata"] as const;
type Name = (typeof names)[number];

/** What stands behind the names that engines use: shims (`io.containerd.runc.v2`), wrappers of runc, RuntimeClass handlers. */
const meanings: readonly (readonly [RegExp, Name])[] = [
  [/(^|[./])runc(\.|$)|^nvidia(-container-runtime)?$/, "runc"],
  [/(^|[./])crun/, "crun"],
  [/(^|[./])youki/, "youki"],
  [/runsc|gvisor/, "runsc"],
  [/kata/, "kata"],
];

/** One of these low-level runtimes starts the container. A name that says nothing leaves it open. */
export const containerRuntime = defineCondition<readonly Name[]>({
  id: "container-runtime",
  summary: "one of the named low-level runtimes starts the container",
  schema: (z) => z.array(z.enum(names)).check(z.minLength(1)),
  describe: (wanted) => `started by ${wanted.join(" or ")}`,
  evaluate: (wanted, { boundary }) =>
    decide(boundary.runtime, "runtime", (name) => {
      const meaning = meanings.find(([pattern]) => pattern.test(name))?.[1];
      const yes = holds(`${meaning ?? name} starts it`, "runtime");
      const no = absent(`runtime:${meaning ?? name}`, `${meaning ?? name} starts it`, "runtime");
      if (meaning !== undefined) return wanted.includes(meaning) ? yes : no;
      const reason = `what the runtime ${name} is, is decided by the host's configuration`;
      return spread({ known: false, fact: `runtime-class:${name}`, reason }, "runtime", [yes, no]);
    }),
});
