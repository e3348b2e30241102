import type { Boundary } from "../boundary/boundary.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { statusOf } from "../conditions/verdict.ts";
import type { Vulnerability } from "../knowledge/types.ts";
import { kernelVerdict } from "./affected-kernel.ts";
import { rangesVerdict } from "./affected-ranges.ts";
import { patched } from "./affected-verdicts.ts";

/**
 * Whether the host's version of a component has a vulnerability: holds, patched (closed for good), or unknown with the
 * fact that would decide. The advisory of the distribution whose package it is goes first, by that distribution's own order of
 * versions. Without one, upstream's version alone never proves a distribution's package vulnerable, for fixes are backported;
 * it does prove one fixed where it is newer than the fix. What stays unknown on a host that is assumed patched is patched.
 */
export function affectedVerdict(vulnerability: Vulnerability, boundary: Boundary): Verdict {
  const { affected } = vulnerability;
  const verdict =
    affected.kind === "kernel"
      ? kernelVerdict(vulnerability, affected, boundary)
      : rangesVerdict(vulnerability, affected, boundary);
  if (boundary.host.assumedPatched && statusOf(verdict) === "unknown") {
    return patched(vulnerability, "the host is assumed free of known vulnerabilities", null);
  }
  return verdict;
}
