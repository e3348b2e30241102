import { writableMount } from "./parts/mounting.ts";
import { defineCondition } from "./types.ts";
import { absent, anyOf, holds } from "./verdict.ts";

/**
 * A file or folder of a host file system is visible, from which open_by_handle_at(2) reaches the rest of that file system:
 * any bind mount or volume, the ones that engines add by themselves (/etc/hosts, resolv.conf) among them. What is opened
 * through a mount that is read-only stays read-only: `writable` asks for one that is not.
 */
export const hostFileHandle = defineCondition<"visible" | "writable">({
  id: "host-file-handle",
  summary: "a file of a host file system is visible to take a handle from",
  schema: (z) => z.enum(["visible", "writable"]),
  describe: (how) =>
    how === "visible"
      ? "a file of a host file system is visible"
      : "a file of a host file system is mounted writable",
  evaluate: (how, context) => {
    const mounts = context.boundary.mounts.flatMap((mount, index) =>
      mount.kind === "bind" || mount.kind === "volume" ? [{ mount, ref: `mounts.${String(index)}` }] : [],
    );
    const [first] = mounts;
    if (!first) return absent("mount:absent", "nothing of a host file system is mounted", null);
    if (how === "visible") return holds(`${first.mount.target} lies on a file system of the host`, first.ref);
    const writable = mounts.find(({ mount }) => mount.readOnly.known && !mount.readOnly.value);
    if (writable)
      return holds(`${writable.mount.target} lies on a file system of the host, writable`, writable.ref);
    return anyOf(mounts.map(({ mount, ref }) => writableMount(mount, ref, context)));
  },
});
