import type { Boundary, EngineName } from "../boundary/boundary.ts";
import { defineCondition } from "./types.ts";
import { absent, decide, holds } from "./verdict.ts";

const names = [
  "docker", "podman", "containerd", "cri-o", "nerdctl", "oci", "kubernetes",
  "lxc", "incus", "apptainer", "bubblewrap", "none",
] as const; // prettier-ignore

/** One of these engines runs the container. */
export const containerEngine = defineCondition<readonly EngineName[]>({
  id: "container-engine",
  summary: "one of the named engines runs the container",
  schema: (z) => z.array(z.enum(names)).check(z.minLength(1)),
  describe: (wanted) => `run by ${wanted.join(" or ")}`,
  evaluate: (wanted, { boundary }) =>
    decide(boundary.engine, "engine", (name) =>
      wanted.includes(name) || (wanted.includes("kubernetes") && isPodOfDocker(name, boundary))
        ? holds(`${name} runs it`, "engine")
        : absent(`engine:${name}`, `${name} runs it`, "engine"),
    ),
});

/** A pod that Docker runs for the kubelet (cri-dockerd) cannot be told from a plain container of such a node: both are taken for one. */
function isPodOfDocker(name: EngineName, { host }: Boundary): boolean {
  return name === "docker" && host.cri.known && host.cri.value === "cri-dockerd";
}
