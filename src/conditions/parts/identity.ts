import type { IdMapping } from "../../boundary/boundary.ts";
import { remember } from "./remember.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, blocked, decide, holds } from "../verdict.ts";

/** The actor's uid inside the container is 0, or it may set it to 0: CAP_SETUID, which an ambient set can give any user. */
export function isContainerRoot({ boundary, actor }: EvaluationContext): Verdict {
  if (actor === "container-root") return holds("it runs as uid 0 inside the container by then", null);
  const { permitted } = boundary.process.capabilities;
  return decide(boundary.process.uid, "process.uid", (uid) => {
    if (uid === 0) return holds("runs as uid 0", "process.uid");
    if (boundary.process.uid.known && permitted.known && permitted.value.includes("CAP_SETUID"))
      return holds("has CAP_SETUID: it may become uid 0", "process.capabilities.permitted#CAP_SETUID");
    return blocked(["non-root"], `runs as uid ${uid < 0 ? "other than 0" : String(uid)}`, "process.uid");
  });
}

function mapsToHostRoot(mappings: readonly IdMapping[]): boolean {
  return mappings.some((m) => m.containerId === 0 && m.hostId === 0 && m.size > 0);
}

/**
 * Container ids are host ids and capabilities count in the initial user namespace. A private user namespace that maps 0
 * to 0 keeps the ids, but not the capabilities: `ids` and `capabilities` ask for one or the other.
 */
export function inInitialUserNamespace(
  { boundary }: EvaluationContext,
  aspect: "ids" | "capabilities",
): Verdict {
  const { namespaces } = boundary;
  return decide(namespaces.user, "namespaces.user", (state) => {
    if (state.kind === "host")
      return holds("shares the host's user namespace: its ids are the host's", "namespaces.user");
    if (aspect === "ids" && namespaces.uidMap.known && mapsToHostRoot(namespaces.uidMap.value)) {
      return holds(
        "has a user namespace of its own, which maps uid 0 to the host's uid 0",
        "namespaces.uidMap",
      );
    }
    // Under a rootless engine, root inside would not be the host's without the namespace either: both have to give way.
    const isRootless = boundary.rootless.known && boundary.rootless.value;
    return blocked(
      isRootless ? ["rootless-engine", "user-namespace"] : ["user-namespace"],
      "has a user namespace of its own: root inside is somebody else outside",
      "namespaces.user",
    );
  });
}

/** The actor is uid 0 on the host. */
export const isHostRoot = remember(
  (context) => allOf([isContainerRoot(context), inInitialUserNamespace(context, "ids")]),
  () => "",
);
