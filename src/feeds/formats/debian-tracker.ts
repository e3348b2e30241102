import type { FeedFact } from "../../knowledge/feed-fact.ts";
import { componentOfPackage } from "../components.ts";
import { jsonPieces } from "../json-pieces.ts";
import { feedProblem } from "../problem.ts";
import { fieldOf, fieldsOf, isCve, shortTitle, textField } from "../read-value.ts";
import { debianRelease } from "../releases.ts";
import type { Feed, FeedDocument, FeedRecord } from "../types.ts";

const id = "debian-tracker";
/** An entry is a description and a dozen short fields. */
const longestEntry = 4 * 1024 * 1024;

/**
 * The Debian security tracker's JSON: one object, package → id → what each suite has. 80 MB of it, so it is read entry by entry.
 * A `fixed_version` of "0" is how the tracker says that a suite's package never had the bug.
 * @see https://security-tracker.debian.org/tracker/data/json
 */
export const debianTracker: Feed = {
  id,
  title: "the JSON of the Debian security tracker",
  recognises: ({ head }) => /^\uFEFF?\s*\{\s*"[^"]+"\s*:\s*\{\s*"(CVE|TEMP)-[^"]*"\s*:\s*\{/.test(head),
  read,
};

async function* read(document: FeedDocument): AsyncGenerator<FeedRecord> {
  for await (const { keys, value, offset } of jsonPieces(document.chunks, 2, longestEntry)) {
    const [name = "", cve = ""] = keys;
    const releases = fieldOf(value, "releases");
    if (typeof releases !== "object" || releases === null)
      throw feedProblem(`expected "releases" in ${name} → ${cve} at byte ${String(offset)}, found none`);
    const component = componentOfPackage(name);
    if (component === undefined || !isCve(cve)) yield { facts: [] };
    else
      yield {
        facts: Object.entries(fieldsOf(releases)).flatMap(([suite, state]) =>
          factsOf({ cve, component, package: name, source: id }, suite, state),
        ),
        title: shortTitle(textField(value, "description")),
      };
  }
}

type Head = Pick<FeedFact, "cve" | "component" | "package" | "source">;

function factsOf(head: Head, suite: string, state: unknown): readonly FeedFact[] {
  const release = debianRelease(suite);
  if (release === undefined) return [];
  const place = { ...head, distribution: "debian", release };
  const fixed = textField(state, "fixed_version");
  const status = textField(state, "status");
  if (status !== "resolved")
    return [{ ...place, kind: "status", status: status === "open" ? "affected" : "unknown" }];
  if (fixed === undefined) return [];
  return fixed === "0"
    ? [{ ...place, kind: "status", status: "not-affected" }]
    : [{ ...place, kind: "fixed-version", fixed }];
}
