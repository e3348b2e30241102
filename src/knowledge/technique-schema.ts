import * as z from "zod/mini";
import { conditions } from "../conditions/registry.ts";
import { expected } from "../base/problems.ts";
import type { SchemaProblem } from "./engine-defaults-schema.ts";
import { checkFormula } from "./parse-formula.ts";
import { problemsOf } from "./schema-problems.ts";
import type { Formula, Technique } from "./types.ts";
import { axes, stages } from "./types.ts";

const text = z.string().check(z.minLength(1));
const texts = z.record(text, text);

const reference = z.strictObject({
  url: z.string().check(z.regex(/^https?:\/\/\S+$/)),
  supports: text,
});

const example = {
  run: z.optional(z.string().check(z.regex(/^(docker|podman|nerdctl|bwrap) /))),
  input: z.optional(text),
  assume: z.optional(texts),
  host: z.optional(text),
  note: z.optional(text),
};

const examples = z.strictObject({
  open: z.array(z.strictObject(example)),
  closed: z.array(z.strictObject({ ...example, by: text })).check(z.minLength(1)),
  unknown: z.optional(z.array(z.strictObject({ ...example, fact: text })).check(z.minLength(1))),
});

const affected = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("kernel"),
    introduced: z.nullable(text),
    introducedStable: z.optional(texts),
    fixed: text,
    stable: texts,
    distributionSpecific: z.optional(text),
  }),
  z.strictObject({
    kind: z.literal("ranges"),
    ranges: z.array(z.strictObject({ introduced: text, fixed: z.nullable(text) })).check(z.minLength(1)),
    packages: z.optional(z.record(text, texts)),
  }),
]);

const vulnerability = z.strictObject({
  cve: z.string().check(z.regex(/^CVE-\d{4}-\d{4,}$/)),
  component: text,
  affected,
  exploited: z.boolean(),
});

/** A technique or vulnerability file; the formula is checked apart, condition by condition. */
const technique = z.strictObject({
  id: z.string().check(z.regex(/^([a-z][a-z0-9]*(-[a-z0-9]+)*|CVE-\d{4}-\d{4,})$/)),
  title: text.check(z.maxLength(100)),
  reason: text.check(z.maxLength(200)),
  remedy: z.optional(text.check(z.maxLength(200))),
  axis: z.enum(axes),
  status: z.enum(["stable", "draft", "deprecated"]),
  from: z.enum(stages),
  to: z.enum(stages),
  requires: z.unknown(),
  attack: z.optional(z.string().check(z.regex(/^T\d{4}(\.\d{3})?$/))),
  confidence: z.enum(["high", "medium", "low"]),
  references: z.array(reference).check(z.minLength(1)),
  since: z.string().check(z.regex(/^\d+\.\d+$/)),
  aliases: z.optional(z.array(text)),
  examples,
  vulnerability: z.optional(vulnerability),
});

const vocabulary = new Map(conditions.map((condition) => [condition.id, condition]));

/**
 * One technique or vulnerability, from its parsed YAML. `name` is the file's name without its ending, which the id must
 * equal. Problems name the field; with one, there is no value.
 */
export function checkTechnique(
  data: unknown,
  name?: string,
): { readonly value?: Technique; readonly problems: readonly SchemaProblem[] } {
  const shape = problemsOf(technique, data, "");
  if (typeof data !== "object" || data === null || Array.isArray(data)) return { problems: shape };
  const raw = data as Readonly<Record<string, unknown>>;
  const problems = [...shape, ...checkFormula(raw["requires"], vocabulary, "requires")];
  if (problems.length === 0) problems.push(...consistency(data as Technique, name));
  return problems.length > 0 ? { problems } : { value: data as Technique, problems };
}

/** What one field says about another. */
function consistency(value: Technique, name: string | undefined): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (name !== undefined && value.id !== name)
    problems.push({ path: "id", message: expected(`the file's name, ${name}`, value.id) });
  if (value.from === value.to)
    problems.push({ path: "to", message: expected("another stage than from", value.to) });
  const { cve } = value.vulnerability ?? { cve: value.id.startsWith("CVE-") ? undefined : value.id };
  if (cve !== value.id)
    problems.push({
      path: "vulnerability.cve",
      message: expected("the id, as for every vulnerability", cve),
    });
  return [...problems, ...exampleProblems(value)];
}

/** Each example is one of two kinds of input; and one at least shows where the technique is open, or may be. */
function exampleProblems(value: Technique): readonly SchemaProblem[] {
  const { open, closed, unknown = [] } = value.examples;
  const problems = Object.entries({ open, closed, unknown }).flatMap(([kind, list]) =>
    list.flatMap(({ run, input }, index) =>
      (run === undefined) === (input === undefined)
        ? [
            {
              path: `examples.${kind}[${String(index)}]`,
              message: "expected either run or input, found both or neither",
            },
          ]
        : [],
    ),
  );
  // On the default host no known vulnerability is judged, so those need none.
  if (open.length + unknown.length > 0 || value.vulnerability || neverOpen(value)) return problems;
  const message = "expected one, or an unknown one where the host decides, found neither";
  return [...problems, { path: "examples.open", message }];
}

/** Techniques that rest on an unknown bug are closed by the correctness of a part, always; so are steps towards one. */
function neverOpen({ from, requires }: Technique): boolean {
  return from !== "workload" || mentionsFailure(requires);
}

function mentionsFailure(formula: Formula): boolean {
  return (
    "fails" in formula ||
    ("all" in formula && Array.isArray(formula.all) && (formula.all as Formula[]).some(mentionsFailure))
  );
}
