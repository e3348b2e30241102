import type { Affected } from "../types.ts";
import { compareDotted } from "./dotted.ts";

type KernelRange = Extract<Affected, { readonly kind: "kernel" }>;

/**
 * Whose kernel a release names. `upstream`: kernel.org's own numbers count (Arch, Alpine, Fedora, NixOS, Talos, Flatcar,
 * LinuxKit ... add a suffix but follow the point releases). `points`: kernel.org's point releases with fixes added before
 * these have them (Debian's packages, Container-Optimized OS): new enough proves a fix, old proves nothing. `branch`: a
 * distribution that stays on one branch and numbers its fixes itself (Debian's ABI, Ubuntu, Proxmox): features follow the branch,
 * the third number says nothing. `backports`: features come back too (RHEL and its relatives, SUSE, Amazon ...), and so
 * does everything that is not recognised.
 */
export type KernelOrigin = "upstream" | "points" | "branch" | "backports";

export interface KernelRelease {
  /** Dotted numbers, `6.8.0`; with `-rc3` for a release candidate. */
  readonly version: string;
  readonly origin: KernelOrigin;
  /** Recognised as Ubuntu's, or certainly not; undefined when the release does not tell. */
  readonly ubuntu: boolean | undefined;
}

const upstreamSuffix =
  /^(|-rc\d+\+?|\+|-(arch|zen|lts|hardened|talos|flatcar|linuxkit|microsoft|nixos|gentoo|coreos|cip|vanilla|virt|\d+-(lts|virt|edge))(?![a-z]).*|-\d+\.fc\d+.*|[-.]\d+\.fc\d+.*|-[a-z]*rpi.*)$/;
// The flavours of Ubuntu's kernel packages: `-51-generic`, `-1015-aws`.
const ubuntuSuffix =
  /^-\d+-(generic|lowlatency|aws|azure|gcp|gke|gkeop|kvm|oracle|oem|ibm|raspi|nvidia|hwe|intel|fips|realtime)/;
const debianSuffix =
  /^(-\d+(\.deb\d+(\.\d+)?)?(\.bpo\.\d+)?|-0\.(deb|bpo)[\w.]+|\+deb\d+[\w.]*|\+bpo)-(\w+-)?(amd64|arm64|686|686-pae|armmp|s390x|ppc64el)/;

/** Whose kernels end in what, the first that matches; what none matches is taken to backport features too. */
const suffixes: readonly (readonly [RegExp, KernelOrigin, boolean | undefined])[] = [
  [ubuntuSuffix, "branch", true],
  // From Debian 13 on the release carries kernel.org's point release: 6.12.43+deb13-amd64.
  [/^\+deb/, "points", false],
  [debianSuffix, "branch", false],
  [/^-\d+-pve/, "branch", undefined],
  [/^$/, "upstream", undefined],
  // Container-Optimized OS; also a kernel that somebody built from changed sources.
  [/^\+$/, "points", false],
  [upstreamSuffix, "upstream", false],
  [/\.(el|amzn|oe|azl|cm)\d|-default$/, "backports", false],
];

/** Reads `uname -r`; undefined when it does not begin with a version. */
export function parseKernelRelease(release: string): KernelRelease | undefined {
  const match = /^(\d+\.\d+(?:\.\d+)?)(.*)$/.exec(release.trim());
  const [, numbers, suffix = ""] = match ?? [];
  if (numbers === undefined) return undefined;
  const candidate = /^-rc\d+/.exec(suffix)?.[0] ?? "";
  const [, origin, ubuntu] = suffixes.find(([pattern]) => pattern.test(suffix)) ?? [
    undefined,
    "backports",
    undefined,
  ];
  return { version: `${numbers}${candidate}`, origin, ubuntu };
}

export type KernelStatus = "affected" | "fixed" | "not-yet";

/**
 * Whether a version of kernel.org has a bug. A branch inside the range that has no fix of its own never got one; a branch
 * older than `introduced` that has a fix got the bug by a backport. Preconditions: `version` begins with a version.
 */
export function upstreamStatus(
  version: string,
  { introduced, introducedStable, fixed, stable }: KernelRange,
): KernelStatus {
  if (compareDotted(version, fixed) >= 0) return "fixed";
  const branch = branchOf(version);
  const fixedInBranch = stable[branch];
  if (fixedInBranch !== undefined && compareDotted(version, fixedInBranch) >= 0) return "fixed";
  const introducedInBranch = introducedStable?.[branch];
  if (introducedInBranch !== undefined)
    return compareDotted(version, introducedInBranch) >= 0 ? "affected" : "not-yet";
  if (introduced !== null && compareDotted(branch, branchOf(introduced)) < 0 && fixedInBranch === undefined)
    return "not-yet";
  return "affected";
}

function branchOf(version: string): string {
  return version.split(".").slice(0, 2).join(".").replace(/-.*$/, "");
}
