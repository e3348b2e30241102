import type { Assessment, ReportedProblem, ReportedVulnerability, Subject } from "../engine/assessment.ts";
import { safeJson } from "./json/safe.ts";
import { contentId } from "./openvex/content-id.ts";
import type { Host, Product } from "./openvex/products.ts";
import { hostOf, imageProduct, subjectProduct } from "./openvex/products.ts";
import { imageName } from "./openvex/purl.ts";
import type { VexStatus, VexVerdict } from "./openvex/statement.ts";
import { verdictOf } from "./openvex/statement.ts";
import type { Reporter } from "./types.ts";

/**
 * OpenVEX 0.2.0: one statement for each subject and known vulnerability of the host's kernel and runtimes.
 *
 * A scanner applies a statement when a product matches what it scans and a subcomponent matches the package it found (go-vex,
 * which Trivy and Grype both use: a purl without version or qualifier matches any). So each statement names two products. The
 * subject itself, which no scanner finds. And its image, with the packages inside it for which scanners report the host's bugs.
 * One image may run in several subjects with different answers: then only the least favourable of them names the image, or a
 * scanner would silence for all what holds for one.
 */
export const openvex: Reporter = {
  id: "openvex",
  mediaType: "application/json",
  needsVulnerabilities: true,
  render(assessment, { timestamp }) {
    const statements = statementsOf(assessment).map((statement) => safeJson(statement));
    const head = {
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": `https://openvex.dev/docs/public/vex-holdfast-${contentId(statements.join("\n"))}`,
      author: "Holdfast",
      role: "automated assessment of container boundaries",
      timestamp: timestamp ?? "1970-01-01T00:00:00.000Z",
      version: 1,
      tooling: toolingOf(assessment),
      statements: [],
    };
    // A statement a line: a report of a folder is long, and this way a person can still search and compare it.
    const lines = statements.length === 0 ? "[]" : `[\n    ${statements.join(",\n    ")}\n  ]`;
    return `${safeJson(head, 2).replace(/\[\]\n\}$/, () => `${lines}\n}`)}\n`;
  },
  digester: () => (subject) => ({
    ...subject,
    paths: [],
    asked: undefined,
    cutSets: {},
    unknowns: [],
    boundary: {},
  }),
};

interface Judged {
  readonly subject: Subject;
  readonly vulnerability: ReportedVulnerability;
  readonly verdict: VexVerdict;
}

const rank: Readonly<Record<VexStatus, number>> = {
  affected: 0,
  under_investigation: 1,
  not_affected: 2,
  fixed: 3,
};

function* judgedOf({ subjects }: Assessment): Generator<Judged> {
  for (const subject of subjects)
    for (const vulnerability of subject.vulnerabilities ?? [])
      yield { subject, vulnerability, verdict: verdictOf(vulnerability, subject.id) };
}

function statementsOf(assessment: Assessment): readonly Readonly<Record<string, unknown>>[] {
  const host = hostOf(assessment);
  const least = new Map<string, number>();
  for (const judged of judgedOf(assessment)) {
    const key = imageKey(judged);
    const found = rank[judged.verdict.status];
    if (key !== undefined) least.set(key, Math.min(found, least.get(key) ?? found));
  }
  return [...judgedOf(assessment)].map((judged) => {
    const key = imageKey(judged);
    const mayNameImage = key !== undefined && least.get(key) === rank[judged.verdict.status];
    const { status, ...more } = judged.verdict;
    return {
      vulnerability: { name: judged.vulnerability.cve, description: judged.vulnerability.title },
      products: productsOf(judged, host, mayNameImage),
      status,
      ...more,
    };
  });
}

/** Images of one repository are one: a statement without a digest is read for all of them. */
function imageKey({ subject, vulnerability }: Judged): string | undefined {
  const named = imageName(subject.image);
  return named && `${named.repository} ${vulnerability.cve}`;
}

function productsOf(
  { subject, vulnerability }: Judged,
  host: Host,
  mayNameImage: boolean,
): readonly Product[] {
  const image = mayNameImage ? imageProduct(subject, vulnerability, host) : undefined;
  return [subjectProduct(subject, vulnerability, host), ...(image ? [image] : [])];
}

/** How the statements came about, and what is missing from them: the format has no other place for that. */
function toolingOf({ tool, knowledge, host, model, errors }: Assessment): string {
  const assumed = `host ${host.source}, image ${model.image}, operator ${model.operator}`;
  return [
    `${tool.name} ${tool.version}, knowledge ${knowledge.version} (${String(knowledge.vulnerabilities)} vulnerabilities); ${assumed}`,
    ...(errors.length === 0 ? [] : [`not assessed: ${errors.map(problemWords).join("; ")}`]),
  ].join("; ");
}

function problemWords({ target, location, message }: ReportedProblem): string {
  const at = location ? `${location.file}:${String(location.line)}:${String(location.column)}` : target;
  return `${at}: ${message}`;
}
