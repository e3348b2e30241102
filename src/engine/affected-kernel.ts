import type { Boundary } from "../boundary/boundary.ts";
import { valueOf } from "../boundary/fact.ts";
import type { HostFacts } from "../boundary/host.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { holds } from "../conditions/verdict.ts";
import type { Affected, Vulnerability } from "../knowledge/types.ts";
import { originOf } from "../knowledge/versions/distribution.ts";
import { compareDotted } from "../knowledge/versions/dotted.ts";
import { kernelStatus, releaseOfPackage, runningPackage } from "../knowledge/versions/kernel-package.ts";
import type { KernelRelease } from "../knowledge/versions/kernel.ts";
import { parseKernelRelease, upstreamStatus } from "../knowledge/versions/kernel.ts";
import { advisoryFor } from "../knowledge/versions/packages.ts";
import { advisoryVerdict, distributionName, imageBuild, inWords } from "./affected-package.ts";
import { patched, perhaps, whereKnown } from "./affected-verdicts.ts";

type KernelRange = Extract<Affected, { readonly kind: "kernel" }>;

const byRelease = "host.kernelRelease";
const byPackage = "host.versions.linux";
/** What would decide about a distribution's kernel. */
const wanted = "host.kernel.package";

/** A kernel as it names itself, what that says, and the fact it was read from. */
interface Kernel {
  readonly name: string;
  readonly release: KernelRelease;
  readonly ref: string;
}

/** Whether the host's kernel has a vulnerability: its distribution's advisory, else the rule of kernel.org's branches. */
export function kernelVerdict(vulnerability: Vulnerability, range: KernelRange, { host }: Boundary): Verdict {
  return (
    ofOtherDistribution(vulnerability, range, host) ??
    byAdvisory(vulnerability, range, host) ??
    byInstalled(vulnerability, range, host) ??
    whereKnown(vulnerability, host.kernelRelease, "host.kernel.release", (name) => {
      const release = parseKernelRelease(name);
      if (release) return byBranches(vulnerability, range, { name, release, ref: byRelease });
      const reason = `kernel release ${name} does not begin with a version`;
      return perhaps(vulnerability, "host.kernel.release", reason, byRelease);
    })
  );
}

function ofOtherDistribution(
  vulnerability: Vulnerability,
  { distributionSpecific }: KernelRange,
  host: HostFacts,
): Verdict | undefined {
  const name = distributionName(host);
  if (distributionSpecific === undefined || name === undefined) return undefined;
  if (name.toLowerCase().includes(distributionSpecific)) return undefined;
  return patched(
    vulnerability,
    `only kernels of ${distributionSpecific} have it, and the host is ${name}`,
    "host.distribution",
  );
}

function byAdvisory(
  vulnerability: Vulnerability,
  { packages }: KernelRange,
  host: HostFacts,
): Verdict | undefined {
  if (!packages) return undefined;
  const build = imageBuild(host);
  if (build !== undefined) return advisoryVerdict(vulnerability, build, host, "host.distribution");
  const kernel = runningPackage(valueOf(host.kernelRelease), installed(host));
  const origin = kernel && originOf(kernel.version, distributionName(host));
  const advisory = origin && advisoryFor(kernel.version, origin, packages);
  if (!advisory) return undefined;
  const ref = kernel.version === installed(host) ? byPackage : byRelease;
  const where = inWords(advisory.family, advisory.release);
  switch (kernelStatus(kernel, advisory, origin)) {
    case "fixed":
      return patched(vulnerability, `Linux ${kernel.version} of ${where} does not have it`, ref);
    case "affected":
      return holds(`Linux ${kernel.version} has it: fixed in ${advisory.fixed} of ${where}`, ref);
    case "perhaps":
      return perhaps(
        vulnerability,
        wanted,
        `Linux ${kernel.version} may carry the fix that ${where} has in ${advisory.fixed}`,
        ref,
      );
    case undefined:
      return undefined;
  }
}

/** What is installed, where that says more than `uname -r`: Debian's point releases; any package where the release is not known. */
function byInstalled(vulnerability: Vulnerability, range: KernelRange, host: HostFacts): Verdict | undefined {
  const version = installed(host);
  const origin = version === undefined ? undefined : originOf(version, distributionName(host));
  const release = version === undefined || !origin ? undefined : releaseOfPackage(version, origin.family);
  if (version === undefined || !release) return undefined;
  const isNamed = host.kernelRelease.known || host.kernelRelease.candidates !== undefined;
  if (isNamed && origin?.family !== "debian") return undefined;
  const running = runningPackage(valueOf(host.kernelRelease), version);
  if (running?.version !== version) return undefined;
  return byBranches(vulnerability, range, { name: version, release, ref: byPackage });
}

function installed({ versions }: HostFacts): string | undefined {
  const fact = versions.get("linux");
  return fact && valueOf(fact);
}

/** By kernel.org's branches, as far as whoever made the kernel follows them. */
function byBranches(vulnerability: Vulnerability, range: KernelRange, kernel: Kernel): Verdict {
  const { name, release, ref } = kernel;
  if (compareDotted(release.version, range.fixed) >= 0)
    return patched(vulnerability, `Linux ${name} is newer than the fix in ${range.fixed}`, ref);
  if (range.distributionSpecific !== undefined)
    return bySpecific(vulnerability, range.distributionSpecific, kernel);
  const status = upstreamStatus(release.version, range);
  const { origin } = release;
  const follows = origin === "upstream" || origin === "points";
  if (status === "fixed" && follows) return patched(vulnerability, `Linux ${name} has the fix`, ref);
  // A distribution's branch has the features of that branch: what came later it does not have, unless features are backported.
  if (status === "not-yet" && origin !== "backports")
    return patched(vulnerability, `Linux ${name} is older than the bug${since(range)}`, ref);
  if (status === "affected" && origin === "upstream") {
    const points = [range.fixed, ...Object.values(range.stable)].join(", ");
    return holds(`Linux ${name} has it: fixed in ${points}`, ref);
  }
  const reason = `Linux ${name} is a distribution's: its package may carry the fix${origin === "backports" ? ", or the bug" : ""}`;
  return perhaps(vulnerability, wanted, reason, ref);
}

function since({ introduced }: KernelRange): string {
  return introduced === null ? "" : `, which came with ${introduced}`;
}

/** A bug of one distribution's own kernels, of which upstream's versions say nothing. */
function bySpecific(
  vulnerability: Vulnerability,
  distribution: string,
  { name, release, ref }: Kernel,
): Verdict {
  if (release.ubuntu === false)
    return patched(vulnerability, `only kernels of ${distribution} have it, and ${name} is none`, ref);
  return perhaps(
    vulnerability,
    wanted,
    `only kernels of ${distribution} have it; the package's version decides whether ${name} does`,
    ref,
  );
}
