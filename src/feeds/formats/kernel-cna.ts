import { basename } from "node:path";
import type { FeedFact } from "../../knowledge/feed-fact.ts";
import { jsonPieces } from "../json-pieces.ts";
import { feedProblem } from "../problem.ts";
import { fieldOf, isCve, listOf, outerKeys, shortTitle, textField } from "../read-value.ts";
import { textLines } from "../text-lines.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "kernel-cna";

/**
 * Records of the kernel's own CVE authority: CVE JSON, or its dyad files (`introduced:commit:fixed:commit` a line); one file, or
 * a folder such as `cve/published`. CVE records of others have no facts that can be used.
 * @see https://git.kernel.org/pub/scm/linux/security/vulns.git
 */
export const kernelCna: Feed = {
  id,
  title: "CVE records of the kernel's CNA",
  recognises({ head, name }) {
    const keys = outerKeys(head);
    return isDyad(name) || (keys.has("dataType") && head.includes("CVE_RECORD")) || keys.has("cveMetadata");
  },
  read: (document) => (isDyad(document.name) ? readDyad(document) : readRecords(document)),
};

function isDyad(name: string): boolean {
  return name.endsWith(".dyad");
}

async function* readRecords(document: FeedDocument): AsyncGenerator<FeedRecord> {
  for await (const { value, offset } of jsonPieces(document.chunks, 0)) {
    const meta = fieldOf(value, "cveMetadata");
    const cve = textField(meta, "cveID") ?? textField(meta, "cveId");
    const cna = fieldOf(fieldOf(value, "containers"), "cna");
    if (cve === undefined || !isCve(cve) || cna === undefined)
      throw feedProblem(
        `expected a CVE record with an id and a cna container at byte ${String(offset)}, found none`,
      );
    const isRejected = textField(meta, "state") === "REJECTED";
    yield {
      facts: isRejected
        ? []
        : listOf(fieldOf(cna, "affected")).flatMap((product) => productFacts(cve, product)),
      title: shortTitle(textField(cna, "title")),
    };
  }
}

function productFacts(cve: string, product: unknown): readonly FeedFact[] {
  const isLinux = textField(product, "vendor") === "Linux" && textField(product, "product") === "Linux";
  const versions = listOf(fieldOf(product, "versions")).filter(
    (entry) => textField(entry, "versionType") !== "git",
  );
  if (!isLinux) return [];
  return textField(product, "defaultStatus") === "affected" ? fixes(cve, versions) : spans(cve, versions);
}

/** All is affected but what came before, and each branch from its fix on. */
function fixes(cve: string, versions: readonly unknown[]): readonly FeedFact[] {
  const introduced = versions.find((entry) => textField(entry, "status") === "affected");
  const from = textField(introduced, "version") ?? "0";
  return versions.flatMap((entry) => {
    const version = textField(entry, "version") ?? "0";
    const isFix = textField(entry, "status") === "unaffected" && version !== "0";
    return isFix ? [range(cve, from, version)] : [];
  });
}

/** Nothing is affected but these. */
function spans(cve: string, versions: readonly unknown[]): readonly FeedFact[] {
  return versions.flatMap((entry) => {
    const [from, to] = [textField(entry, "version"), textField(entry, "lessThan")];
    const isSpan = textField(entry, "status") === "affected" && from !== undefined && to !== undefined;
    return isSpan ? [range(cve, from, to)] : [];
  });
}

const commit = "[0-9a-f]{12,40}";
const version = "(\\d+\\.\\d+[\\w.-]*|0)";
const pair = new RegExp(`^${version}:(?:${commit}|0):${version}:(?:${commit}|0)$`);

async function* readDyad(document: FeedDocument): AsyncGenerator<FeedRecord> {
  const cve = basename(document.name, ".dyad");
  if (!isCve(cve))
    throw feedProblem(`expected a dyad file to be named for its CVE, found ${basename(document.name)}`);
  const facts: FeedFact[] = [];
  for await (const { text, number } of textLines(document.chunks)) {
    if (text === "" || text.startsWith("#")) continue;
    const [, from, to] = pair.exec(text) ?? [];
    if (from === undefined || to === undefined)
      throw feedProblem(
        `expected version:commit:version:commit in line ${String(number)}, found another text`,
      );
    // The same version twice: never in a release.
    if (from !== to) facts.push(range(cve, from, to === "0" ? null : to));
  }
  yield { facts };
}

function range(cve: string, introduced: string, fixed: string | null): FeedFact {
  return { kind: "range", cve, component: "linux", package: "linux", source: id, introduced, fixed };
}
