import { expected } from "../../base/problems.ts";
import type { SchemaProblem } from "../engine-defaults-schema.ts";
import type { Affected } from "../types.ts";
import type { Family } from "./distribution.ts";
import { families } from "./distribution.ts";
import { compareDotted, isDotted } from "./dotted.ts";
import { isNeverAffected, rulesOf } from "./packages.ts";
import type { PackageFixes } from "./packages.ts";

type KernelRange = Extract<Affected, { readonly kind: "kernel" }>;
type VersionRanges = Extract<Affected, { readonly kind: "ranges" }>;

/**
 * What is wrong with the affected versions of a vulnerability, beyond their shape: versions that do not parse, ranges that end
 * before they begin or are out of order, points that stand under another branch, packages of a distribution that nobody
 * looks up. Paths start with `path`.
 */
export function affectedProblems(affected: Affected, path: string): readonly SchemaProblem[] {
  const own = affected.kind === "kernel" ? kernelProblems(affected, path) : rangeProblems(affected, path);
  return [...own, ...packageProblems(affected.packages ?? {}, `${path}.packages`)];
}

const kernelVersion = /^\d+\.\d+(\.\d+)?(-rc\d+)?$/;

function kernelProblems(range: KernelRange, path: string): readonly SchemaProblem[] {
  const { introduced, fixed, stable, introducedStable = {} } = range;
  const problems: SchemaProblem[] = [
    ...[
      ...(introduced === null ? [] : [["introduced", introduced] as const]),
      ["fixed", fixed] as const,
    ].flatMap(([field, version]) =>
      kernelVersion.test(version)
        ? []
        : [
            {
              path: `${path}.${field}`,
              message: expected("a version of the kernel, such as 5.16.11", version),
            },
          ],
    ),
    ...pointProblems(stable, `${path}.stable`),
    ...pointProblems(introducedStable, `${path}.introducedStable`),
  ];
  if (problems.length > 0) return problems;
  if (introduced !== null) problems.push(...orderProblems(introduced, fixed, path));
  for (const [branch, version] of Object.entries(introducedStable)) {
    const fix = stable[branch];
    if (fix !== undefined && compareDotted(version, fix) >= 0)
      problems.push({
        path: `${path}.introducedStable.${branch}`,
        message: expected(`a point before the fix in ${fix}`, version),
      });
  }
  return problems;
}

/** Points of stable branches: each under its own branch. */
function pointProblems(points: Readonly<Record<string, string>>, path: string): readonly SchemaProblem[] {
  return Object.entries(points).flatMap(([branch, version]) => {
    const at = `${path}.${branch}`;
    if (!kernelVersion.test(version))
      return [{ path: at, message: expected("a version of the kernel, such as 5.16.11", version) }];
    const own = version.split(".").slice(0, 2).join(".").replace(/-.*/, "");
    return own === branch ? [] : [{ path: at, message: expected(`a point of branch ${branch}`, version) }];
  });
}

function rangeProblems({ ranges }: VersionRanges, path: string): readonly SchemaProblem[] {
  const problems = ranges.flatMap(({ introduced, fixed }, index) => {
    const at = `${path}.ranges[${String(index)}]`;
    const unread = Object.entries({ introduced, fixed }).flatMap(([field, version]) =>
      version === null || isDotted(version)
        ? []
        : [{ path: `${at}.${field}`, message: expected("a version, such as 1.1.12 or 1.0.0-rc93", version) }],
    );
    return unread.length > 0 || fixed === null ? unread : orderProblems(introduced, fixed, at);
  });
  return problems.length > 0 ? problems : disorder(ranges, `${path}.ranges`);
}

function orderProblems(introduced: string, fixed: string, path: string): readonly SchemaProblem[] {
  if (compareDotted(introduced, fixed) < 0) return [];
  return [{ path: `${path}.fixed`, message: expected(`a version after ${introduced}`, fixed) }];
}

/** Each range begins where the one before it has ended. */
function disorder(ranges: VersionRanges["ranges"], path: string): readonly SchemaProblem[] {
  return ranges.flatMap(({ introduced }, index) => {
    const before = ranges[index - 1];
    if (!before || (before.fixed !== null && compareDotted(introduced, before.fixed) >= 0)) return [];
    const wanted =
      before.fixed === null ? "no range after one without an end" : `a version from ${before.fixed} on`;
    return [{ path: `${path}[${String(index)}].introduced`, message: expected(wanted, introduced) }];
  });
}

function packageProblems(packages: PackageFixes, path: string): readonly SchemaProblem[] {
  return Object.entries(packages).flatMap(([name, fixes]) => {
    const family = families.find((known) => known === name);
    if (family === undefined)
      return [{ path: `${path}.${name}`, message: `expected ${families.join(", ")}, found ${name}` }];
    return Object.entries(fixes).flatMap(([release, fixed]) => {
      const at = `${path}.${name}.${release}`;
      return [...releaseProblem(family, release, at), ...fixProblem(family, fixed, at)];
    });
  });
}

const releases: Readonly<Partial<Record<Family, RegExp>>> = {
  debian: /^\d+$/,
  fedora: /^\d+$/,
  amazon: /^\d+$/,
  cos: /^\d+$/,
  ubuntu: /^\d\d\.\d\d$/,
  alpine: /^\d+\.\d+$/,
};

function releaseProblem(family: Family, release: string, path: string): readonly SchemaProblem[] {
  return (releases[family] ?? /^\d+(\.\d+)?$/).test(release)
    ? []
    : [{ path, message: expected(`a release of ${family} in numbers`, release) }];
}

function fixProblem(family: Family, fixed: string, path: string): readonly SchemaProblem[] {
  if (isNeverAffected(fixed)) return [];
  const { parses, whole } = rulesOf(family);
  return parses(fixed) && whole(fixed)
    ? []
    : [{ path, message: expected(`a version of the package with its revision, or not-affected`, fixed) }];
}
