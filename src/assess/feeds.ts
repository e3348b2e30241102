import { createHash } from "node:crypto";
import { usageProblem } from "./request.ts";
import { quote } from "../base/text.ts";
import { isFeedProblem } from "../feeds/problem.ts";
import type { Stored } from "../feeds/store.ts";
import { currentFacts, readFacts } from "../feeds/store.ts";
import type { FeedFact } from "../knowledge/feed-fact.ts";
import { refine } from "../knowledge/refine.ts";
import type { KnowledgeBase } from "../knowledge/types.ts";

/**
 * A knowledge base with what a store of feeds says of its vulnerabilities. Its version tells which feeds took part.
 * @throws UsageProblem when the store cannot be read whole
 */
export function withFeeds(knowledge: KnowledgeBase, store: string): KnowledgeBase {
  const stored = factsOf(store);
  if (stored.length === 0) return knowledge;
  const digests = stored.map(({ summary }) => summary.sha256).join("\n");
  const version = createHash("sha256").update(digests).digest("hex").slice(0, 8);
  return { ...refine(knowledge, currentFacts(stored)), version: `${knowledge.version}+feeds.${version}` };
}

function factsOf(store: string): readonly Stored<FeedFact>[] {
  try {
    return readFacts(store);
  } catch (error) {
    if (isFeedProblem(error)) throw usageProblem(error.message);
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw usageProblem(`expected a store of feeds that can be read, found ${quote(store)} (${code})`);
  }
}
