import type { FeedFact, StatusFact } from "../../knowledge/feed-fact.ts";
import { componentOfPackage } from "../components.ts";
import { jsonPieces } from "../json-pieces.ts";
import { feedProblem } from "../problem.ts";
import { fieldOf, isCve, listOf, outerKeys, textField, textOf } from "../read-value.ts";
import { ubuntuRelease } from "../releases.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "ubuntu-vex";

/**
 * Ubuntu's OpenVEX, a document for each CVE: statements about source packages, which package URLs name with their release
 * (`pkg:deb/ubuntu/linux@5.15.0-94.104?arch=source&distro=jammy`).
 * @see https://documentation.ubuntu.com/security/security-updates/vex/
 */
export const ubuntuVex: Feed = {
  id,
  title: "Ubuntu's OpenVEX",
  recognises: ({ head }) =>
    outerKeys(head).has("@context") && head.includes("openvex.dev/ns") && /ubuntu|canonical/i.test(head),
  read,
};

async function* read(document: FeedDocument): AsyncGenerator<FeedRecord> {
  for await (const { value, offset } of jsonPieces(document.chunks, 0)) {
    const statements = fieldOf(value, "statements");
    if (!Array.isArray(statements))
      throw feedProblem(`expected "statements" at byte ${String(offset)}, found none`);
    yield { facts: statements.flatMap(statementFacts) };
  }
}

function statementFacts(statement: unknown): readonly FeedFact[] {
  const status = textField(statement, "status") ?? "";
  const cves = cvesOf(fieldOf(statement, "vulnerability"));
  const products = listOf(fieldOf(statement, "products")).map(
    (product) =>
      textOf(product) ??
      textField(product, "@id") ??
      textField(fieldOf(product, "identifiers"), "purl") ??
      "",
  );
  return cves.flatMap((cve) => products.flatMap((product) => factsOf(cve, product, status)));
}

/** A name, or an object with one and its aliases. */
function cvesOf(vulnerability: unknown): readonly string[] {
  const names = [
    textOf(vulnerability),
    textField(vulnerability, "name"),
    textField(vulnerability, "@id"),
    ...listOf(fieldOf(vulnerability, "aliases")).map(textOf),
  ];
  const ids = names.flatMap((name) => /CVE-\d{4}-\d{4,}$/.exec(name ?? "")?.[0] ?? []);
  return [...new Set(ids.filter(isCve))];
}

function factsOf(cve: string, product: string, status: string): readonly FeedFact[] {
  const [, name = "", version, query = ""] =
    /^pkg:deb\/ubuntu\/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?/.exec(product) ?? [];
  const qualifiers = new URLSearchParams(query);
  const component = componentOfPackage(name);
  const release = releaseOf(qualifiers.get("distro") ?? "");
  // Binary packages are listed too; the source package speaks for all.
  if (component === undefined || release === undefined || qualifiers.get("arch") !== "source") return [];
  const head = { cve, component, package: name, source: id, distribution: "ubuntu", release };
  if (status !== "fixed") return [{ ...head, kind: "status", status: statuses.get(status) ?? "unknown" }];
  const fixed = decoded(version ?? "");
  return fixed === "" ? [] : [{ ...head, kind: "fixed-version", fixed }];
}

const statuses: ReadonlyMap<string, StatusFact["status"]> = new Map([
  ["affected", "affected"],
  ["not_affected", "not-affected"],
]);

/** `jammy`, and `esm-infra/jammy` for those who pay; kernels of other tracks (`realtime/…`, `fips/…`) are other packages. */
function releaseOf(distro: string): string | undefined {
  const [, codeName] = /^(?:esm-(?:infra|apps)(?:-legacy)?\/)?([a-z]+)$/.exec(distro) ?? [];
  return codeName === undefined ? undefined : ubuntuRelease(codeName);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
