import type { Family, PackageOrigin } from "./distribution.ts";
import { hasMinors } from "./distribution.ts";
import { parseKernelRelease } from "./kernel.ts";
import type { KernelOrigin, KernelRelease } from "./kernel.ts";
import type { Advisory, PackageStatus } from "./packages.ts";
import { isNeverAffected, packageStatus, rulesOf } from "./packages.ts";

/** A kernel's package; `whole` where its version is known to the end, and not only how it begins. */
export interface KernelPackage {
  readonly version: string;
  readonly whole: boolean;
}

const rpmRelease =
  /^(\d+\.\d+\.\d+-[\d.]+\.(?:el\d+(?:_\d+)?|amzn\d+|fc\d+|azl\d+|cm\d+))\.(?:x86_64|aarch64|ppc64le|s390x|i686)/;
const alpineRelease = /^(\d+\.\d+(?:\.\d+)?)-(\d+)-[a-z]/;
const ubuntuRelease = /^(\d+\.\d+\.\d+-\d+)-[a-z]/;
const debianRelease = /^(\d+\.\d+(?:\.\d+)?)\+deb\d/;

/** The package that `uname -r` names: RPMs and Alpine's whole, Ubuntu's and Debian 13's by how they begin; undefined for others. */
export function packageOfRelease(release: string): KernelPackage | undefined {
  const rpm = rpmRelease.exec(release)?.[1];
  if (rpm !== undefined) return { version: rpm, whole: true };
  const { ubuntu, origin } = parseKernelRelease(release) ?? {};
  const [, numbers, revision] = alpineRelease.exec(release) ?? [];
  if (origin === "upstream" && numbers !== undefined && revision !== undefined)
    return { version: `${numbers}-r${revision}`, whole: true };
  const begins = (ubuntu === true ? ubuntuRelease : debianRelease).exec(release)?.[1];
  return begins === undefined ? undefined : { version: begins, whole: false };
}

/**
 * The package of the kernel that runs, from `uname -r` and what the host says is installed. An installed package that another
 * kernel runs beside (after an upgrade without a restart) says nothing about that one.
 */
export function runningPackage(
  release: string | undefined,
  installed: string | undefined,
): KernelPackage | undefined {
  const running = release === undefined ? undefined : packageOfRelease(release);
  if (running?.whole === true || installed === undefined) return running;
  const stated = packageOfRelease(installed) ?? { version: installed, whole: true };
  return running && !stated.version.startsWith(running.version) ? running : stated;
}

/** The branch that a release began with and its kernel package stays on: `not-affected` is said of that one. */
const ownBranches: Readonly<Partial<Record<Family, Readonly<Record<string, string>>>>> = {
  debian: { "10": "4.19", "11": "5.10", "12": "6.1", "13": "6.12" },
  ubuntu: { "16.04": "4.4", "18.04": "4.15", "20.04": "5.4", "22.04": "5.15", "24.04": "6.8" },
  rhel: { "7": "3.10", "8": "4.18", "9": "5.14", "10": "6.12" },
};

/**
 * What a distribution's advisory says about a kernel; undefined where it is about another one: distributions have several
 * kernel packages a release, for newer branches or for clouds, and each numbers its own fixes.
 */
export function kernelStatus(
  kernel: KernelPackage,
  advisory: Advisory,
  origin: PackageOrigin,
): PackageStatus | undefined {
  const { family, fixed } = advisory;
  const { version } = kernel;
  if (isFlavour(version, family) || isFlavour(fixed, family)) return undefined;
  if (isNeverAffected(fixed)) return branchOf(version) === ownBranch(advisory) ? "fixed" : undefined;
  const { compare, parses } = rulesOf(family);
  if (!parses(version) || !parses(fixed) || branchOf(version) !== branchOf(fixed)) return undefined;
  if (kernel.whole) return packageStatus(version, advisory, origin);
  const order = compare(version, beginning(fixed, version));
  if (order === 0) return "perhaps";
  return order > 0 ? "fixed" : "affected";
}

function ownBranch({ family, release }: Advisory): string | undefined {
  return ownBranches[family]?.[hasMinors(family) ? release.replace(/\..*/, "") : release];
}

/** As much of a version as another one has: up to its revision, or to the first number of that. */
function beginning(version: string, like: string): string {
  return (like.includes("-") ? /^[^-]+-\d+/ : /^[^-]+/).exec(version)?.[0] ?? version;
}

/** Ubuntu's kernels for clouds and the like count from 1000 on: their numbers cannot be compared with those of `linux`. */
function isFlavour(version: string, family: Family): boolean {
  return family === "ubuntu" && Number(/^[^-]+-(\d+)/.exec(version)?.[1] ?? "0") >= 1000;
}

function branchOf(version: string): string {
  return /^(?:\d+:)?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}

/** A package's version as the release of a kernel, for upstream's rule; undefined when it does not begin with a version. */
export function releaseOfPackage(version: string, family: Family): KernelRelease | undefined {
  const numbers = /^(?:\d+:)?(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1];
  if (numbers === undefined) return undefined;
  const origins: Partial<Record<Family, KernelOrigin>> = {
    debian: "points",
    alpine: "points",
    ubuntu: "branch",
  };
  return { version: numbers, origin: origins[family] ?? "backports", ubuntu: family === "ubuntu" };
}
