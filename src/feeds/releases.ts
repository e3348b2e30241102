/** Code names of releases, as feeds use them; the knowledge names releases in numbers. */
const debian: Readonly<Record<string, string>> = {
  stretch: "9",
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  forky: "14",
};
const ubuntu: Readonly<Record<string, string>> = {
  trusty: "14.04",
  xenial: "16.04",
  bionic: "18.04",
  focal: "20.04",
  jammy: "22.04",
  noble: "24.04",
  oracular: "24.10",
  plucky: "25.04",
  questing: "25.10",
  resolute: "26.04",
};

/** `bookworm` → 12; undefined for sid, which has no number, and for names that came later. */
export function debianRelease(codeName: string): string | undefined {
  return own(debian, codeName);
}

/** `jammy` → 22.04. */
export function ubuntuRelease(codeName: string): string | undefined {
  return own(ubuntu, codeName);
}

function own(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** A distribution of the knowledge, and its release. */
export interface Place {
  readonly distribution: string;
  readonly release: string;
}

/** OSV's ecosystems: `Debian:12`, `Ubuntu:22.04:LTS`, `Ubuntu:Pro:22.04:LTS`, `Alpine:v3.20`, `Red Hat:enterprise_linux:9::baseos`. */
const ecosystems: readonly (readonly [RegExp, string])[] = [
  [/^Debian:(\d+)$/, "debian"],
  [/^Ubuntu:(?:Pro:)?(\d\d\.\d\d)(?::LTS)?$/, "ubuntu"],
  [/^Alpine:v(\d+\.\d+)$/, "alpine"],
  [/^AlmaLinux:(\d+)$/, "almalinux"],
  [/^Rocky Linux:(\d+)$/, "rocky"],
  [/^Red Hat:enterprise_linux:(\d+)(?:::|$)/, "rhel"],
  [/^Red Hat:rhel_(?:eus|aus|e4s|tus):(\d+\.\d+)(?:::|$)/, "rhel"],
];

/** The distribution that an ecosystem of OSV stands for; undefined for those that the knowledge has no order of versions for. */
export function placeOfEcosystem(ecosystem: string): Place | undefined {
  for (const [pattern, distribution] of ecosystems) {
    const release = pattern.exec(ecosystem)?.[1];
    if (release !== undefined) return { distribution, release };
  }
  return undefined;
}
