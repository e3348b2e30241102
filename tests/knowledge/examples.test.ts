import { describe, expect, test } from "vitest";
import { exampleVerdicts } from "../helpers/example-verdict.ts";
import { allTechniques } from "../helpers/knowledge.ts";
import type { Example } from "../../src/knowledge/types.ts";

/** How an example is named in a test's title. */
function title(example: Example): string {
  const assumed = Object.entries(example.assume ?? {}).map(([key, value]) => `${key}=${value}`);
  return [example.run ?? example.input?.split("\n")[0] ?? "", ...assumed, example.host ?? ""]
    .join(" ")
    .trim();
}

const cases = allTechniques.flatMap((technique) => {
  const { open, closed, unknown = [] } = technique.examples;
  return [
    ...open.map((example) => ({
      technique,
      example,
      status: "open" as const,
      by: undefined,
      fact: undefined,
    })),
    ...closed.map((example) => ({
      technique,
      example,
      status: "closed" as const,
      by: example.by,
      fact: undefined,
    })),
    ...unknown.map((example) => ({
      technique,
      example,
      status: "unknown" as const,
      by: undefined,
      fact: example.fact,
    })),
  ].map((one) => ({ ...one, id: technique.id, title: title(one.example) }));
});

describe("examples of the knowledge base give the verdict that they state", () => {
  test("there are enough of them that the table cannot pass on nothing", () => {
    expect(cases.length).toBeGreaterThan(300);
  });

  test.each(cases)("$id: $title → $status $by $fact", async ({ technique, example, status, by, fact }) => {
    const verdicts = await exampleVerdicts(technique, example);
    const found = verdicts.find((verdict) => verdict.status === status) ?? verdicts[0];
    expect(found?.status).toBe(status);
    if (by !== undefined) expect(found?.barriers).toContain(by);
    if (fact !== undefined) expect(found?.undecided).toContain(fact);
  });
});
