import type { SiblingShare } from "../boundary/boundary.ts";
import { defineCondition } from "./types.ts";
import { absent, holds } from "./verdict.ts";

const ways = ["pid-namespace", "volume", "network-namespace", "ipc-namespace"] as const;

/** Something is shared with another workload. */
export const shares = defineCondition<SiblingShare["through"]>({
  id: "shares",
  summary: "shares something with another workload",
  schema: (z) => z.enum(ways),
  describe: (through) => `shares a ${through} with another workload`,
  evaluate: (through, { boundary }) => {
    const index = boundary.siblings.findIndex((sibling) => sibling.through === through);
    const sibling = boundary.siblings[index];
    return sibling
      ? holds(`shares a ${through} with ${sibling.name}`, `siblings.${String(index)}`)
      : absent(`sibling:${through}`, `shares no ${through} with another workload`, null);
  },
});
