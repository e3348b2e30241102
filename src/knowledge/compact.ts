import type { Affected, Formula, KnowledgeBase, Technique } from "./types.ts";

/**
 * Vulnerabilities as a scan starts with them. There are hundreds, most runs print none, and many ask for the very same: so each
 * formula is written once, and what only a report or a known version asks for lies in a file of its own.
 */
export interface CompactVulnerability {
  readonly id: string;
  readonly axis: Technique["axis"];
  readonly status: Technique["status"];
  readonly from: Technique["from"];
  readonly to: Technique["to"];
  /** The place of its formula in `formulas`. */
  readonly requires: number;
  readonly component: string;
}

/** The rest of a vulnerability, without references and examples. */
export interface VulnerabilityDetails {
  readonly title: string;
  readonly reason: string;
  readonly remedy?: string | undefined;
  readonly attack?: string | undefined;
  readonly confidence: Technique["confidence"];
  readonly since: string;
  readonly aliases?: readonly string[] | undefined;
  readonly affected: Affected;
  readonly exploited: boolean;
}

/** What the build writes to knowledge.json. */
export interface CompactKnowledge extends Omit<KnowledgeBase, "techniques"> {
  readonly techniques: readonly Technique[];
  readonly vulnerabilities: readonly CompactVulnerability[];
  readonly formulas: readonly Formula[];
}

export type DetailsById = Readonly<Record<string, VulnerabilityDetails>>;

/** Splits a knowledge base in what a scan starts with and the details of its vulnerabilities. */
export function compact({ techniques, ...rest }: KnowledgeBase): {
  readonly knowledge: CompactKnowledge;
  readonly details: DetailsById;
} {
  const formulas = new Map<string, number>();
  const details: Record<string, VulnerabilityDetails> = {};
  const vulnerabilities = techniques.flatMap((technique): CompactVulnerability[] => {
    const { id, axis, status, from, to, requires, vulnerability } = technique;
    if (!vulnerability) return [];
    const formula = JSON.stringify(requires);
    const place = formulas.get(formula) ?? formulas.size;
    formulas.set(formula, place);
    details[id] = detailsOf(technique, vulnerability);
    return [{ id, axis, status, from, to, requires: place, component: vulnerability.component }];
  });
  return {
    knowledge: {
      ...rest,
      techniques: techniques.filter(({ vulnerability }) => !vulnerability).map(withoutDocumentation),
      vulnerabilities,
      formulas: [...formulas.keys()].map((formula) => JSON.parse(formula) as Formula),
    },
    details,
  };
}

function detailsOf(
  { title, reason, remedy, attack, confidence, since, aliases }: Technique,
  { affected, exploited }: NonNullable<Technique["vulnerability"]>,
): VulnerabilityDetails {
  return { title, reason, remedy, attack, confidence, since, aliases, affected, exploited };
}

function withoutDocumentation(technique: Technique): Technique {
  return { ...technique, ...undocumented };
}

const undocumented = { references: [], examples: { open: [], closed: [] } };

/** Puts the parts together again; `details` is read when somebody asks for the first of them. */
export function expand(
  { vulnerabilities, formulas, techniques, ...rest }: CompactKnowledge,
  details: () => DetailsById,
): KnowledgeBase {
  const lazy = lazyTechnique(details);
  return { ...rest, techniques: [...techniques, ...vulnerabilities.map((one) => lazy(one, formulas))] };
}

const detailFields = ["title", "reason", "remedy", "attack", "confidence", "since", "aliases"] as const;

/**
 * Makes techniques whose details come from elsewhere. The getters are on a prototype that all share: hundreds of objects with a dozen
 * getters each would cost every start more than the details do.
 */
function lazyTechnique(
  details: () => DetailsById,
): (head: CompactVulnerability, formulas: readonly Formula[]) => Technique {
  const detailsOf = (id: string): VulnerabilityDetails => {
    const found = details()[id];
    if (!found) throw new Error(`the compiled knowledge has no details of ${id}`);
    return found;
  };
  const getter = (id: "id" | "cve", name: keyof VulnerabilityDetails): PropertyDescriptor => ({
    enumerable: true,
    get(this: Readonly<Record<string, string>>): unknown {
      return detailsOf(this[id] ?? "")[name];
    },
  });
  const technique = Object.defineProperties(
    { ...undocumented },
    Object.fromEntries(detailFields.map((name) => [name, getter("id", name)])),
  );
  const vulnerability = Object.defineProperties(
    {},
    { affected: getter("cve", "affected"), exploited: getter("cve", "exploited") },
  );
  return ({ id, axis, status, from, to, requires, component }, formulas) => {
    const about = Object.create(vulnerability) as Writable<NonNullable<Technique["vulnerability"]>>;
    about.cve = id;
    about.component = component;
    const made = Object.create(technique) as Writable<Technique>;
    made.id = id;
    made.axis = axis;
    made.status = status;
    made.from = from;
    made.to = to;
    made.requires = formulas[requires] ?? { all: [] };
    made.vulnerability = about;
    return made;
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
