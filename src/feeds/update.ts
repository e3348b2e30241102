import { resolve } from "node:path";
import { mkdirSync } from "node:fs";
import type { FeedFact } from "../knowledge/feed-fact.ts";
import { isSameComponent } from "../knowledge/feed-fact.ts";
import { isUsablePackageFact } from "../knowledge/refine-packages.ts";
import { download, forget } from "./download.ts";
import { feeds } from "./formats/registry.ts";
import { openInput } from "./input.ts";
import { feedProblem, isFeedProblem } from "./problem.ts";
import type { StoreWriter } from "./store.ts";
import { keyOf, openStoreWriter } from "./store.ts";
import type { Candidate, Feed, FeedDocument, FeedRecord, Summary } from "./types.ts";

export interface UpdateContext {
  readonly store: string;
  /** The known vulnerabilities: id → component. */
  readonly known: ReadonlyMap<string, string>;
  /** Now, in ISO 8601. */
  readonly date: string;
}

/** A feed that was read, or why it was not. */
export type UpdateOutcome =
  | { readonly summary: Summary; readonly candidates: readonly Candidate[] }
  | { readonly source: string; readonly problem: string };

/**
 * Reads one feed from a file, a folder or an address into the store. It is taken whole or not at all: with a problem the store
 * is as it was before.
 */
export async function updateFeed(source: string, context: UpdateContext): Promise<UpdateOutcome> {
  const shown = withoutSecrets(source);
  try {
    const { path, done } = await locate(source, context.store);
    try {
      return await readInto(path, shown, context);
    } finally {
      done();
    }
  } catch (error) {
    if (!isFeedProblem(error)) throw error;
    return { source: shown, problem: error.message };
  }
}

/** A URL without what may be a secret of the user's. */
function withoutSecrets(source: string): string {
  if (!isUrl(source)) return source;
  const { origin, pathname } = new URL(source);
  return `${origin}${pathname}`;
}

function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source) && URL.canParse(source);
}

interface Located {
  readonly path: string;
  /** Called once it has been read: a download that came in whole is of no more use, whether it was good or not. */
  readonly done: () => void;
}

async function locate(source: string, store: string): Promise<Located> {
  if (!isUrl(source)) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source))
      throw feedProblem("expected a file, a folder or an http(s) address, found another kind of address");
    return { path: source, done: () => undefined };
  }
  // fetch refuses it too, and repeats it in its message.
  const { username, password } = new URL(source);
  if (username !== "" || password !== "")
    throw feedProblem("expected an address without a user and a password, found one with them");
  try {
    mkdirSync(store, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw feedProblem(`expected a store that can be written, found ${code} for ${store}`);
  }
  const path = resolve(store, `${keyOf(source)}.part`);
  await download(source, path);
  return {
    path,
    done() {
      forget(path);
    },
  };
}

/** What is counted while a feed is read. */
interface Tally {
  records: number;
  facts: number;
  readonly refined: Set<string>;
  readonly candidates: Map<string, Candidate>;
}

async function readInto(path: string, source: string, context: UpdateContext): Promise<UpdateOutcome> {
  const input = await openInput(path);
  const writer = openStoreWriter(context.store, keyOf(isUrl(source) ? source : resolve(source)));
  const tally: Tally = { records: 0, facts: 0, refined: new Set(), candidates: new Map() };
  try {
    let feed: Feed | undefined;
    for await (const document of input.documents) {
      feed = recognise(document, feed, path);
      await readDocument(feed, document, path, (record) => {
        take(record, tally, context, writer);
      });
    }
    if (!feed || tally.records === 0) throw feedProblem("expected at least one record, found none");
    const candidates = [...tally.candidates.values()];
    for (const candidate of candidates) writer.candidate(candidate);
    const summary: Summary = {
      feed: feed.id,
      source,
      sha256: input.sha256,
      date: context.date,
      records: tally.records,
      facts: tally.facts,
      refined: tally.refined.size,
      candidates: candidates.length,
    };
    writer.commit(summary);
    return { summary, candidates };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** @throws FeedProblem for a document of no feed, or of another one than those before it */
function recognise(document: FeedDocument, before: Feed | undefined, path: string): Feed {
  const found = feeds.find((feed) => feed.recognises(document));
  if (found && (!before || found === before)) return found;
  // Which of the files of a folder or an archive it is.
  const where = document.name === path ? "" : `${document.name}: `;
  if (found && before)
    throw feedProblem(
      `${where}expected ${before.title}, as in the files before it, found ${found.title}: give each feed for itself`,
    );
  const titles = feeds.map(({ title }) => title);
  const what = /^\s*<(!doctype )?html/i.test(document.head) ? "a web page" : "another format";
  throw feedProblem(
    `${where}expected ${titles.slice(0, -1).join(", ")} or ${titles.at(-1) ?? ""}, found ${what}`,
  );
}

async function readDocument(
  feed: Feed,
  document: FeedDocument,
  path: string,
  each: (record: FeedRecord) => void,
): Promise<void> {
  try {
    for await (const record of feed.read(document)) each(record);
  } catch (error) {
    if (isFeedProblem(error) && document.name !== path)
      throw feedProblem(`${document.name}: ${error.message}`);
    throw error;
  }
}

/** Facts of known vulnerabilities are kept; ids that are not known, in a component that is, become candidates. */
function take(
  { facts, title }: FeedRecord,
  tally: Tally,
  { known }: UpdateContext,
  writer: StoreWriter,
): void {
  tally.records++;
  for (const fact of facts) {
    const component = known.get(fact.cve);
    if (component === undefined) {
      if (!isDenial(fact)) addCandidate(tally.candidates, fact, title);
    } else if (isSameComponent(component, fact.component) && isUsable(fact)) {
      writer.fact(fact);
      tally.facts++;
      tally.refined.add(fact.cve);
    }
  }
}

/** A distribution that never had a bug is no reason to look at it. */
function isDenial(fact: FeedFact): boolean {
  return fact.kind === "status" && fact.status === "not-affected";
}

function isUsable(fact: FeedFact): boolean {
  return fact.kind === "range" || isUsablePackageFact(fact);
}

function addCandidate(
  candidates: Map<string, Candidate>,
  { cve, component, source }: FeedFact,
  title: string | undefined,
): void {
  const key = `${cve} ${component}`;
  if (!candidates.has(key))
    candidates.set(key, { cve, component, ...(title === undefined ? {} : { title }), source });
}
