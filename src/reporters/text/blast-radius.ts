import { terminalSafe } from "../../base/text.ts";
import type { Subject } from "../../engine/assessment.ts";
import { count, list } from "../words.ts";
import { grantsOf, lineKey } from "./grants.ts";
import type { Sheet } from "./sheet.ts";
import { hanging } from "./sheet.ts";

const column = "  credentials  ".length;
const mostNames = 4;

interface Row {
  readonly label: string;
  readonly text: string;
}

/** What a hostile workload may do although every barrier holds, in a few lines for all subjects together. */
export function blastRadiusLines(sheet: Sheet): readonly string[] {
  const { subjects } = sheet.assessment;
  const egress = (status: string, words?: string): string =>
    statusText(subjects, sheet, status, (s) => s.blastRadius.egress.status, words);
  const metadata = (status: string, words?: string): string =>
    statusText(subjects, sheet, status, (s) => s.blastRadius.metadata.status, words);
  const rows = [
    row("egress", [egress("open"), egress("limited"), egress("unknown", "not known")]),
    row("metadata", [metadata("reachable"), metadata("unknown", "not known")]),
    row("credentials", perSubject(subjects, sheet, credentialWords)),
    row("grants", perSubject(subjects, sheet, grantWords)),
    ...(sheet.verbose ? verboseRows(subjects, sheet) : []),
  ].filter(({ text }) => text !== "");
  if (rows.length === 0) return [];
  return [
    sheet.paint.name("blast radius"),
    ...rows.flatMap(({ label, text }) => hanging(`  ${label}`, column, text, sheet)),
  ];
}

function verboseRows(subjects: readonly Subject[], sheet: Sheet): readonly Row[] {
  return [
    row(
      "reach",
      perSubject(subjects, sheet, ({ blastRadius }) => texts(blastRadius.lateral)),
    ),
    row(
      "persistence",
      perSubject(subjects, sheet, ({ blastRadius }) => texts(blastRadius.persistence)),
    ),
    row(
      "limits",
      perSubject(subjects, sheet, ({ blastRadius }) => texts(blastRadius.resources)),
    ),
  ];
}

function row(label: string, texts: readonly string[]): Row {
  return { label, text: texts.filter((text) => text !== "").join("; ") };
}

/** `open: web, api and 3 more`; `open: all`. */
function statusText(
  subjects: readonly Subject[],
  sheet: Sheet,
  status: string,
  of: (subject: Subject) => string,
  words = status,
): string {
  const those = subjects.filter((subject) => of(subject) === status);
  return those.length === 0 ? "" : `${words}: ${names(those, subjects.length, sheet)}`;
}

function names(those: readonly Subject[], total: number, sheet: Sheet): string {
  if (those.length === total && total > 2) return "all";
  return list(
    those.map(({ name }) => terminalSafe(name)),
    sheet.verbose ? those.length : sheet.nameWidth === 0 ? 2 : mostNames,
  );
}

/** Subjects with equal texts share one entry. */
function perSubject(
  subjects: readonly Subject[],
  sheet: Sheet,
  words: (subject: Subject) => readonly string[],
): readonly string[] {
  const byText = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const all = words(subject);
    if (all.length === 0) continue;
    const text = list(all, sheet.verbose ? all.length : 3);
    const same = byText.get(text);
    if (same) same.push(subject);
    else byText.set(text, [subject]);
  }
  const entries = [...byText].map(([text, those]) => `${names(those, subjects.length, sheet)}: ${text}`);
  const shown = sheet.verbose || entries.length <= mostNames ? entries : entries.slice(0, 2);
  return entries.length > shown.length
    ? [...shown, `and ${count(entries.length - shown.length)} more`]
    : shown;
}

function texts(items: readonly { readonly what: string }[]): readonly string[] {
  return items.map(({ what }) => terminalSafe(what));
}

function credentialWords({ blastRadius: { credentials } }: Subject): readonly string[] {
  const of = (kind: string): readonly string[] =>
    credentials.filter((c) => c.kind === kind).map(({ name }) => terminalSafe(name));
  const environment = of("environment");
  const secrets = of("secret");
  const tokens = credentials.filter(({ kind }) => kind === "service-account-token");
  return [
    ...(environment.length === 0
      ? []
      : [`${String(environment.length)} in its environment (${list(environment, 2)})`]),
    ...(secrets.length === 0 ? [] : [`${String(secrets.length)} mounted (${list(secrets, 2)})`]),
    ...tokens.map(({ name, detail }) =>
      terminalSafe(`service account ${name}, ${detail.replace(/^token of the service account; /, "")}`),
    ),
  ];
}

/** Host paths and volumes that are shared on purpose; those that an open way stands on are told there. */
function grantWords(subject: Subject): readonly string[] {
  const told = new Set(
    subject.paths
      .filter(({ status }) => status !== "closed")
      .flatMap(grantsOf)
      .map(lineKey),
  );
  return subject.blastRadius.grants
    .filter(({ location }) => !location || !told.has(lineKey(location)))
    .map(({ path, access, judged }) => terminalSafe(`${path} (${access}${judged ? "" : ", not judged"})`));
}
