import { usageProblem } from "../assess/request.ts";
import { quote, terminalSafe } from "../base/text.ts";
import type { Affected, Formula, Technique } from "../knowledge/types.ts";
import { axes } from "../knowledge/types.ts";
import { isNeverAffected } from "../knowledge/versions/packages.ts";

/** What `kb list` narrows its list to. */
export interface Selection {
  readonly axis?: string | undefined;
  readonly component?: string | undefined;
}

/**
 * The entries of an axis, and those about a component (known vulnerabilities have one).
 * @throws UsageProblem for an axis or a component that no entry has
 */
export function selectTechniques(
  techniques: readonly Technique[],
  { axis, component }: Selection,
): readonly Technique[] {
  if (axis !== undefined && !axes.some((known) => known === axis))
    throw usageProblem(`expected \`--axis\` to be one of ${axes.join(", ")}, found ${quote(axis)}`);
  const components = new Set(techniques.flatMap(({ vulnerability }) => vulnerability?.component ?? []));
  if (component !== undefined && !components.has(component))
    throw usageProblem(
      `expected \`--component\` to be one of ${[...components].sort().join(", ")}, found ${quote(component)}`,
    );
  return techniques.filter(
    (technique) =>
      (axis === undefined || technique.axis === axis) &&
      (component === undefined || technique.vulnerability?.component === component),
  );
}

/** The array that the contract describes for `kb list --format json`. */
export function listJson(techniques: readonly Technique[]): string {
  const entries = techniques.map((technique) => ({
    id: technique.id,
    title: technique.title,
    axis: technique.axis,
    kind: kindOf(technique),
    component: technique.vulnerability?.component ?? null,
    status: technique.status,
    from: technique.from,
    to: technique.to,
    confidence: technique.confidence,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

/** The whole entry, as it stands in the knowledge, with its kind. */
export function showJson(technique: Technique): string {
  const { id, title, ...rest } = technique;
  return `${JSON.stringify({ id, title, kind: kindOf(technique), component: technique.vulnerability?.component ?? null, ...rest }, undefined, 2)}\n`;
}

function kindOf({ vulnerability }: Technique): "technique" | "vulnerability" {
  return vulnerability ? "vulnerability" : "technique";
}

export function findTechnique(techniques: readonly Technique[], name: string): Technique | undefined {
  const wanted = name.toLowerCase();
  return techniques.find(({ id, aliases, vulnerability }) =>
    [id, vulnerability?.cve ?? id, ...(aliases ?? [])].some((known) => known.toLowerCase() === wanted),
  );
}

/** One line an entry. */
export function listText(techniques: readonly Technique[]): string {
  const rows = techniques.map((t) => [
    t.id,
    t.axis,
    `${t.from} → ${t.to}`,
    t.status === "stable" ? t.title : `${t.title} (${t.status})`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => terminalSafe(cell).padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
}

export function showText(technique: Technique): string {
  const { vulnerability } = technique;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["axis", technique.axis],
    ["leads", `${technique.from} → ${technique.to}`],
    ["status", `${technique.status}, confidence ${technique.confidence}`],
    [
      "affects",
      vulnerability &&
        `${vulnerability.component} (${vulnerability.cve})${vulnerability.exploited ? ", known to be exploited" : ""}`,
    ],
    ["ATT&CK", technique.attack],
    ["next", technique.remedy],
  ];
  const lines = [
    `${technique.id}  ${technique.title}`,
    "",
    `  ${technique.reason}`,
    "",
    ...facts.flatMap(([label, value]) => (value === undefined ? [] : [`  ${label.padEnd(8)} ${value}`])),
    ...(vulnerability ? ["", "  versions", ...affectedLines(vulnerability.affected)] : []),
    "",
    "  requires",
    ...formulaLines(technique.requires, "    "),
    "",
    "  references",
    ...technique.references.flatMap(({ url, supports }) => [`    ${url}`, `      ${supports}`]),
  ];
  return `${lines.map(terminalSafe).join("\n")}\n`;
}

/** Which versions have a vulnerability, a line each. */
function affectedLines(affected: Affected): readonly string[] {
  const upstream = affected.kind === "kernel" ? kernelLines(affected) : rangeLines(affected);
  const packages = Object.entries(affected.packages ?? {}).flatMap(([distribution, fixes]) =>
    Object.entries(fixes).map(([release, fixed]) =>
      isNeverAffected(fixed)
        ? `${distribution} ${release}: never had it`
        : `${distribution} ${release}: fixed in ${fixed}`,
    ),
  );
  return [...upstream, ...packages].map((line) => `    ${line}`);
}

function kernelLines(range: Extract<Affected, { readonly kind: "kernel" }>): readonly string[] {
  const { introduced, introducedStable = {}, fixed, stable, distributionSpecific } = range;
  const own = distributionSpecific === undefined ? [] : [`only in kernels of ${distributionSpecific}`];
  return [
    ...own,
    `from ${introduced ?? "the first release"} until ${fixed}`,
    ...Object.entries(introducedStable).map(([branch, point]) => `${branch}: from ${point}`),
    ...Object.entries(stable).map(([branch, point]) => `${branch}: fixed in ${point}`),
  ];
}

function rangeLines({ ranges }: Extract<Affected, { readonly kind: "ranges" }>): readonly string[] {
  return ranges.map(({ introduced, fixed }) => {
    const from = introduced === "0" ? "the first release" : introduced;
    return fixed === null ? `from ${from}; no fixed version is known` : `from ${from} until ${fixed}`;
  });
}

function formulaLines(formula: Formula, indent: string): readonly string[] {
  for (const kind of ["all", "any"] as const) {
    const children: unknown = (formula as Readonly<Record<string, unknown>>)[kind];
    if (Array.isArray(children))
      return [
        `${indent}${kind} of`,
        ...(children as Formula[]).flatMap((child) => formulaLines(child, `${indent}  `)),
      ];
  }
  return Object.entries(formula).map(
    ([condition, argument]) =>
      `${indent}${condition}: ${typeof argument === "string" ? argument : JSON.stringify(argument)}`,
  );
}
