import { defineCondition } from "./types.ts";
import { absent, blocked, decide, holds } from "./verdict.ts";

/** Nothing confines the virtual machine monitor itself: no jailer, no filter, no user of its own. */
export const jailed = defineCondition<"no">({
  id: "jailed",
  summary: "no jail confines the virtual machine monitor",
  schema: (z) => z.literal("no"),
  describe: () => "no jail around the virtual machine monitor",
  evaluate: (_, { boundary }) =>
    decide(boundary.isolation, "isolation", (isolation) => {
      if (isolation.kind !== "hypervisor")
        return absent("isolation:none", "there is no virtual machine", "isolation");
      return isolation.jailed
        ? blocked(["jail"], `a jail confines ${isolation.vmm}`, "isolation")
        : holds(`no jail is known around ${isolation.vmm}`, "isolation");
    }),
});
