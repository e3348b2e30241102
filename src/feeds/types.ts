/**
 * Public feeds of vulnerabilities: what each looks like, and what of it can be used. This layer reads files and addresses, and
 * turns them into facts about versions. It knows which ids and components the knowledge base has, and nothing of boundaries; it
 * never makes a precondition. A feed is taken whole or not at all.
 */
import type { FeedFact } from "../knowledge/feed-fact.ts";

/** One file, or one entry of an archive or a folder; unpacked. */
export interface FeedDocument {
  readonly name: string;
  /** The first bytes as text, enough to tell feeds apart. */
  readonly head: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What one record of a feed says: of components that we know, or nothing. */
export interface FeedRecord {
  readonly facts: readonly FeedFact[];
  /** What the record calls the vulnerability, where it does. */
  readonly title?: string | undefined;
}

export interface Feed {
  readonly id: string;
  /** In words, as in "expected OSV records". */
  readonly title: string;
  /** Whether a document looks like this feed. */
  readonly recognises: (document: Pick<FeedDocument, "head" | "name">) => boolean;
  /** @throws FeedProblem where a document is broken, truncated, or not what it looked like */
  readonly read: (document: FeedDocument) => AsyncIterable<FeedRecord>;
}

/** A vulnerability that the knowledge base does not have, in a component that it knows. */
export interface Candidate {
  readonly cve: string;
  readonly component: string;
  readonly title?: string | undefined;
  readonly source: string;
}

/** What was read, when, and what came of it. */
export interface Summary {
  readonly feed: string;
  /** The file or address, without a query. */
  readonly source: string;
  readonly sha256: string;
  readonly date: string;
  readonly records: number;
  readonly facts: number;
  /** Known vulnerabilities that a fact is about. */
  readonly refined: number;
  readonly candidates: number;
}
