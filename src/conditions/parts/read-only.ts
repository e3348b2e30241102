import type { Boundary } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, mapFact, possibleValues, unknown } from "../../boundary/fact.ts";
import { isWithin } from "../../boundary/paths.ts";
import { compareVersions } from "../../seccomp/versions.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { decide, holds } from "../verdict.ts";
import type { View } from "./views.ts";

/** Mounted below `/` on every host, so a bind of `/` carries them along as mounts of their own. */
const mountedEverywhere = ["/proc", "/sys", "/dev", "/run"] as const;

/**
 * Whether a read-only bind keeps what the view shows read-only: `kept` says what then stands in the way. A bind carries
 * the mounts below its source along (rbind), and their own flags stay as they were unless read-only is made recursive
 * (mount_setattr(2), AT_RECURSIVE): `/:/host:ro` can leave /host/proc writable.
 */
export function readOnlyReaches(view: View, context: EvaluationContext, kept: Verdict): Verdict {
  const below = mountedEverywhere.find(
    (point) => isWithin(view.hostPath, point) && isWithin(point, view.source) && point !== view.source,
  );
  if (below === undefined) return kept;
  return decide(isRecursive(view, context.boundary), view.ref, (recursive) =>
    recursive
      ? kept
      : holds(
          `${view.mount.target} is mounted read-only, but not what is mounted below it: ${below} keeps its own mount, writable`,
          view.ref,
        ),
  );
}

const reason = "Docker makes read-only mounts recursive from Engine 25.0 on, with Linux 5.12 or later";

/**
 * What each engine does where nothing was said. Docker: recursive from Engine 25.0 on kernels that can (moby pull request
 * 45278). Kubernetes: not unless `recursiveReadOnly` asks for it (KEP-3857). Podman, nerdctl and the runtime specification:
 * `ro` is not recursive, `rro` is.
 */
function isRecursive({ mount }: View, boundary: Boundary): Fact<boolean> {
  if (mount.recursiveReadOnly) return mount.recursiveReadOnly;
  const engines = possibleValues(boundary.engine) ?? ["docker"];
  // What is observed lists every mount with its own flags, and sandboxes without an engine mount each path by itself.
  if (engines.every((name) => name === "none"))
    return defaulted(true, "each mount is listed with its own flags");
  if (engines.every((name) => name === "docker")) return byDocker(boundary);
  if (engines.every((name) => name !== "docker" && name !== "none"))
    return defaulted(false, "read-only is not recursive unless asked for");
  return unknown("engine", "the engine decides whether read-only mounts are recursive", [false, true]);
}

function byDocker({ engineVersion, host }: Boundary): Fact<boolean> {
  const { kernelRelease } = host;
  if (kernelRelease.known && compareVersions(kernelRelease.value, "5.12") < 0)
    return defaulted(false, reason);
  if (engineVersion.known) return mapFact(engineVersion, (version) => compareVersions(version, "25.0") >= 0);
  // A host that is assumed patched runs a release that still gets fixes; those are 25.0 and later.
  return host.assumedPatched ? defaulted(true, reason) : unknown("engine.version", reason, [false, true]);
}
