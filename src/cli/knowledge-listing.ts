import { terminalSafe } from "../base/text.ts";
import type { Formula, Technique } from "../knowledge/types.ts";

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
    "",
    "  requires",
    ...formulaLines(technique.requires, "    "),
    "",
    "  references",
    ...technique.references.flatMap(({ url, supports }) => [`    ${url}`, `      ${supports}`]),
  ];
  return `${lines.map(terminalSafe).join("\n")}\n`;
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
