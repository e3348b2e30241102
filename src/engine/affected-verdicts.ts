import type { Fact } from "../boundary/fact.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { absent, decide, holds } from "../conditions/verdict.ts";
import type { Vulnerability } from "../knowledge/types.ts";

/** Closed for good: the host does not have the bug. */
export function patched({ cve }: Vulnerability, text: string, ref: string | null): Verdict {
  return absent(`patched:${cve}`, text, ref);
}

/** Versions that a subject states of its own engine, by the name that facts have in reports. */
const factNames: Readonly<Record<string, string>> = {
  engineVersion: "engine.version",
  runtimeVersion: "runtime.version",
};

/** Open in the worst case, patched in the best; `fact` would decide. */
export function perhaps({ cve }: Vulnerability, fact: string, reason: string, ref: string | null): Verdict {
  const fixed = absent(`patched:${cve}`, reason, ref);
  const undecided = [{ fact: factNames[fact] ?? fact, reason }];
  return { ...holds(reason, ref), best: fixed.best, barriers: fixed.barriers, undecided };
}

/** Judges a version that may be unknown: then the named fact would decide. */
export function whereKnown(
  vulnerability: Vulnerability,
  fact: Fact<string>,
  name: string,
  judge: (version: string) => Verdict,
): Verdict {
  if (!fact.known && fact.candidates === undefined) return perhaps(vulnerability, name, fact.reason, null);
  return decide(fact, name, judge);
}
