import { groupBy } from "../../base/group.ts";
import type { FeedFact, StatusFact } from "../../knowledge/feed-fact.ts";
import { componentOfPackage } from "../components.ts";
import { jsonPieces } from "../json-pieces.ts";
import { feedProblem } from "../problem.ts";
import { fieldOf, isCve, listOf, outerKeys, shortTitle, textField, textOf } from "../read-value.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "redhat-vex";

/**
 * Red Hat's CSAF VEX, a document for each CVE: which products have a component fixed, affected or never affected. Only Red Hat
 * Enterprise Linux itself counts; what OpenShift and other products ship has versions of its own.
 * @see https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/
 */
export const redhatVex: Feed = {
  id,
  title: "Red Hat's CSAF VEX",
  recognises: ({ head }) =>
    outerKeys(head).has("document") && /"(csaf_vex|csaf_version)"/.test(head) && /red ?hat/i.test(head),
  read,
};

async function* read(document: FeedDocument): AsyncGenerator<FeedRecord> {
  for await (const { value, offset } of jsonPieces(document.chunks, 0)) {
    const vulnerabilities = fieldOf(value, "vulnerabilities");
    if (!Array.isArray(vulnerabilities) || fieldOf(value, "product_tree") === undefined)
      throw feedProblem(
        `expected "product_tree" and "vulnerabilities" at byte ${String(offset)}, found none`,
      );
    const products = productsOf(fieldOf(value, "product_tree"));
    for (const vulnerability of vulnerabilities) yield recordOf(vulnerability, products);
  }
}

/** Product id → the releases of Red Hat Enterprise Linux that it is. */
type Products = ReadonlyMap<string, Stream>;
interface Stream {
  readonly release: string;
  /** A stream of a minor release only, with support that is longer than usual. */
  readonly isExtended: boolean;
}

function productsOf(tree: unknown): Products {
  const products = new Map<string, Stream>();
  // Not by recursion: a file decides how deep branches are.
  const waiting = [...listOf(fieldOf(tree, "branches"))];
  for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
    for (const inner of listOf(fieldOf(branch, "branches"))) waiting.push(inner);
    const product = fieldOf(branch, "product");
    const name = textField(product, "product_id");
    const stream = streamOf(textField(fieldOf(product, "product_identification_helper"), "cpe") ?? "");
    if (name !== undefined && stream) products.set(name, stream);
  }
  return products;
}

/** `cpe:/o:redhat:enterprise_linux:9::baseos` → 9; `cpe:/o:redhat:rhel_eus:9.4::baseos` → 9.4, extended. */
function streamOf(cpe: string): Stream | undefined {
  const [, main, extended] =
    /^cpe:\/[ao]:redhat:(?:enterprise_linux:(\d+)|rhel_(?:eus|eus_long_life|aus|e4s|els|tus):(\d+(?:\.\d+)?))(?:[:.]|$)/.exec(
      cpe,
    ) ?? [];
  if (main !== undefined) return { release: main, isExtended: false };
  return extended === undefined ? undefined : { release: extended, isExtended: true };
}

function recordOf(vulnerability: unknown, products: Products): FeedRecord {
  const cve = textField(vulnerability, "cve") ?? "";
  const status = fieldOf(vulnerability, "product_status");
  if (!isCve(cve)) return { facts: [] };
  const said = (name: string, wanted: Wanted): readonly FeedFact[] =>
    listOf(fieldOf(status, name)).flatMap((product) => factsOf(cve, textOf(product) ?? "", products, wanted));
  const facts = [
    ...said("fixed", "fixed-version"),
    ...said("known_affected", "affected"),
    ...said("known_not_affected", "not-affected"),
  ];
  return { facts: withoutContradictions(facts), title: shortTitle(textField(vulnerability, "title")) };
}

/** `runc-4:1.1.12-1.el9.src`, also at the end of a product's id, and before the module that newer documents append. */
const build =
  /(?:^|:)([A-Za-z0-9][\w.+-]*)-(\d+):([^:]+-[^:-]+)\.(?:src|noarch|x86_64|aarch64|ppc64le|s390x|i686)$/;

type Wanted = "fixed-version" | StatusFact["status"];

function factsOf(cve: string, listed: string, products: Products, wanted: Wanted): readonly FeedFact[] {
  const productId = listed.replace(/::.*$/, "");
  const [product = ""] = productId.split(":", 1);
  const stream = products.get(product);
  if (!stream) return [];
  const [, built, epoch, version] = build.exec(productId) ?? [];
  // Without a build: `runc`, or `container-tools:rhel8/runc` for one in a module.
  const name = built ?? productId.slice(product.length + 1).replace(/^.*[:/]/, "");
  const component = componentOfPackage(name);
  if (component === undefined) return [];
  const head = { cve, component, package: name, source: id, distribution: "rhel" };
  if (wanted !== "fixed-version")
    return [{ ...head, kind: "status", release: stream.release, status: wanted }];
  if (version === undefined || epoch === undefined) return [];
  const fixed = epoch === "0" ? version : `${epoch}:${version}`;
  return releasesOf(stream, version).map((release) => ({ ...head, kind: "fixed-version", release, fixed }));
}

/** The release, and the minor release that the build was made for: `el9_2`, `el8.9.0` in modules. */
function releasesOf({ release, isExtended }: Stream, version: string): readonly string[] {
  const [, major, minor] = /[.+]el(\d+)[_.](\d+)/.exec(version) ?? [];
  const built = major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
  const own = isExtended && !release.includes(".") ? [] : [release];
  return [...new Set(built === undefined ? own : [...own, built])];
}

/** "Affected" stands beside fixes where some packages of a release have none: where a build is named, that is what counts. */
function withoutContradictions(facts: readonly FeedFact[]): readonly FeedFact[] {
  const groups = groupBy(facts, (fact) =>
    fact.kind === "range" ? "" : `${fact.release} ${fact.component} ${fact.package}`,
  );
  return [...groups.values()].flatMap((group) => {
    const builds = group.filter(({ kind }) => kind === "fixed-version");
    return builds.length > 0 ? unique(builds) : unique(group);
  });
}

/** A build has a product id for each architecture. */
function unique(facts: readonly FeedFact[]): readonly FeedFact[] {
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
}
