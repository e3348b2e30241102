import { valueOf } from "../boundary/fact.ts";
import type { HostFacts } from "../boundary/host.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { holds } from "../conditions/verdict.ts";
import type { Vulnerability } from "../knowledge/types.ts";
import type { Family } from "../knowledge/versions/distribution.ts";
import { originOf, parseDistribution } from "../knowledge/versions/distribution.ts";
import {
  advisoryFor,
  isNeverAffected,
  isVendors,
  packageStatus,
  rulesOf,
} from "../knowledge/versions/packages.ts";
import { patched, perhaps } from "./affected-verdicts.ts";

/** The host's distribution as it names itself; undefined where that is not known. */
export function distributionName({ distribution }: HostFacts): string | undefined {
  return valueOf(distribution);
}

const spoken: Readonly<Record<Family, string>> = {
  debian: "Debian",
  ubuntu: "Ubuntu",
  rhel: "Red Hat Enterprise Linux",
  almalinux: "AlmaLinux",
  rocky: "Rocky Linux",
  centos: "CentOS",
  oracle: "Oracle Linux",
  fedora: "Fedora",
  amazon: "Amazon Linux",
  suse: "SUSE",
  azurelinux: "Azure Linux",
  alpine: "Alpine",
  cos: "Container-Optimized OS",
};

/** A distribution and its release in words. */
export function inWords(family: Family, release: string): string {
  return `${spoken[family]} ${release}`;
}

/**
 * The build of Container-Optimized OS, which stands for the version of every package in it: a fact of its own, or part of how
 * the distribution is named (`cos-109-17800.66.54`).
 */
export function imageBuild(host: HostFacts): string | undefined {
  const name = distributionName(host);
  if (name === undefined || parseDistribution(name)?.family !== "cos") return undefined;
  const fact = host.versions.get("cos");
  const stated = fact?.known === true ? fact.value : name;
  return /\d{4,6}\.\d+\.\d+/.exec(stated)?.[0];
}

/**
 * What the advisory of the package's distribution says about a version; undefined where there is none, or where the version
 * names no build of the package (what `--version` prints often leaves that out).
 */
export function advisoryVerdict(
  vulnerability: Vulnerability,
  version: string,
  host: HostFacts,
  ref: string,
): Verdict | undefined {
  const origin = originOf(version, distributionName(host));
  if (!origin || isVendors(version) || !rulesOf(origin.family).whole(version)) return undefined;
  const advisory = advisoryFor(version, origin, vulnerability.affected.packages);
  if (!advisory) return undefined;
  const { parses } = rulesOf(advisory.family);
  const { fixed } = advisory;
  const { component } = vulnerability;
  const where = inWords(advisory.family, advisory.release);
  if (isNeverAffected(fixed))
    return patched(vulnerability, `${component} of ${where} never had it, says the distribution`, ref);
  if (!parses(version) || !parses(fixed)) return undefined;
  switch (packageStatus(version, advisory, origin)) {
    case "fixed":
      return patched(vulnerability, `${component} ${version} has the fix of ${where}, ${fixed}`, ref);
    case "affected":
      return holds(`${component} ${version} has it: fixed in ${fixed} of ${where}`, ref);
    case "perhaps":
      return perhaps(
        vulnerability,
        ref,
        `${component} ${version} is not of the line that ${where} fixed in ${fixed}: it may carry the fix`,
        ref,
      );
  }
}
