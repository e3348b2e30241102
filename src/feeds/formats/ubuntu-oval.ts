import { SaxesParser } from "saxes";
import type { SaxesAttributeNS, SaxesTagNS } from "saxes";
import type { FeedFact } from "../../knowledge/feed-fact.ts";
import { quote } from "../../base/text.ts";
import { componentOfPackage } from "../components.ts";
import { feedProblem } from "../problem.ts";
import { isCve, shortTitle } from "../read-value.ts";
import { ubuntuRelease } from "../releases.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "ubuntu-oval";

/**
 * Ubuntu's OVAL by CVE, of one release. What a package has is said in the comments of its criteria, such as `runc package in jammy
 * was vulnerable but has been fixed (note: '1.1.0-0ubuntu1.1').`
 * @see https://documentation.ubuntu.com/security/security-updates/oval/
 */
export const ubuntuOval: Feed = {
  id,
  title: "Ubuntu's OVAL by CVE",
  recognises: ({ head }) =>
    /^\uFEFF?\s*<(\?xml|oval_definitions)/.test(head) &&
    head.includes("<oval_definitions") &&
    /ubuntu/i.test(head),
  read,
};

/** More than the parser should keep of one tag or text; and more tags within each other than the format has. */
const longestQuiet = 4 * 1024 * 1024;
const deepest = 64;

async function* read(document: FeedDocument): AsyncGenerator<FeedRecord> {
  const reader = new OvalReader();
  const decoder = new TextDecoder();
  let quiet = 0;
  for await (const chunk of document.chunks) {
    const { events } = reader;
    reader.write(decoder.decode(chunk, { stream: true }));
    quiet = reader.events === events ? quiet + chunk.length : 0;
    if (quiet > longestQuiet)
      throw feedProblem(
        `expected tags and texts of at most ${String(longestQuiet)} bytes, found a longer one${reader.where()}`,
      );
    yield* reader.taken();
  }
  reader.close();
  yield* reader.taken();
}

/** A class, for it lives as long as the document. */
class OvalReader {
  /** How much has happened: a parser that only gathers is at one tag or text. */
  events = 0;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #depth = 0;
  #definition: Definition | undefined;
  #title: string | undefined;
  #records: FeedRecord[] = [];

  constructor() {
    this.#parser.on("opentag", (tag) => {
      this.#open(tag);
    });
    this.#parser.on("closetag", (tag) => {
      this.#close(tag);
    });
    this.#parser.on("text", (text) => {
      this.events++;
      if (this.#title !== undefined) this.#title = (this.#title + text).slice(0, 1000);
    });
    this.#parser.on("error", (error) => {
      throw feedProblem(`expected XML, found ${quote(error.message.slice(0, 100))}${this.where()}`);
    });
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  where(): string {
    return ` in line ${String(this.#parser.line)}`;
  }

  taken(): readonly FeedRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #open({ local, attributes }: SaxesTagNS): void {
    this.events++;
    if (++this.#depth > deepest)
      throw feedProblem(
        `expected at most ${String(deepest)} tags within each other${this.where()}, found more`,
      );
    if (local === "definition") this.#begin(attributes);
    else if (local === "title") this.#title = "";
    else if (local === "criterion") this.#definition?.comments.push(attribute(attributes, "comment"));
    else if (local === "reference") this.#refer(attributes);
  }

  #begin(attributes: Attributes): void {
    const kind = attribute(attributes, "class");
    if (kind === "patch")
      throw feedProblem(
        `expected the feed by CVE (com.ubuntu.RELEASE.cve.oval.xml), found the one by notice (usn)${this.where()}`,
      );
    if (kind === "vulnerability") this.#definition = { cves: new Set(), comments: [], title: undefined };
  }

  #refer(attributes: Attributes): void {
    const name = attribute(attributes, "ref_id");
    if (attribute(attributes, "source") === "CVE" && isCve(name)) this.#definition?.cves.add(name);
  }

  #close({ local }: SaxesTagNS): void {
    this.events++;
    this.#depth--;
    if (local === "title") {
      if (this.#definition) this.#definition.title = shortTitle(this.#title);
      this.#title = undefined;
    }
    if (local !== "definition" || !this.#definition) return;
    this.#records.push(recordOf(this.#definition));
    this.#definition = undefined;
  }
}

interface Definition {
  readonly cves: Set<string>;
  readonly comments: string[];
  title: string | undefined;
}

type Attributes = Readonly<Record<string, SaxesAttributeNS>>;

function attribute(attributes: Attributes, name: string): string {
  return Object.hasOwn(attributes, name) ? (attributes[name]?.value ?? "") : "";
}

function recordOf({ cves, comments, title }: Definition): FeedRecord {
  return { facts: [...cves].flatMap((cve) => comments.flatMap((comment) => factsOf(cve, comment))), title };
}

const subject =
  /^(?:\(CVE-[\d-]+\) )?(?:The )?'?([a-z0-9][a-z0-9.+-]*)'? (?:source package|package|kernel) in ([a-z]+)\b/;

function factsOf(cve: string, comment: string): readonly FeedFact[] {
  const [, name = "", codeName = ""] = subject.exec(comment) ?? [];
  const component = componentOfPackage(name);
  const release = ubuntuRelease(codeName);
  if (component === undefined || release === undefined) return [];
  const head = { cve, component, package: name, source: id, distribution: "ubuntu", release };
  const [, fixed] = /has been fixed \(note: '([^'\s]+) ?'\)/.exec(comment) ?? [];
  if (fixed !== undefined) return [{ ...head, kind: "fixed-version", fixed }];
  if (/\bis not affected\b/.test(comment)) return [{ ...head, kind: "status", status: "not-affected" }];
  if (/\bis affected\b(?! and may need)/.test(comment))
    return [{ ...head, kind: "status", status: "affected" }];
  return [{ ...head, kind: "status", status: "unknown" }];
}
