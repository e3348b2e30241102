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

/** A formula whose conditions are places in a table: hundreds of formulas ask for the same few. */
type CompactFormula = number | { readonly [op in "all" | "any"]?: readonly CompactFormula[] };

/** A technique with the place of its formula. */
type CompactTechnique = Omit<Technique, "requires"> & { readonly requires: number };

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
  readonly techniques: readonly CompactTechnique[];
  readonly vulnerabilities: readonly CompactVulnerability[];
  readonly formulas: readonly CompactFormula[];
  readonly conditions: readonly Formula[];
}

export type DetailsById = Readonly<Record<string, VulnerabilityDetails>>;

/** Splits a knowledge base in what a scan starts with and the details of its vulnerabilities. */
export function compact({ techniques, ...rest }: KnowledgeBase): {
  readonly knowledge: CompactKnowledge;
  readonly details: DetailsById;
} {
  const conditions = table<Formula>();
  const formulas = table<CompactFormula>();
  const details: Record<string, VulnerabilityDetails> = {};
  const plain: CompactTechnique[] = [];
  const vulnerabilities: CompactVulnerability[] = [];
  for (const technique of techniques) {
    const { id, axis, status, from, to, vulnerability } = technique;
    const requires = formulas.placeOf(withPlaces(technique.requires, conditions.placeOf));
    if (!vulnerability) {
      plain.push({ ...technique, ...undocumented, requires });
      continue;
    }
    details[id] = detailsOf(technique, vulnerability);
    vulnerabilities.push({ id, axis, status, from, to, requires, component: vulnerability.component });
  }
  const tables = { formulas: formulas.all(), conditions: conditions.all() };
  return { knowledge: { ...rest, techniques: plain, vulnerabilities, ...tables }, details };
}

/** Values in the order in which they first came, each once. */
function table<T>(): { readonly placeOf: (value: T) => number; readonly all: () => readonly T[] } {
  const places = new Map<string, number>();
  return {
    placeOf(value) {
      const text = JSON.stringify(value);
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      return place;
    },
    all: () => [...places.keys()].map((text) => JSON.parse(text) as T),
  };
}

function withPlaces(formula: Formula, placeOf: (condition: Formula) => number): CompactFormula {
  for (const op of ["all", "any"] as const) {
    const parts = (formula as Readonly<Record<string, unknown>>)[op];
    if (Array.isArray(parts)) return { [op]: (parts as Formula[]).map((part) => withPlaces(part, placeOf)) };
  }
  return placeOf(formula);
}

function detailsOf(
  { title, reason, remedy, attack, confidence, since, aliases }: Technique,
  { affected, exploited }: NonNullable<Technique["vulnerability"]>,
): VulnerabilityDetails {
  return { title, reason, remedy, attack, confidence, since, aliases, affected, exploited };
}

const undocumented = { references: [], examples: { open: [], closed: [] } };

/**
 * Puts the parts together again; `details` is read when somebody asks for the first of them. Equal conditions and equal formulas
 * are the same objects: what is made of them is made once.
 */
export function expand(
  { vulnerabilities, formulas, conditions, techniques, ...rest }: CompactKnowledge,
  details: () => DetailsById,
): KnowledgeBase {
  const inFull = (formula: CompactFormula): Formula => {
    if (typeof formula === "number") return conditions[formula] ?? nothing;
    return formula.all ? { all: formula.all.map(inFull) } : { any: (formula.any ?? []).map(inFull) };
  };
  const whole = formulas.map(inFull);
  const formulaAt = (place: number): Formula => whole[place] ?? nothing;
  const lazy = lazyTechnique(details);
  const plain = techniques.map(
    (one) => Object.assign(one, { requires: formulaAt(one.requires) }) as Technique,
  );
  return {
    ...rest,
    techniques: [...plain, ...vulnerabilities.map((one) => lazy(one, formulaAt(one.requires)))],
  };
}

const nothing: Formula = { any: [] };

const detailFields = ["title", "reason", "remedy", "attack", "confidence", "since", "aliases"] as const;

/**
 * Makes techniques whose details come from elsewhere. The getters are on a prototype that all share: hundreds of objects with a dozen
 * getters each would cost every start more than the details do.
 */
function lazyTechnique(
  details: () => DetailsById,
): (head: CompactVulnerability, requires: Formula) => Technique {
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
  return ({ id, axis, status, from, to, component }, requires) => {
    const about = Object.create(vulnerability) as Writable<NonNullable<Technique["vulnerability"]>>;
    about.cve = id;
    about.component = component;
    const made = Object.create(technique) as Writable<Technique>;
    made.id = id;
    made.axis = axis;
    made.status = status;
    made.from = from;
    made.to = to;
    made.requires = requires;
    made.vulnerability = about;
    return made;
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
