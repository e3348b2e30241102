/** Whose packages a host has, and of which release: `debian` 12, `ubuntu` 22.04, `rhel` 9 ... */
export interface Distribution {
  readonly family: Family;
  /** As `affected.packages` names it; undefined where only the family is known. */
  readonly release: string | undefined;
  /** The minor release, where a family publishes fixes for each: 9.4. */
  readonly minor?: string | undefined;
}

/** The keys of `affected.packages`. */
export const families = [
  "debian",
  "ubuntu",
  "rhel",
  "almalinux",
  "rocky",
  "centos",
  "oracle",
  "fedora",
  "amazon",
  "suse",
  "azurelinux",
  "alpine",
  "cos",
] as const;
export type Family = (typeof families)[number];

/** Built from the sources of RHEL's packages, under the same versions for the most part, and fixed on days of their own. */
export const rebuilds: ReadonlySet<Family> = new Set(["almalinux", "rocky", "centos", "oracle"]);

/** A name in `host.distribution`, the first that matches, and where its release stands; releases by their code name. */
const names: readonly (readonly [RegExp, Family, RegExp])[] = [
  [/ubuntu/i, "ubuntu", /(\d\d\.\d\d)/],
  [/debian|raspbian/i, "debian", /(\d+)/],
  [/alma\s?linux/i, "almalinux", /(\d+(?:\.\d+)?)/],
  [/rocky/i, "rocky", /(\d+(?:\.\d+)?)/],
  [/centos/i, "centos", /(\d+(?:\.\d+)?)/],
  [/oracle/i, "oracle", /(\d+(?:\.\d+)?)/],
  [/red hat|\brhel\b/i, "rhel", /(\d+(?:\.\d+)?)/],
  [/fedora/i, "fedora", /(\d+)/],
  [/amazon|\bal2/i, "amazon", /(\d+)/],
  [/suse|\bsles\b/i, "suse", /(\d+(?:[.\s]+(?:SP)?\d+)?)/i],
  [/mariner|azure\s?linux/i, "azurelinux", /(\d+\.\d+)/],
  [/alpine/i, "alpine", /(\d+\.\d+)/],
  [/container-optimized|\bcos\b/i, "cos", /(\d{2,3})(?!\d)/],
];

const codeNames: Readonly<Record<string, string>> = {
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  bionic: "18.04",
  focal: "20.04",
  jammy: "22.04",
  noble: "24.04",
};

/** Reads `Debian GNU/Linux 12 (bookworm)`, `ubuntu 22.04.5`, `Red Hat Enterprise Linux 9.4 (Plow)` ...; undefined for what is not known here. */
export function parseDistribution(text: string): Distribution | undefined {
  const [, family, pattern] = names.find(([name]) => name.test(text)) ?? [];
  if (family === undefined || pattern === undefined) return undefined;
  const codeName = Object.keys(codeNames).find((name) => text.toLowerCase().includes(name));
  const number = pattern.exec(text)?.[1] ?? (codeName === undefined ? undefined : codeNames[codeName]);
  if (number === undefined) return { family, release: undefined };
  if (family === "suse") return { family, release: number.replace(/[.\s]+(SP)?/i, ".") };
  if (!hasMinors(family)) return { family, release: number };
  return { family, release: number.replace(/\..*/, ""), minor: number.includes(".") ? number : undefined };
}

/** Whether a family publishes fixes for minor releases. */
export function hasMinors(family: Family): boolean {
  return family === "rhel" || rebuilds.has(family);
}

/** What packagers put into a version, and how the release is read from it. */
const marks: readonly (readonly [RegExp, Family])[] = [
  [/[+~]deb(\d+)u/, "debian"],
  [/[+~]bpo(\d+)\+/, "debian"],
  [/ubuntu(?:.*~(\d\d\.\d\d))?/, "ubuntu"],
  [/\.amzn(\d+)/, "amazon"],
  [/\.fc(\d+)/, "fedora"],
  [/\.(?:azl|cm)(\d+)/, "azurelinux"],
  [/[.+]el(\d+)(?!.*uek)/, "rhel"],
  [/^[^-]+-r\d+$/, "alpine"],
];
/** What Debian puts into a version, and distributions that take the package over keep. */
const repacked = /[+~](?:ds|dfsg)/;

/** A distribution, and whether the host says so: `.el9` alone may be RHEL's, or that of any distribution built from it. */
export interface PackageOrigin extends Distribution {
  readonly stated: boolean;
}

/** Whose package a version is, by what its packager put into it and by what the host says of its distribution. */
export function originOf(version: string, host: string | undefined): PackageOrigin | undefined {
  // OpenShift's own builds end in RHEL's mark, and RHEL's advisories do not speak of them.
  if (/rhaos/.test(version)) return undefined;
  const named = host === undefined ? undefined : parseDistribution(host);
  const marked = marksOf(version);
  if (marked && !(named && couldBe(marked.family, named.family))) return { ...marked, stated: false };
  if (!named)
    return repacked.test(version) ? { family: "debian", release: undefined, stated: false } : undefined;
  // What the version says of its release goes first: a package of Debian 11 stays one on a host of Debian 12.
  const release = marked?.release ?? named.release;
  return release === named.release
    ? { ...named, stated: true }
    : { family: named.family, release, stated: true };
}

function marksOf(version: string): Distribution | undefined {
  for (const [pattern, family] of marks) {
    const found = pattern.exec(version);
    if (found) return { family, release: family === "azurelinux" && found[1] ? `${found[1]}.0` : found[1] };
  }
  return undefined;
}

/** `.el9` may be the mark of RHEL and of everything that is built from it. */
function couldBe(marked: Family, named: Family): boolean {
  return marked === named || (marked === "rhel" && hasMinors(named));
}
