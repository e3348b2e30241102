import type { LsmQuestion } from "./parts/lsm.ts";
import { lsmPermits as ask } from "./parts/lsm.ts";
import { defineCondition } from "./types.ts";

// A file of the host that nothing was relabelled for: SELinux goes by its label, AppArmor's template by nothing.
const hostFile = { path: "/", kernelInterface: false, relabelled: false } as const;

const questions = {
  mount: { kind: "mount", what: "other" },
  "mount-kernel-fs": { kind: "mount", what: "kernel-fs" },
  "ptrace-host": { kind: "ptrace-host" },
  "ptrace-sibling": { kind: "ptrace-sibling" },
  "signal-host": { kind: "signal-host" },
  "load-module": { kind: "load-module" },
  "read-host-files": { kind: "read", ...hostFile },
  "write-host-files": { kind: "write", ...hostFile },
} as const satisfies Record<string, LsmQuestion>;
type Operation = keyof typeof questions;

/** AppArmor and SELinux both permit an operation. */
export const lsmPermits = defineCondition<Operation>({
  id: "lsm-permits",
  summary: "AppArmor and SELinux permit an operation",
  schema: (z) => z.enum(Object.keys(questions) as Operation[]),
  describe: (operation) => `AppArmor and SELinux permit ${operation}`,
  evaluate: (operation, context) => ask(context, questions[operation]),
});
