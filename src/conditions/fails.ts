import { defineCondition } from "./types.ts";
import { blocked } from "./verdict.ts";

const parts = {
  kernel: ["kernel-correct", "an unknown bug of the host's kernel would be needed"],
  runtime: ["runtime-correct", "an unknown bug of the container runtime or engine would be needed"],
  "application-kernel": ["gvisor-correct", "an unknown bug of the application kernel would be needed"],
  "guest-kernel": ["guest-kernel-correct", "an unknown bug of the guest's kernel would be needed"],
  vmm: ["vmm-correct", "an unknown bug of the virtual machine monitor would be needed"],
  "host-service": [
    "host-services-correct",
    "a program of the host that trusts whoever reaches it would be needed",
  ],
  jail: ["jail", "the jail around the virtual machine monitor would have to fail"],
} as const;
type Part = keyof typeof parts;

/** A part that everything rests on has an unknown bug: always blocked, by the correctness of that part. */
export const fails = defineCondition<Part>({
  id: "fails",
  summary: "a part that everything rests on has an unknown bug",
  schema: (z) => z.enum(Object.keys(parts) as Part[]),
  describe: (part) => `an unknown bug of the ${part}`,
  evaluate: (part) => blocked([parts[part][0]], parts[part][1], null),
});
