import type { RangeFact } from "./feed-fact.ts";
import type { Affected } from "./types.ts";
import { compareDotted, isDotted } from "./versions/dotted.ts";

type VersionRanges = Extract<Affected, { readonly kind: "ranges" }>;
type Range = VersionRanges["ranges"][number];

/**
 * Upstream ranges with what facts add: the end of one that has no end yet, and ranges of lines that came later. A range that was
 * reviewed keeps its beginning and its end: feeds often say "from the first release" where nobody looked.
 */
export function refineRanges(affected: VersionRanges, facts: readonly RangeFact[]): VersionRanges {
  const said = facts.filter(isRange).sort((a, b) => compareDotted(a.introduced, b.introduced));
  if (said.length === 0) return affected;
  const ranges = affected.ranges.flatMap((range) => (range.fixed === null ? ended(range, said) : [range]));
  const first = ranges[0]?.introduced ?? "0";
  for (const range of said) {
    const isLater = compareDotted(range.introduced, first) > 0;
    if (isLater && !ranges.some((known) => overlap(known, range))) ranges.push(range);
  }
  ranges.sort((a, b) => compareDotted(a.introduced, b.introduced));
  return { ...affected, ranges: ranges.map(({ introduced, fixed }) => ({ introduced, fixed })) };
}

/** Whether a fact is a range of versions that can be ordered; commits of no release cannot. */
function isRange({ introduced, fixed }: RangeFact): boolean {
  if (
    ![introduced, fixed ?? "0"].every((version) => isDotted(version) && !/\d{14}-[0-9a-f]{12}$/.test(version))
  )
    return false;
  return fixed === null || compareDotted(introduced, fixed) < 0;
}

/** An open range as the facts that overlap it end it; unchanged where one of them knows no end either. */
function ended(open: Range, said: readonly Range[]): readonly Range[] {
  const within = said.filter((range) => overlap(open, range));
  if (within.length === 0 || within.some(({ fixed }) => fixed === null)) return [open];
  const pieces: Range[] = [];
  for (const { introduced, fixed } of within) {
    const last = pieces.at(-1);
    if (!last) pieces.push({ introduced: open.introduced, fixed });
    else if (overlap(last, { introduced, fixed }))
      pieces[pieces.length - 1] = { ...last, fixed: later(last, fixed) };
    else pieces.push({ introduced, fixed });
  }
  return pieces;
}

function later({ fixed }: Range, other: string | null): string | null {
  if (fixed === null || other === null) return null;
  return compareDotted(fixed, other) >= 0 ? fixed : other;
}

function overlap(a: Range, b: Range): boolean {
  return endsAfter(a, b.introduced) && endsAfter(b, a.introduced);
}

function endsAfter({ fixed }: Range, version: string): boolean {
  return fixed === null || compareDotted(fixed, version) > 0;
}
