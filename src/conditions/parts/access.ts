import type { HostPath } from "../../boundary/host-paths.ts";
import { isWithin } from "../../boundary/paths.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { absent, allOf, blocked, decide, holds } from "../verdict.ts";
import { lsmPermits } from "./lsm.ts";
import { unlessRemounted } from "./mounting.ts";
import { permissionGranted } from "./permission.ts";
import { readOnlyReaches } from "./read-only.ts";
import type { Access, ListedView, View } from "./views.ts";

/** What the view shows, in words: `/run of the host is mounted at /host/run and holds /run/docker.sock`. */
function shown({ source, hostPath, mount }: View): string {
  const mounted = `${source} of the host is mounted at ${mount.target}`;
  return isWithin(source, hostPath) ? mounted : `${mounted} and holds ${hostPath}`;
}

/**
 * What a mount hides or protects is reached when that mount fails, or when whoever may mount undoes it. Under an
 * application kernel or in a virtual machine, mounting inside undoes nothing: the host's side keeps the mount.
 */
function unlessUndone(context: EvaluationContext, barrier: string, text: string, ref: string): Verdict {
  return decide(context.boundary.isolation, "isolation", ({ kind }) =>
    kind === "shared-kernel" ? unlessRemounted(context, barrier, text, ref) : blocked([barrier], text, ref),
  );
}

/** No other mount lies over the view. */
export function mountVisible(view: View, context: EvaluationContext): Verdict {
  const { hiddenBy, mount } = view;
  if (!hiddenBy) return holds(shown(view), view.ref);
  const text = `what ${mount.target} shows there is hidden by the mount at ${hiddenBy.target}`;
  return unlessUndone(context, `masked:${hiddenBy.target}`, text, hiddenBy.ref);
}

/** The mount lets writes through, and no other mount lies over the view. */
export function mountWritable(view: View, context: EvaluationContext): Verdict {
  const { mount, ref } = view;
  const writable = decide(mount.readOnly, ref, (readOnly) => {
    if (!readOnly) return holds(`${shown(view)}, writable`, ref);
    const text = `${mount.target} is mounted read-only`;
    return readOnlyReaches(
      view,
      context,
      unlessUndone(context, `mount:read-only:${mount.target}`, text, ref),
    );
  });
  return view.hiddenBy ? allOf([mountVisible(view, context), writable]) : writable;
}

/** The actor can use what the view shows, in the given way. `others` paths of the same kind are seen through the same mount. */
export function canUse(
  access: Access,
  { entry, view }: ListedView,
  others: number,
  context: EvaluationContext,
): Verdict {
  const more = others === 0 ? "" : ` and ${String(others)} more of the kind`;
  const relabelled = view.mount.relabelled === true;
  const what = holds(`${view.hostPath}${more}: ${entry.what}`, view.ref);
  const permission = permissionGranted(entry, view, context);
  switch (access) {
    case "read":
    case "write":
      return allOf([
        access === "read" ? mountVisible(view, context) : mountWritable(view, context),
        what,
        permission,
        lsmPermits(context, { kind: access, path: view.seenAt, kernelInterface: false, relabelled }),
      ]);
    case "connect":
      return allOf([
        mountVisible(view, context),
        readOnlyDoesNotMatter(view),
        what,
        permission,
        lsmPermits(context, { kind: "connect-host-socket" }),
        socketsPass(context),
        busPermits(entry, context),
      ]);
  }
}

/** connect(2) asks for write permission on the socket file, and a read-only mount does not refuse that for sockets. */
function readOnlyDoesNotMatter({ mount, ref }: View): Verdict {
  const readOnly = mount.readOnly.known && mount.readOnly.value;
  return holds(readOnly ? `${mount.target} is mounted read-only, which does not stop a connection` : "", ref);
}

/**
 * A Unix socket of the host that is bound into a gVisor or VM sandbox does not connect: gVisor refuses host sockets unless
 * `--host-uds` allows them (gvisor.dev runsc flags), virtio-fs and 9p carry files, not sockets.
 */
function socketsPass({ boundary }: EvaluationContext): Verdict {
  return decide(boundary.isolation, "isolation", (isolation) => {
    if (isolation.kind === "shared-kernel")
      return holds("the host's kernel carries the connection", "isolation");
    if (isolation.kind === "hypervisor") {
      return absent(
        "vmm:no-host-sockets",
        "a socket file shared into a virtual machine does not reach its listener",
        "isolation",
      );
    }
    return isolation.hostUds
      ? holds("gVisor runs with host sockets allowed", "isolation")
      : blocked(
          ["gvisor:host-uds"],
          "gVisor refuses connections to sockets of the host unless told otherwise",
          "isolation",
        );
  });
}

/**
 * The bus daemon asks AppArmor about each message, and the engines' default profiles have no rule for D-Bus (moby
 * profiles/apparmor/template.go). Whether it asks is the kernel's affair: Ubuntu's kernels mediate D-Bus, others need a
 * recent one (moby issue 38442, home-assistant/version pull request 506).
 */
function busPermits(entry: HostPath, { boundary }: EvaluationContext): Verdict {
  const ref = "process.apparmor";
  if (entry.component !== "dbus") return holds("", null);
  return decide(boundary.process.apparmor, ref, (state) => {
    if (state.kind !== "profile") return holds("AppArmor does not keep it from the bus", ref);
    const text = `AppArmor profile ${state.name} has no rule for D-Bus`;
    const denied = blocked(["apparmor"], text, ref);
    const { distribution } = boundary.host;
    if (distribution.known && /ubuntu/i.test(distribution.value)) return denied;
    const reason = `${text}; whether the host's kernel mediates D-Bus is not in the input`;
    return {
      ...holds(reason, ref),
      best: denied.best,
      barriers: denied.barriers,
      undecided: [{ fact: "host.apparmor.dbus", reason }],
    };
  });
}
