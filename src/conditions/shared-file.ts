import { defineCondition } from "./types.ts";
import { absent, anyOf, holds } from "./verdict.ts";

/**
 * A readable file whose page cache a more privileged context shares: image layers that other containers run from, a host
 * program bound in read-only. A kernel bug that writes the page cache makes it writable; a read-only mount does not help.
 */
export const sharedFile = defineCondition<"readable">({
  id: "shared-file",
  summary: "a readable file shares its page cache with a more privileged context",
  schema: (z) => z.literal("readable"),
  describe: () => "a readable file that others execute",
  evaluate: (_, { boundary }) => {
    const bind = boundary.mounts.findIndex((mount) => mount.kind === "bind" && mount.implicit !== true);
    const ways =
      bind === -1
        ? []
        : [holds(`${boundary.mounts[bind]?.target ?? ""} is shared with the host`, `mounts.${String(bind)}`)];
    const rootfs =
      boundary.isolation.known && boundary.isolation.value.kind === "hypervisor"
        ? []
        : [holds("the image's layers are shared with every container that uses them", null)];
    return ways.length + rootfs.length > 0
      ? anyOf([...ways, ...rootfs])
      : absent("mount:absent", "no file is shared", null);
  },
});
