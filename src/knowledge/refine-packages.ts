import { groupBy } from "../base/group.ts";
import type { FeedFact, FixedVersionFact, StatusFact } from "./feed-fact.ts";
import type { Family } from "./versions/distribution.ts";
import { families } from "./versions/distribution.ts";
import { isNeverAffected, rulesOf } from "./versions/packages.ts";
import type { PackageFixes } from "./versions/packages.ts";

type PackageFact = FixedVersionFact | StatusFact;

/** What the facts about one release come to: a fixed version, `not-affected`, no fix yet, or nothing that can be used. */
type Word = { readonly fixed: string } | "open" | undefined;

/**
 * The fixed versions of distributions' packages with those that facts name. The later of two fixed versions counts, and a fix
 * goes before "never had it". A release that has no fix yet, says the distribution, has none here either. Packages of one
 * component that disagree (Ubuntu's `runc` and `runc-app`) say nothing: which of them a host has is not known.
 */
export function refinePackages(
  packages: PackageFixes | undefined,
  facts: readonly FeedFact[],
): PackageFixes | undefined {
  const byPlace = groupBy(
    facts.filter(isOfPackage),
    ({ distribution, release }) => `${distribution} ${release}`,
  );
  const fixes = new Map(
    Object.entries(packages ?? {}).map(([name, releases]) => [name, new Map(Object.entries(releases))]),
  );
  for (const group of byPlace.values()) {
    const [{ distribution, release } = { distribution: "", release: "" }] = group;
    const family = families.find((known) => known === distribution);
    if (family === undefined || !isRelease(release)) continue;
    const own = fixes.get(family) ?? new Map<string, string>();
    settle(own, release, wordOf(family, group), family);
    if (own.size > 0) fixes.set(family, own);
    else fixes.delete(family);
  }
  if (fixes.size === 0) return packages;
  return Object.fromEntries([...fixes].map(([name, releases]) => [name, Object.fromEntries(releases)]));
}

function settle(fixes: Map<string, string>, release: string, word: Word, family: Family): void {
  if (word === undefined) return;
  if (word === "open") {
    fixes.delete(release);
    return;
  }
  const known = fixes.get(release);
  fixes.set(release, known === undefined ? word.fixed : laterFix(family, known, word.fixed));
}

function isOfPackage(fact: FeedFact): fact is PackageFact {
  return fact.kind !== "range";
}

/** Whether a distribution's word can be used: a family that is known, a release in numbers, a version that names a build. */
export function isUsablePackageFact(fact: PackageFact): boolean {
  const family = families.find((known) => known === fact.distribution);
  if (family === undefined || !isRelease(fact.release)) return false;
  return fact.kind === "status" ? fact.status !== "unknown" : isBuild(family, fact.fixed);
}

function isRelease(release: string): boolean {
  return /^\d+(\.\d+)?$/.test(release);
}

function isBuild(family: Family, version: string): boolean {
  const { parses, whole } = rulesOf(family);
  return isNeverAffected(version) || (parses(version) && whole(version));
}

/** What all packages of the component agree on. */
function wordOf(family: Family, facts: readonly PackageFact[]): Word {
  const words = [...groupBy(facts.filter(isUsablePackageFact), (fact) => fact.package).values()].map((own) =>
    wordOfPackage(family, own),
  );
  const [first] = words;
  return words.every((word) => JSON.stringify(word) === JSON.stringify(first)) ? first : undefined;
}

function wordOfPackage(family: Family, facts: readonly PackageFact[]): Word {
  const fixed = facts.flatMap((fact) => (fact.kind === "fixed-version" ? [fact.fixed] : []));
  const isOpen = facts.some((fact) => fact.kind === "status" && fact.status === "affected");
  // "Fixed" beside "affected" is a fix for some, such as those with a subscription: they have its version, the others do not.
  if (fixed.some((version) => !isNeverAffected(version)) || (fixed.length > 0 && !isOpen))
    return { fixed: fixed.reduce((a, b) => laterFix(family, a, b)) };
  return isOpen ? "open" : { fixed: neverAffected };
}

const neverAffected = "not-affected";

function laterFix(family: Family, a: string, b: string): string {
  if (isNeverAffected(a)) return isNeverAffected(b) ? neverAffected : b;
  if (isNeverAffected(b)) return a;
  return rulesOf(family).compare(a, b) >= 0 ? a : b;
}
