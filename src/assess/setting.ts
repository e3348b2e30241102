import { statSync } from "node:fs";
import type { Boundary } from "../boundary/boundary.ts";
import type { HostFacts } from "../boundary/host.ts";
import type { Prepared } from "../engine/prepare.ts";
import { prepare } from "../engine/prepare.ts";
import type { Judgement } from "../engine/types.ts";
import { isShippedProfile, shippedEngines, shippedKnowledge, shippedProfiles } from "../knowledge/store.ts";
import type { KnowledgeBase } from "../knowledge/types.ts";
import type { CompletionContext } from "../sources/defaults/setting.ts";
import type { Filters } from "./filter-store.ts";
import { createFilterStore } from "./filter-store.ts";
import { hostOf } from "./host.ts";
import { createIds } from "./ids.ts";
import { createJudge } from "./judge-cache.ts";
import type { ScanRequest } from "./request.ts";
import { usageProblem } from "./request.ts";

/** What every subject of a scan is assessed with. */
export interface Setting {
  readonly host: HostFacts;
  readonly prepared: Prepared;
  readonly filters: Filters;
  readonly completion: CompletionContext;
  readonly judge: (boundary: Boundary) => Judgement;
  readonly idOf: (file: string, name: string) => string;
}

/**
 * Loads the knowledge, the host and the engines' defaults that a request names.
 * @throws UsageProblem when it names a host, an assumption or a folder that does not exist or cannot be understood
 */
export async function createSetting(
  request: Pick<
    ScanRequest,
    "assume" | "host" | "knowledgeDir" | "feeds" | "goals" | "order" | "vulnerabilities"
  >,
): Promise<Setting> {
  const knowledge = await refined(await knowledgeOf(request.knowledgeDir), request.feeds);
  const host = await hostOf(request, knowledge);
  const prepared = prepare(knowledge);
  const filters = createFilterStore(isShippedProfile);
  const completion: CompletionContext = {
    host,
    engines: shippedEngines(),
    profiles: shippedProfiles(),
    filters,
    assume: request.assume,
  };
  const { goals, order, vulnerabilities } = request;
  const judge = createJudge(prepared, filters.filters, { goals, order, vulnerabilities });
  return { host, prepared, filters, completion, judge, idOf: createIds() };
}

/** With what feeds say, where there is a store: looking for one is all that it costs where there is none. */
async function refined(knowledge: KnowledgeBase, feeds: ScanRequest["feeds"]): Promise<KnowledgeBase> {
  if (!feeds) return knowledge;
  if (statSync(feeds.store, { throwIfNoEntry: false })?.isDirectory() === true)
    return (await import("./feeds.ts")).withFeeds(knowledge, feeds.store);
  if (!feeds.required) return knowledge;
  throw usageProblem(
    `expected \`--feeds\` to be a folder that \`holdfast kb update\` wrote, found ${JSON.stringify(feeds.store)}`,
  );
}

async function knowledgeOf(folder: string | undefined): Promise<KnowledgeBase> {
  const shipped = shippedKnowledge();
  if (folder === undefined) return shipped;
  const { loadTechniques } = await import("../knowledge/load-techniques.ts");
  const { formatProblem } = await import("../base/problems.ts");
  const { techniques, problems } = loadTechniques(folder);
  if (problems[0]) throw usageProblem(problems.map(formatProblem).join("\n"));
  if (techniques.length === 0)
    throw usageProblem(
      `expected \`--knowledge\` to be a folder with technique files, found none in ${JSON.stringify(folder)}`,
    );
  const replaced = new Set(techniques.map((technique) => technique.id));
  return {
    ...shipped,
    techniques: [...shipped.techniques.filter((technique) => !replaced.has(technique.id)), ...techniques],
  };
}
