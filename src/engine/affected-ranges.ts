import type { Boundary } from "../boundary/boundary.ts";
import type { Fact } from "../boundary/fact.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { holds, statusOf } from "../conditions/verdict.ts";
import type { Affected, Vulnerability } from "../knowledge/types.ts";
import { parseDistribution } from "../knowledge/versions/distribution.ts";
import { compareDotted } from "../knowledge/versions/dotted.ts";
import { hasUpstream, isVendors, mayCarryFixes, upstreamOf } from "../knowledge/versions/packages.ts";
import { advisoryVerdict, distributionName, imageBuild } from "./affected-package.ts";
import { patched, perhaps, whereKnown } from "./affected-verdicts.ts";

type VersionRanges = Extract<Affected, { readonly kind: "ranges" }>;
type Range = VersionRanges["ranges"][number];

/** Whether a component that is versioned upstream has a vulnerability. */
export function rangesVerdict(
  vulnerability: Vulnerability,
  affected: VersionRanges,
  boundary: Boundary,
): Verdict {
  const [fact, ref] = versionOf(vulnerability.component, boundary);
  const image = imageBuild(boundary.host);
  const byImage =
    image === undefined
      ? undefined
      : advisoryVerdict(vulnerability, image, boundary.host, "host.distribution");
  if (byImage) return byImage;
  return whereKnown(vulnerability, fact, ref, (version) => {
    if (!hasUpstream(version))
      return perhaps(
        vulnerability,
        ref,
        `${vulnerability.component} ${version} is no version that can be compared`,
        ref,
      );
    const advised = advisoryVerdict(vulnerability, version, boundary.host, ref);
    const position = positionIn(affected.ranges, upstreamOf(version));
    if (!advised) return upstreamVerdict({ vulnerability, version, boundary, ref }, position);
    if (statusOf(advised) === "blocked" || typeof position === "object") return advised;
    // Older than the distribution's fix, and yet not in upstream's ranges.
    return position === "newer"
      ? patched(
          vulnerability,
          `${vulnerability.component} ${version} is made from a release with the fix`,
          ref,
        )
      : perhaps(
          vulnerability,
          ref,
          `${vulnerability.component} ${version} is older than the bug upstream, and than its distribution's fix: whether it came with a backport is not known`,
          ref,
        );
  });
}

interface Found {
  readonly vulnerability: Vulnerability;
  readonly version: string;
  readonly boundary: Boundary;
  readonly ref: string;
}

/** By upstream's ranges alone: proof that it is fixed or never had it; proof of the bug only for upstream's own builds. */
function upstreamVerdict(found: Found, position: Range | "newer" | "older"): Verdict {
  const { vulnerability, version, ref } = found;
  const { component } = vulnerability;
  if (typeof position === "string")
    return patched(vulnerability, `${component} ${version} is outside the affected versions`, ref);
  const { fixed } = position;
  if (fixed === null)
    return perhaps(
      vulnerability,
      ref,
      `no fixed version of ${component} is known: the version alone does not tell`,
      ref,
    );
  const doubt = packageDoubt(found);
  if (doubt !== undefined) return perhaps(vulnerability, ref, `${doubt} may carry the fix of ${fixed}`, ref);
  return holds(`${component} ${version} has it: fixed in ${fixed}`, ref);
}

/** Who may have added fixes to this version, in words; undefined for what upstream itself builds. */
function packageDoubt({ vulnerability: { component }, version, boundary }: Found): string | undefined {
  if (isVendors(version)) return undefined;
  const name = distributionName(boundary.host);
  const distribution = name === undefined ? undefined : parseDistribution(name);
  if (mayCarryFixes(version)) return `${component} ${version} is a package, which`;
  // What a program says of itself often leaves out the package's own part.
  if (distribution && name !== undefined) return `${component} ${version} is on ${name}, whose package`;
  return undefined;
}

/** The range that a version is in; else whether a range with a fix lies before it. */
function positionIn(ranges: readonly Range[], version: string): Range | "newer" | "older" {
  const inside = ranges.find(
    ({ introduced, fixed }) =>
      compareDotted(version, introduced) >= 0 && (fixed === null || compareDotted(version, fixed) < 0),
  );
  if (inside) return inside;
  const passed = ranges.some(({ fixed }) => fixed !== null && compareDotted(version, fixed) >= 0);
  return passed ? "newer" : "older";
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
