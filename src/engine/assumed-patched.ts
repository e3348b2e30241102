import type { Boundary } from "../boundary/boundary.ts";

/**
 * The host is assumed free of known vulnerabilities, and no version is known that could say more: none of them needs to be
 * looked at.
 */
export function isAssumedPatched({ host, engineVersion, runtimeVersion }: Boundary): boolean {
  if (!host.assumedPatched || engineVersion.known || runtimeVersion.known) return false;
  return !host.kernelRelease.known && host.versions.size === 0;
}
