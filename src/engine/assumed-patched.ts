import type { Boundary } from "../boundary/boundary.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { absent } from "../conditions/verdict.ts";
import type { Vulnerability } from "../knowledge/types.ts";

/**
 * The verdict on a vulnerability of a host that is assumed free of them, where no version at all is known: nothing of the
 * vulnerability needs to be looked at. Undefined where some version is known, which may say more.
 */
export function assumedPatched({ cve }: Vulnerability, boundary: Boundary): Verdict | undefined {
  const { host, engineVersion, runtimeVersion } = boundary;
  if (!host.assumedPatched || engineVersion.known || runtimeVersion.known) return undefined;
  if (host.kernelRelease.known || host.versions.size > 0) return undefined;
  return absent(`patched:${cve}`, "the host is assumed free of known vulnerabilities", null);
}
