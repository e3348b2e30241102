import { isContainerRoot } from "./parts/identity.ts";
import { hasCapability } from "./parts/privilege.ts";
import { defineCondition } from "./types.ts";
import { anyOf, blocked, holds, spread, statusOf } from "./verdict.ts";

/**
 * A process of another container that shares the pid namespace can be traced, or entered through /proc/PID/root: with
 * CAP_SYS_PTRACE any; without it, one of the same user with no more capabilities (ptrace(2), access mode checking), and
 * the other container's user and capabilities are its own affair.
 */
export const siblingProcess = defineCondition<"accessible">({
  id: "sibling-process",
  summary: "processes of a container in the same pid namespace can be traced",
  schema: (z) => z.literal("accessible"),
  describe: () => "traces a process of the other container",
  evaluate: (_, context) => {
    const traces = hasCapability(context, "CAP_SYS_PTRACE");
    if (statusOf(traces) === "holds") return traces;
    const root = statusOf(isContainerRoot(context)) === "holds";
    const reason = root
      ? "it is uid 0 and may take on any user; whether the other container's processes have more capabilities is not compared"
      : "whether a process of the other container runs as the same user is not compared";
    const other = blocked(["capability:CAP_SYS_PTRACE"], reason, null);
    return anyOf([
      traces,
      spread({ known: false, fact: "siblings.user", reason }, "siblings", [holds(reason, "siblings"), other]),
    ]);
  },
});
