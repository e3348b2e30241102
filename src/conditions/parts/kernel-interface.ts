import { isWithin, normalisePath } from "../../boundary/paths.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { absent, allOf, anyOf, decide, holds, statusOf } from "../verdict.ts";
import { mountVisible, mountWritable } from "./access.ts";
import { isHostRoot } from "./identity.ts";
import { lsmPermits } from "./lsm.ts";
import { mayMount, unlessUncovered, writableMount } from "./mounting.ts";
import { hasInitialCapability } from "./privilege.ts";
import { viewsOf } from "./views.ts";

type Access = "read" | "write";

/**
 * File systems of their own on the host: a container's procfs and sysfs show an empty folder there, until one is mounted.
 * @see proc(5), sysfs(5), Documentation/filesystems/debugfs.rst, binfmt-misc.rst, configfs.rst
 */
const fileSystemsOfTheirOwn = [
  "/sys/kernel/debug",
  "/sys/kernel/tracing",
  "/sys/kernel/security",
  "/sys/kernel/config",
  "/sys/fs/bpf",
  "/sys/fs/cgroup",
  "/sys/firmware/efi/efivars",
  "/proc/sys/fs/binfmt_misc",
];

/**
 * Files of procfs and sysfs that reach into the host's kernel (`/proc/sys/kernel/core_pattern`). Seen through the
 * container's own procfs or sysfs, behind its masked and read-only paths, or through a bind mount of the host's, where
 * those do not apply and AppArmor's rules (which are about paths) do not either.
 */
export function kernelInterface(path: string, access: Access, context: EvaluationContext): Verdict {
  const views = [...ownView(path, access, context), ...boundViews(path, access, context)];
  if (views.length === 0)
    return absent(`mount:absent:${path}`, `${path} of the host's kernel is not visible`, null);
  const seen = anyOf(views);
  return access === "write" ? allOf([seen, permitted(path, context)]) : seen;
}

/**
 * Sysctls go by uid alone (kernel/sysctl or fs/proc/proc_sysctl.c, test_perm): no capability helps. Elsewhere the mode of
 * the file counts, which CAP_DAC_OVERRIDE passes where somebody other than root holds it.
 */
function permitted(path: string, context: EvaluationContext): Verdict {
  const root = isHostRoot(context);
  if (isWithin(path, "/proc/sys")) return root;
  const override = hasInitialCapability(context, "CAP_DAC_OVERRIDE");
  return statusOf(override) === "holds" ? anyOf([root, override]) : root;
}

function boundViews(path: string, access: Access, context: EvaluationContext): readonly Verdict[] {
  return viewsOf(path, context).map((view) =>
    allOf([
      access === "write" ? mountWritable(view, context) : mountVisible(view, context),
      lsmPermits(context, {
        kind: access,
        path: view.seenAt,
        object: path,
        kernelInterface: true,
        relabelled: false,
      }),
    ]),
  );
}

function ownView(path: string, access: Access, context: EvaluationContext): readonly Verdict[] {
  const { isolation, mounts } = context.boundary;
  // Under an application kernel or in a virtual machine, procfs and sysfs are that kernel's own.
  if (isolation.known && isolation.value.kind !== "shared-kernel") return [];
  if (fileSystemsOfTheirOwn.some((p) => isWithin(path, p))) return [mountedAfresh(path, access, context)];
  const kind = isWithin(path, "/proc") ? "proc" : "sysfs";
  const index = mounts.findIndex((m) => m.kind === kind && isWithin(path, normalisePath(m.target)));
  const mount = mounts[index];
  if (!mount) return [];
  const ref = `mounts.${String(index)}`;
  const visible = [unlessMasked(path, context)];
  if (access === "write") {
    visible.push(writableMount(mount, ref, context), unlessReadOnly(path, context));
  }
  return [
    allOf([
      ...visible,
      lsmPermits(context, { kind: access, path, kernelInterface: true, relabelled: false }),
    ]),
  ];
}

/** Mounted by the actor at a place of its choice: path rules do not follow there, labels do. */
function mountedAfresh(path: string, access: Access, context: EvaluationContext): Verdict {
  return allOf([
    mayMount(context, "kernel-fs"),
    lsmPermits(context, {
      kind: access,
      path: "/mnt",
      object: path,
      kernelInterface: true,
      relabelled: false,
    }),
  ]);
}

function unlessMasked(path: string, context: EvaluationContext): Verdict {
  return decide(context.boundary.maskedPaths, "maskedPaths", (masked) => {
    const by = masked.find((m) => isWithin(path, normalisePath(m)));
    return by === undefined
      ? holds(`${path} is not masked`, "maskedPaths")
      : unlessUncovered(context, `masked:${by}`, `${by} is masked`, "maskedPaths");
  });
}

function unlessReadOnly(path: string, context: EvaluationContext): Verdict {
  return decide(context.boundary.readonlyPaths, "readonlyPaths", (list) => {
    const by = list.find((p) => isWithin(path, normalisePath(p)));
    return by === undefined
      ? holds(`${path} is not made read-only`, "readonlyPaths")
      : unlessUncovered(context, `mount:read-only:${by}`, `${by} is mounted read-only`, "readonlyPaths");
  });
}
