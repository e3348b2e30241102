import { compareApk, isApk } from "./apk.ts";
import { compareDebian, isDebian } from "./debian.ts";
import type { Family, PackageOrigin } from "./distribution.ts";
import { hasMinors, rebuilds } from "./distribution.ts";
import { compareDotted, isDotted } from "./dotted.ts";
import { compareRpm, isRpm } from "./rpm.ts";

/** Distribution, its release → the first version of its package with the fix. */
export type PackageFixes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** How a distribution orders the versions of its packages. */
export interface VersionRules {
  readonly compare: (a: string, b: string) => number;
  /** Whether a text is a version under these rules. */
  readonly parses: (version: string) => boolean;
  /** Whether a version names a build of the package, and not only what it is built from. */
  readonly whole: (version: string) => boolean;
}

const revised = (version: string): boolean => version.includes("-");
const debian: VersionRules = { compare: compareDebian, parses: isDebian, whole: revised };
const rpm: VersionRules = { compare: compareRpmUnequalEpochs, parses: isRpm, whole: revised };
const apk: VersionRules = { compare: compareApk, parses: isApk, whole: (version) => /-r\d+$/.test(version) };
// What is fixed is the image as a whole: its build stands for every package in it.
const cos: VersionRules = { compare: compareDotted, parses: isBuild, whole: isBuild };

const unlikeRpm: Readonly<Partial<Record<Family, VersionRules>>> = {
  debian,
  ubuntu: debian,
  alpine: apk,
  cos,
};

/** The rules of a distribution. */
export function rulesOf(family: Family): VersionRules {
  return unlikeRpm[family] ?? rpm;
}

/** `17800.66.54`, a build of Container-Optimized OS. */
function isBuild(version: string): boolean {
  return /^\d{4,6}\.\d+\.\d+$/.test(version);
}

/** `rpm -q` shows no epoch and advisories often leave it out: where one side has none, neither side's counts. */
function compareRpmUnequalEpochs(a: string, b: string): number {
  const both = /^\d+:/.test(a) && /^\d+:/.test(b);
  return both ? compareRpm(a, b) : compareRpm(withoutEpoch(a), withoutEpoch(b));
}

function withoutEpoch(version: string): string {
  return version.replace(/^\d+:/, "");
}

function withoutRelease(version: string): string {
  return withoutEpoch(version).replace(/-.*/, "");
}

/** What a distribution says instead of a version where its package never had the bug. */
const neverHadIt: readonly string[] = ["0", "not-affected"];

export function isNeverAffected(fixed: string): boolean {
  return neverHadIt.includes(fixed);
}

/** A distribution's word about a package: which release's, and the version with the fix. */
export interface Advisory {
  readonly family: Family;
  readonly release: string;
  readonly fixed: string;
  /** It is the word of the distribution that the package is rebuilt from. */
  readonly ofOriginal: boolean;
}

/** The advisory for a package: the distribution's own, else that of the one it is built from; of the minor release first. */
export function advisoryFor(
  version: string,
  origin: PackageOrigin,
  packages: PackageFixes | undefined,
): Advisory | undefined {
  if (!packages) return undefined;
  const releases = [minorOf(version), origin.minor, origin.release].filter((r) => r !== undefined);
  const own: readonly Family[] = [origin.family];
  const sources = rebuilds.has(origin.family) ? ([...own, "rhel"] as const) : own;
  for (const family of sources) {
    for (const release of releases) {
      const fixed = packages[family]?.[release];
      if (fixed !== undefined)
        return { family, release, fixed, ofOriginal: family !== origin.family || !isStated(origin) };
    }
  }
  return undefined;
}

/** `.el9` is anybody's who builds from RHEL's sources, unless the host says whose. */
function isStated({ family, stated }: PackageOrigin): boolean {
  return stated || !hasMinors(family);
}

/** The minor release that a package of RHEL or a relative was built for: `el9_4`, `module+el8.9.0`. */
function minorOf(version: string): string | undefined {
  const [, major, minor] = /[.+]el(\d+)[_.](\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

export type PackageStatus = "fixed" | "affected" | "perhaps";

/**
 * What an advisory says about a version of the package. `perhaps`: it is older than the fix, or seems newer, but of a line that
 * gets fixes of its own (another minor release, another module stream, a rebuild). Preconditions: the rules parse both.
 */
export function packageStatus(version: string, advisory: Advisory, origin: PackageOrigin): PackageStatus {
  const { fixed, family } = advisory;
  const isNewer = rulesOf(family).compare(version, fixed) >= 0;
  if (isNewer) return maybeStream(version, advisory, origin) ? "perhaps" : "fixed";
  return advisory.ofOriginal || ofOtherLine(version, advisory) ? "perhaps" : "affected";
}

/** Builds of CentOS Stream name no minor release: their numbers run ahead of RHEL's, their fixes sometimes behind. */
function maybeStream(
  version: string,
  { ofOriginal, fixed }: Advisory,
  { family, stated }: PackageOrigin,
): boolean {
  const unlike = minorOf(version) === undefined && minorOf(fixed) !== undefined;
  return ofOriginal && unlike && (family === "centos" || !stated);
}

/** Whether a package is of another minor release, or of another module stream, than the one that was fixed. */
function ofOtherLine(version: string, { family, release, fixed }: Advisory): boolean {
  if (!hasMinors(family)) return false;
  const built = minorOf(version);
  if (built !== undefined && built !== minorOf(fixed) && built !== release) return true;
  return version.includes("module") && withoutRelease(version) !== withoutRelease(fixed);
}

/**
 * The upstream version that a package is made from, as compareDotted reads it: without the epoch, and with the pre-release that
 * Red Hat keeps in the release (`4:1.0.0-74.rc95.el9` → `1.0.0-rc95`).
 */
export function upstreamOf(version: string): string {
  const plain = withoutEpoch(version);
  const [, numbers, pre] = /^(\d+(?:\.\d+)*)-[\d.]+\.((?:rc|beta|alpha)\d+)(?!\d)/.exec(plain) ?? [];
  return numbers === undefined || pre === undefined ? plain : `${numbers}-${pre}`;
}

/** Docker's own packages carry upstream's releases as they are: `5:28.1.1-1~ubuntu.24.04~noble`, `18.09.1-ce`. */
export function isVendors(version: string): boolean {
  return /-[\d.]+~(ubuntu|debian)[.-][\w.~]+$|^[\d.]+[-~]ce$/.test(version);
}

/** Whether a version may be that of a package somebody added fixes to: it has more than upstream's own versions have. */
export function mayCarryFixes(version: string): boolean {
  const rest = withoutEpoch(version).replace(/^v?\d+(\.\d+)*([-~.]?(alpha|beta|rc)[-.]?\d*)?/, "");
  return rest !== "" && !isVendors(version);
}

/** Whether a version can be compared with upstream's. */
export function hasUpstream(version: string): boolean {
  return isDotted(upstreamOf(version));
}
