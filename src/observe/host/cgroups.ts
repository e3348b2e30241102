import type { HostFacts } from "../../boundary/host.ts";
import type { Looker } from "./look.ts";
import { factFrom } from "./look.ts";

/** Which control group hierarchies are mounted (cgroups(7)), and whether one of version 1 could be. */
export function cgroupFacts(looker: Looker): Pick<HostFacts, "cgroupVersion" | "cgroupV1Mountable"> {
  const mounts = looker.read("/proc/self/mounts");
  return {
    cgroupVersion: factFrom("host.cgroup-version", mounts, versionOf, ["v1", "hybrid", "v2"]),
    cgroupV1Mountable: factFrom(
      "host.cgroup-v1-mountable",
      looker.read("/proc/cmdline"),
      (text) => !/(^|\s)cgroup_no_v1=(all,named|named,all)(\s|$)/.test(text),
      [true, false],
    ),
  };
}

function versionOf(mounts: string): "v1" | "v2" | "hybrid" | undefined {
  const types = new Set(mounts.split("\n").map((line) => line.split(" ")[2]));
  if (types.has("cgroup")) return types.has("cgroup2") ? "hybrid" : "v1";
  return types.has("cgroup2") ? "v2" : undefined;
}
