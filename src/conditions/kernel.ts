import { defineCondition } from "./types.ts";
import { absent, decide, holds } from "./verdict.ts";

/** Which kernel answers the workload: the host's own (`shared`), an application kernel, or one in a virtual machine. */
export const kernel = defineCondition<"shared" | "application" | "guest">({
  id: "kernel",
  summary: "which kernel answers the workload's system calls",
  schema: (z) => z.enum(["shared", "application", "guest"]),
  describe: (which) =>
    which === "shared"
      ? "the host's kernel is shared"
      : which === "application"
        ? "an application kernel"
        : "a kernel in a virtual machine",
  evaluate: (which, { boundary }) =>
    decide(boundary.isolation, "isolation", (isolation) => {
      switch (isolation.kind) {
        case "shared-kernel":
          return which === "shared"
            ? holds("its system calls go to the host's kernel", "isolation")
            : absent("isolation:none", "its system calls go to the host's kernel", "isolation");
        case "application-kernel":
          return which === "application"
            ? holds("gVisor's kernel answers its system calls", "isolation")
            : absent(
                "gvisor-correct",
                "gVisor's kernel answers its system calls, not the host's",
                "isolation",
              );
        case "hypervisor":
          return which === "guest"
            ? holds(`a virtual machine (${isolation.vmm}) holds it`, "isolation")
            : absent(
                "vmm-correct",
                `it has a kernel of its own in a virtual machine (${isolation.vmm})`,
                "isolation",
              );
      }
    }),
});
