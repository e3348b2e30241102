import { defineCondition } from "./types.ts";
import { absent, decide, holds } from "./verdict.ts";

/** The host's kernel has cgroup v1 controllers to mount, whatever the container itself may mount. */
export const hostCgroup = defineCondition<"v1">({
  id: "host-cgroup",
  summary: "the host has cgroup v1 controllers",
  schema: (z) => z.literal("v1"),
  describe: () => "the host has cgroup v1 controllers",
  evaluate: (_, { boundary }) =>
    decide(boundary.host.cgroupV1Mountable, "host.cgroupV1Mountable", (yes) =>
      yes
        ? holds("the host has cgroup v1 controllers", "host.cgroupV1Mountable")
        : absent("host:cgroup-v2-only", "the host has cgroup v2 only", "host.cgroupV1Mountable"),
    ),
});
