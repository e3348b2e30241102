import type { FeedFact } from "../../knowledge/feed-fact.ts";
import { componentOfPackage, moduleOf } from "../components.ts";
import { jsonPieces } from "../json-pieces.ts";
import { feedProblem } from "../problem.ts";
import { fieldOf, isCve, listOf, outerKeys, shortTitle, textField, textOf } from "../read-value.ts";
import { placeOfEcosystem } from "../releases.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "osv";

/**
 * OSV records: one document, one a line, or an archive of them; from GitHub, Go, the kernel, and distributions.
 * @see https://ossf.github.io/osv-schema/
 */
export const osv: Feed = {
  id,
  title: "OSV records",
  recognises({ head }) {
    const keys = outerKeys(head);
    return keys.has("id") && ["schema_version", "modified", "affected"].some((key) => keys.has(key));
  },
  read,
};

async function* read(document: FeedDocument): AsyncGenerator<FeedRecord> {
  for await (const { value, offset } of jsonPieces(document.chunks, 0)) {
    if (textField(value, "id") === undefined)
      throw feedProblem(`expected an OSV record with an "id" at byte ${String(offset)}, found none`);
    yield recordOf(value);
  }
}

function recordOf(record: unknown): FeedRecord {
  // A record that was taken back says nothing.
  if (fieldOf(record, "withdrawn") !== undefined) return { facts: [] };
  const affected = listOf(fieldOf(record, "affected"));
  const facts = cvesOf(record).flatMap((cve) => affected.flatMap((entry) => factsOf(cve, entry)));
  return { facts, title: shortTitle(textField(record, "summary") ?? textField(record, "details")) };
}

/** `UBUNTU-CVE-…` and `DEBIAN-CVE-…` are of one CVE; GitHub and Go give it as an alias, distributions' advisories as upstream. */
function cvesOf(record: unknown): readonly string[] {
  const [own] = /CVE-\d{4}-\d{4,}$/.exec(textField(record, "id") ?? "") ?? [];
  if (own !== undefined) return [own];
  const named = ["aliases", "upstream"].flatMap((field) => listOf(fieldOf(record, field)));
  return [...new Set(named.flatMap((value) => textOf(value) ?? []).filter(isCve))];
}

function factsOf(cve: string, entry: unknown): readonly FeedFact[] {
  const described = fieldOf(entry, "package");
  const [ecosystem, name] = [textField(described, "ecosystem") ?? "", textField(described, "name") ?? ""];
  const spans = listOf(fieldOf(entry, "ranges")).flatMap(spansOf);
  if (ecosystem === "Linux") return kernelFacts(cve, name, spans);
  const module = moduleOf(ecosystem, name);
  if (module)
    return moduleFacts({ cve, component: module.component, package: name, source: id }, module, spans);
  return packageFacts(cve, ecosystem, name, spans);
}

/** From one event "introduced" to the next "fixed". */
interface Span {
  readonly introduced: string;
  readonly fixed: string | null;
}

function spansOf(range: unknown): readonly Span[] {
  if (textField(range, "type") === "GIT") return [];
  const spans: Span[] = [];
  let introduced: string | undefined;
  for (const event of listOf(fieldOf(range, "events"))) {
    const end = textField(event, "fixed");
    if (introduced !== undefined && end !== undefined) {
      spans.push({ introduced, fixed: end });
      introduced = undefined;
    }
    // Where only the last affected version is known, the fixed one is not: neither an end nor "no end yet" would be right.
    if (textField(event, "last_affected") !== undefined) introduced = undefined;
    introduced = textField(event, "introduced") ?? introduced;
  }
  return introduced === undefined ? spans : [...spans, { introduced, fixed: null }];
}

/** Each branch has a span; that of a later one begins where the branch does, and the bug where the first begins. */
function kernelFacts(cve: string, name: string, spans: readonly Span[]): readonly FeedFact[] {
  if (name !== "Kernel") return [];
  const head = { cve, component: "linux", package: name, source: id } as const;
  const first = release(spans[0]?.introduced ?? "0");
  return spans.map(({ introduced, fixed }) => ({
    ...head,
    kind: "range",
    introduced: /^\d+\.\d+\.[1-9]/.test(introduced) ? introduced : first,
    fixed: fixed === null ? null : release(fixed),
  }));
}

/** OSV writes 6.8.0 for the release 6.8. */
function release(version: string): string {
  return version.replace(/^(\d+\.\d+)\.0$/, "$1");
}

type Head = Pick<FeedFact, "cve" | "component" | "package" | "source">;

/** Upstream's own versions, where the module's are the component's; otherwise only that the component is named. */
function moduleFacts(
  head: Head,
  { versioned, major }: NonNullable<ReturnType<typeof moduleOf>>,
  spans: readonly Span[],
): readonly FeedFact[] {
  if (!versioned) return [{ ...head, kind: "status", distribution: "", release: "", status: "unknown" }];
  return spans.map(({ introduced, fixed }) => ({
    ...head,
    kind: "range",
    introduced: introduced === "0" && major !== undefined ? `${String(major)}.0.0` : plain(introduced),
    fixed: fixed === null ? null : plain(fixed),
  }));
}

function plain(version: string): string {
  return version.replace(/^v/, "").replace(/\+incompatible$/, "");
}

function packageFacts(
  cve: string,
  ecosystem: string,
  name: string,
  spans: readonly Span[],
): readonly FeedFact[] {
  const component = componentOfPackage(name);
  const place = placeOfEcosystem(ecosystem);
  if (component === undefined || !place) return [];
  const head = { cve, component, package: name, source: id, ...place };
  return spans.map(({ fixed }) =>
    fixed === null
      ? { ...head, kind: "status", status: "affected" }
      : { ...head, kind: "fixed-version", fixed },
  );
}
