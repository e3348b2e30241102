import { isContainerRoot, isHostRoot } from "./parts/identity.ts";
import { defineCondition } from "./types.ts";

/** Acts as uid 0 of the container (`container-root`), or as uid 0 of the host (`host-root`: no user namespace between). */
export const uid = defineCondition<"container-root" | "host-root">({
  id: "uid",
  summary: "acts as uid 0 of the container, or of the host",
  schema: (z) => z.enum(["container-root", "host-root"]),
  describe: (which) => (which === "host-root" ? "uid 0 on the host" : "uid 0 in the container"),
  evaluate: (which, context) => (which === "host-root" ? isHostRoot(context) : isContainerRoot(context)),
});
