import { groupBy } from "../base/group.ts";
import type { RangeFact } from "./feed-fact.ts";
import type { Affected } from "./types.ts";
import { compareDotted } from "./versions/dotted.ts";

type KernelRange = Extract<Affected, { readonly kind: "kernel" }>;

const released = /^\d+\.\d+(\.\d+)?$/;

/**
 * The kernel's points with those that facts name: the fix of a branch, the later one where there are several; and where a bug
 * came into a branch that is older than it by a backport.
 */
export function refineKernel(affected: KernelRange, facts: readonly RangeFact[]): KernelRange {
  // What upstream says is not about a bug of one distribution's own kernels.
  if (affected.distributionSpecific !== undefined) return affected;
  const said = facts.filter(
    ({ introduced, fixed }) =>
      fixed !== null &&
      released.test(fixed) &&
      introduced !== fixed &&
      (introduced === "0" || released.test(introduced)),
  );
  const stable = new Map(Object.entries(affected.stable));
  let { fixed } = affected;
  for (const fact of said) {
    const point = fact.fixed ?? "";
    if (!isPoint(point)) fixed = laterOf(fixed, point);
    else stable.set(branchOf(point), laterOf(stable.get(branchOf(point)) ?? point, point));
  }
  const introducedStable = { ...backported(affected, said), ...affected.introducedStable };
  return {
    ...affected,
    fixed,
    stable: Object.fromEntries(stable),
    ...(Object.keys(introducedStable).length > 0 ? { introducedStable } : {}),
  };
}

/** Branches older than the bug, with the point that brought it there: only where every fact about the branch names such a point. */
function backported(
  { introduced }: KernelRange,
  said: readonly RangeFact[],
): Readonly<Record<string, string>> {
  if (introduced === null) return {};
  const byBranch = groupBy(said, ({ fixed }) => branchOf(fixed ?? ""));
  return Object.fromEntries(
    [...byBranch].flatMap(([branch, facts]) => {
      const points = facts.map((fact) => fact.introduced);
      const isOlder = compareDotted(branch, branchOf(introduced)) < 0;
      if (!isOlder || !points.every((point) => isPoint(point) && branchOf(point) === branch)) return [];
      return [[branch, points.reduce((a, b) => (compareDotted(a, b) <= 0 ? a : b))]];
    }),
  );
}

/** 6.1.76, and not 6.8: a point of a stable branch. */
function isPoint(version: string): boolean {
  return /^\d+\.\d+\.[1-9]\d*$/.test(version);
}

function branchOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

function laterOf(a: string, b: string): string {
  return compareDotted(a, b) >= 0 ? a : b;
}
