import type { Boundary } from "../boundary/boundary.ts";
import type { Fact } from "../boundary/fact.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { absent, decide, holds, statusOf } from "../conditions/verdict.ts";
import type { Affected, Vulnerability } from "../knowledge/types.ts";
import { compareDebian } from "../knowledge/versions/debian.ts";
import { compareDotted, isDotted } from "../knowledge/versions/dotted.ts";
import { parseKernelRelease, upstreamOfPackage, upstreamStatus } from "../knowledge/versions/kernel.ts";

type KernelRange = Extract<Affected, { readonly kind: "kernel" }>;
type VersionRanges = Extract<Affected, { readonly kind: "ranges" }>;

/**
 * Whether the host's version of a component has a vulnerability: holds, patched (closed for good), or unknown with the
 * fact that would decide. A version alone never proves a distribution's package vulnerable, for fixes are backported;
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

function patched({ cve }: Vulnerability, text: string, ref: string | null): Verdict {
  return absent(`patched:${cve}`, text, ref);
}

/** Open in the worst case, patched in the best; `fact` would decide. */
function perhaps({ cve }: Vulnerability, fact: string, reason: string, ref: string | null): Verdict {
  const fixed = absent(`patched:${cve}`, reason, ref);
  return { ...holds(reason, ref), best: fixed.best, barriers: fixed.barriers, undecided: [{ fact, reason }] };
}

/** An unknown version: the named fact would decide. */
function whereKnown(
  vulnerability: Vulnerability,
  fact: Fact<string>,
  name: string,
  judge: (version: string) => Verdict,
): Verdict {
  if (!fact.known && fact.candidates === undefined) return perhaps(vulnerability, name, fact.reason, null);
  return decide(fact, name, judge);
}

function kernelVerdict(vulnerability: Vulnerability, range: KernelRange, { host }: Boundary): Verdict {
  const ref = "host.kernelRelease";
  if (
    range.distributionSpecific !== undefined &&
    host.distribution.known &&
    !host.distribution.value.toLowerCase().includes(range.distributionSpecific)
  ) {
    return patched(
      vulnerability,
      `only kernels of ${range.distributionSpecific} have it, and the host is ${host.distribution.value}`,
      "host.distribution",
    );
  }
  const packaged = packagedKernel(vulnerability, range, host);
  if (packaged) return packaged;
  return whereKnown(vulnerability, host.kernelRelease, "host.kernel.release", (release) => {
    const parsed = parseKernelRelease(release);
    if (!parsed)
      return perhaps(
        vulnerability,
        "host.kernel.release",
        `kernel release ${release} does not begin with a version`,
        ref,
      );
    if (compareDotted(parsed.version, range.fixed) >= 0) {
      return patched(vulnerability, `Linux ${release} is newer than the fix in ${range.fixed}`, ref);
    }
    if (range.distributionSpecific !== undefined) {
      if (parsed.ubuntu === false)
        return patched(
          vulnerability,
          `only kernels of ${range.distributionSpecific} have it, and ${release} is none`,
          ref,
        );
      return perhaps(
        vulnerability,
        "host.kernel.package",
        `only kernels of ${range.distributionSpecific} have it; the package's version decides whether ${release} does`,
        ref,
      );
    }
    const status = upstreamStatus(parsed.version, range);
    if (parsed.origin === "upstream") return byUpstream(vulnerability, range, release, status);
    // A distribution's branch has the features of that branch: what came later it does not have, unless features are backported.
    if (parsed.origin === "branch" && status === "not-yet")
      return byUpstream(vulnerability, range, release, status);
    return perhaps(
      vulnerability,
      "host.kernel.package",
      `Linux ${release} is a distribution's: its package may carry the fix${parsed.origin === "backports" ? ", or the bug" : ""}`,
      ref,
    );
  });
}

/** Debian's kernels are kernel.org's point releases; the package's version names them where the release does not. */
function packagedKernel(
  vulnerability: Vulnerability,
  range: KernelRange,
  host: Boundary["host"],
): Verdict | undefined {
  const fact = host.versions.get("linux");
  const upstream = fact?.known === true ? upstreamOfPackage(fact.value) : undefined;
  const isDebian = host.distribution.known && /debian/i.test(host.distribution.value);
  if (upstream === undefined || !isDebian || range.distributionSpecific !== undefined) return undefined;
  return byUpstream(vulnerability, range, upstream, upstreamStatus(upstream, range), "host.versions.linux");
}

