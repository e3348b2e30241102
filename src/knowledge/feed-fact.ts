interface Common {
  readonly cve: string;
  /** The component as `vulnerability.component` names it, or a name of the same thing. */
  readonly component: string;
  /** The package that the feed names: two packages of one component are two lines of versions. */
  readonly package: string;
  /** The feed, by id. */
  readonly source: string;
}

/** The first version of a distribution's package with the fix. */
export interface FixedVersionFact extends Common {
  readonly kind: "fixed-version";
  readonly distribution: string;
  readonly release: string;
  readonly fixed: string;
}

/** Upstream's versions that have the bug, half-open; for the kernel, one branch of it. */
export interface RangeFact extends Common {
  readonly kind: "range";
  readonly introduced: string;
  readonly fixed: string | null;
}

/** What a distribution says of its package where it names no fixed version. */
export interface StatusFact extends Common {
  readonly kind: "status";
  readonly distribution: string;
  readonly release: string;
  readonly status: "affected" | "not-affected" | "unknown";
}

/** One thing that a public feed says about a vulnerability. Feeds say nothing about preconditions, and no fact does. */
export type FeedFact = FixedVersionFact | RangeFact | StatusFact;

/** Names of one and the same component: feeds and techniques do not always choose the same. */
const sameThing: Readonly<Record<string, string>> = {
  moby: "docker",
  "docker-engine": "docker",
  "kata-containers": "kata",
  gvisor: "runsc",
  kubelet: "kubernetes",
  kernel: "linux",
};

/** Whether two names are of the same component. */
export function isSameComponent(a: string, b: string): boolean {
  return (sameThing[a] ?? a) === (sameThing[b] ?? b);
}
