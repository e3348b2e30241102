import { attempt, attemptAll } from "./attempt.ts";
import { rememberByFilter } from "./memo.ts";
import type { ResolvedFilter } from "./types.ts";
import { anyWay } from "./ways.ts";
import type { WayThrough } from "./ways.ts";

/**
 * Whether the filter leaves a way to mount: mount(2), the calls that make a new mount and attach it, or those that copy an
 * existing one and attach the copy. Capabilities and the LSM are asked elsewhere.
 * @see mount(2); Linux fs/namespace.c and fs/fsopen.c
 */
export const canMount = (filter: ResolvedFilter): WayThrough => remembered(filter, undefined);

const remembered = rememberByFilter(
  (filter, _: undefined) =>
    anyWay([
      attempt(filter, { syscall: "mount" }),
      attemptAll(filter, ["fsopen", "fsconfig", "fsmount", "move_mount"]),
      attemptAll(filter, ["open_tree", "move_mount"]),
    ]),
  () => 0,
);
