import { conditions } from "../conditions/registry.ts";
import { expected } from "../base/problems.ts";
import type { SchemaProblem } from "./engine-defaults-schema.ts";
import { checkFormula } from "./parse-formula.ts";
import { problemsOf } from "./schema-problems.ts";
import { techniqueShape } from "./technique-shape.ts";
import type { Formula, Technique } from "./types.ts";
import { affectedProblems } from "./versions/check-affected.ts";

const vocabulary = new Map(conditions.map((condition) => [condition.id, condition]));

/**
 * One technique or vulnerability, from its parsed YAML. `name` is the file's name without its ending, which the id must
 * equal. Problems name the field; with one, there is no value.
 */
export function checkTechnique(
  data: unknown,
  name?: string,
): { readonly value?: Technique; readonly problems: readonly SchemaProblem[] } {
  const shape = problemsOf(techniqueShape, data, "");
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
  if (value.vulnerability)
    problems.push(...affectedProblems(value.vulnerability.affected, "vulnerability.affected"));
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
