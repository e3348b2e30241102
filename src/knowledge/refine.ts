import { groupBy } from "../base/group.ts";
import type { FeedFact, RangeFact } from "./feed-fact.ts";
import { isSameComponent } from "./feed-fact.ts";
import { refineKernel } from "./refine-kernel.ts";
import { refinePackages } from "./refine-packages.ts";
import { refineRanges } from "./refine-ranges.ts";
import type { Affected, KnowledgeBase, Technique, Vulnerability } from "./types.ts";
import { affectedProblems } from "./versions/check-affected.ts";

/**
 * A knowledge base in which the versions of known vulnerabilities are what feeds say in addition: fixed versions of
 * distributions' packages, fixed points of kernel branches, ranges that upstream added. Nothing else is touched: no entry is
 * added, and no condition. Where a feed and the knowledge disagree, the later fix counts, so that no feed can make a
 * vulnerability look fixed earlier than the knowledge says. Details stay unread until somebody asks for them.
 */
export function refine(knowledge: KnowledgeBase, facts: readonly FeedFact[]): KnowledgeBase {
  if (facts.length === 0) return knowledge;
  const byId = groupBy(facts, ({ cve }) => cve);
  return {
    ...knowledge,
    techniques: knowledge.techniques.map((technique) => {
      const { vulnerability } = technique;
      const own = byId.get(vulnerability?.cve ?? "")?.filter((fact) => isAbout(fact, vulnerability));
      return vulnerability && own && own.length > 0 ? refined(technique, vulnerability, own) : technique;
    }),
  };
}

function isAbout({ component }: FeedFact, vulnerability: Vulnerability | undefined): boolean {
  return vulnerability !== undefined && isSameComponent(component, vulnerability.component);
}

/**
 * The technique with all that it has, read or not yet, and its affected versions refined when they are asked for: it stands on
 * the one that it refines, for a copy would read every detail.
 */
function refined(technique: Technique, vulnerability: Vulnerability, facts: readonly FeedFact[]): Technique {
  let affected: Affected | undefined;
  const own = Object.create(vulnerability, {
    affected: {
      enumerable: true,
      get: () => (affected ??= refineAffected(vulnerability.affected, facts)),
    },
  }) as Vulnerability;
  return Object.create(technique, { vulnerability: { value: own, enumerable: true } }) as Technique;
}

/** Affected versions with what facts about the same component add. What comes out is as consistent as what went in. */
export function refineAffected(affected: Affected, facts: readonly FeedFact[]): Affected {
  const ranges = facts.filter((fact): fact is RangeFact => fact.kind === "range");
  const upstream =
    affected.kind === "kernel" ? refineKernel(affected, ranges) : refineRanges(affected, ranges);
  const packages = refinePackages(affected.packages, facts);
  if (upstream === affected && packages === affected.packages) return affected;
  return [{ ...upstream, packages }, upstream, { ...affected, packages }].find(isConsistent) ?? affected;
}

function isConsistent(affected: Affected): boolean {
  return affectedProblems(affected, "").length === 0;
}
