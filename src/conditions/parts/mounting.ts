import { answer } from "../../seccomp/answer.ts";
import { canMount } from "../../seccomp/helpers.ts";
import type { Mount } from "../../boundary/boundary.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, anyOf, blocked, decide, holds } from "../verdict.ts";
import { lsmPermits } from "./lsm.ts";
import { hasCapability, hasInitialCapability } from "./privilege.ts";
import { remember } from "./remember.ts";
import { askFilter } from "./seccomp.ts";

/**
 * The actor may mount in a mount namespace that the initial user namespace owns: capability, filter and LSM all permit.
 * `kernel-fs`: procfs, sysfs, cgroup or debugfs, afresh; `other`: anything else.
 */
export const mayMount = remember(
  (context, what: "kernel-fs" | "other") =>
    allOf([
      hasInitialCapability(context, "CAP_SYS_ADMIN"),
      askFilter(context, "mount(2)", canMount),
      lsmPermits(context, { kind: "mount", what }),
    ]),
  (what) => what,
);

/** Remounting asks for CAP_SYS_ADMIN over the mount namespace only: with a user namespace, the container's own (mount(2)). */
const mayRemount = remember(
  (context) =>
    allOf([
      hasCapability(context, "CAP_SYS_ADMIN"),
      askFilter(context, "mount(2)", canMount),
      lsmPermits(context, { kind: "mount", what: "other" }),
    ]),
  () => "",
);

const mayUnmount = remember(
  (context) =>
    allOf([
      hasCapability(context, "CAP_SYS_ADMIN"),
      askFilter(context, "umount2(2)", (filter) => answer(filter, { syscall: "umount2" })),
      lsmPermits(context, { kind: "umount" }),
    ]),
  () => "",
);

/** What a read-only mount keeps from writes is reached when that mount fails, or when it is remounted from inside. */
export function unlessRemounted(
  context: EvaluationContext,
  barrier: string,
  text: string,
  ref: string,
): Verdict {
  return anyOf([blocked([barrier], text, ref), mayRemount(context)]);
}

/**
 * What another mount lies over (a masked path, a path that was bound onto itself read-only) is reached when that mount
 * fails, or when it is undone from inside: remounted, mounted afresh elsewhere, or unmounted. The engines' AppArmor
 * template denies mounting but allows unmounting; locked mounts bind only in a child user namespace (mount_namespaces(7)).
 */
export function unlessUncovered(
  context: EvaluationContext,
  barrier: string,
  text: string,
  ref: string,
): Verdict {
  return anyOf([blocked([barrier], text, ref), mayRemount(context), mayUnmount(context)]);
}

/** A mount lets writes through: it is writable, or can be made so from inside. */
export function writableMount({ target, readOnly }: Mount, ref: string, context: EvaluationContext): Verdict {
  return decide(readOnly, ref, (isReadOnly) =>
    isReadOnly
      ? unlessRemounted(context, `mount:read-only:${target}`, `${target} is mounted read-only`, ref)
      : holds(`${target} is mounted writable`, ref),
  );
}