function byUpstream(
  vulnerability: Vulnerability,
  range: KernelRange,
  release: string,
  status: ReturnType<typeof upstreamStatus>,
  ref = "host.kernelRelease",
): Verdict {
  switch (status) {
    case "affected":
      return holds(
        `Linux ${release} has it: fixed in ${[range.fixed, ...Object.values(range.stable)].join(", ")}`,
        ref,
      );
    case "fixed":
      return patched(vulnerability, `Linux ${release} has the fix`, ref);
    case "not-yet":
      return patched(
        vulnerability,
        `Linux ${release} is older than the bug${range.introduced === null ? "" : `, which came with ${range.introduced}`}`,
        ref,
      );
  }
}

function rangesVerdict(vulnerability: Vulnerability, affected: VersionRanges, boundary: Boundary): Verdict {
  const { component } = vulnerability;
  const [fact, ref] = versionOf(component, boundary);
  return whereKnown(vulnerability, fact, ref, (version) => {
    if (!isDotted(version))
      return perhaps(vulnerability, ref, `${component} ${version} is no version that can be compared`, ref);
    const byPackage = packageVerdict(vulnerability, affected, version, boundary, ref);
    if (byPackage) return byPackage;
    const range = affected.ranges.find(
      (r) =>
        compareDotted(version, r.introduced) >= 0 &&
        (r.fixed === null || compareDotted(version, r.fixed) < 0),
    );
    if (!range)
      return patched(vulnerability, `${component} ${version} is outside the affected versions`, ref);
    if (range.fixed === null)
      return perhaps(
        vulnerability,
        ref,
        `no fixed version of ${component} is known: the version alone does not tell`,
        ref,
      );
    if (isPackage(version))
      return perhaps(
        vulnerability,
        ref,
        `${component} ${version} is a distribution's package, which may carry the fix of ${range.fixed}`,
        ref,
      );
    return holds(`${component} ${version} has it: fixed in ${range.fixed}`, ref);
  });
}

/** `1.1.5+ds1-1+deb12u1`, `26.1.5+dfsg1`, `1.1.12-0ubuntu2~22.04.1`, `1.1.12-1.el9`: not upstream's own. */
function isPackage(version: string): boolean {
  return /[+~](ds|dfsg)|ubuntu|~?deb\d|\.(el|amzn|fc|azl|cm|oe)\d|rhaos/.test(version);
}

/** The distribution's own fixed version, where it is known and the package's release can be told. */
function packageVerdict(
  vulnerability: Vulnerability,
  { packages }: VersionRanges,
  version: string,
  { host }: Boundary,
  ref: string,
): Verdict | undefined {
  const fixes = packages?.["debian"];
  if (!fixes || !/[+~](ds|dfsg)/.test(version) || !version.includes("-")) return undefined;
  const named = host.distribution.known ? /debian\D*(\d+)/i.exec(host.distribution.value)?.[1] : undefined;
  const release = /[+~]deb(\d+)u/.exec(version)?.[1] ?? named;
  const fixed = release === undefined ? undefined : fixes[release];
  if (fixed === undefined) return undefined;
  return compareDebian(version, fixed) >= 0
    ? patched(vulnerability, `${vulnerability.component} ${version} has Debian's fix of ${fixed}`, ref)
    : holds(
        `${vulnerability.component} ${version} has it: fixed in ${fixed} of Debian ${String(release)}`,
        ref,
      );
}

/** The component's version: what the subject says of its own engine or runtime, else the host's. */
function versionOf(component: string, boundary: Boundary): readonly [Fact<string>, string] {
  const { engine, engineVersion, runtime, runtimeVersion, host } = boundary;
  const key = `host.versions.${component}`;
  if (engine.known && engine.value === component && engineVersion.known)
    return [engineVersion, "engineVersion"];
  if (runtime.known && runtime.value.includes(component) && runtimeVersion.known)
    return [runtimeVersion, "runtimeVersion"];
  const fact = host.versions.get(component);
  if (fact) return [fact, key];
  return [{ known: false, fact: key, reason: `the version of ${component} is not in the input` }, key];
}
