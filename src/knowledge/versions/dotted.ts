/**
 * Upstream versions of runtimes and engines: dotted numbers with an optional pre-release, such as `1.4.0-rc.3`,
 * `1.0.0-rc93`, `v2.1.0-beta.0`, `20250319.0`. What a packager added (`+ds1`, `-1ubuntu2`) says nothing about the order.
 */
interface Dotted {
  readonly numbers: readonly number[];
  /** Kind and number of a pre-release; undefined for a release. */
  readonly pre: { readonly kind: number; readonly number: number } | undefined;
}

const kinds = ["alpha", "beta", "rc"] as const;

function parse(version: string): Dotted | undefined {
  const match = /^v?(\d+(?:\.\d+)*)(?:[-~.]?(alpha|beta|rc)[-.]?(\d+)?)?/.exec(version.trim());
  const [, numbers, kind, number] = match ?? [];
  if (numbers === undefined) return undefined;
  const index = kinds.findIndex((name) => name === kind);
  return {
    numbers: numbers.split(".").map(Number),
    pre: index === -1 ? undefined : { kind: index, number: Number(number ?? "0") },
  };
}

/** Whether a text begins with a version that can be compared. */
export function isDotted(version: string): boolean {
  return parse(version) !== undefined;
}

/**
 * Negative, zero or positive as `a` is older than, the same as or newer than `b`. Missing numbers are 0, `rcN` and `rc.N` are
 * one, and a pre-release comes before its release (semver.org, section 11). Preconditions: `isDotted` of both.
 */
export function compareDotted(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return 0;
  for (let i = 0; i < Math.max(left.numbers.length, right.numbers.length); i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (!left.pre || !right.pre) return Number(left.pre === undefined) - Number(right.pre === undefined);
  return left.pre.kind - right.pre.kind || left.pre.number - right.pre.number;
}
