import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { conditions } from "../../src/conditions/registry.ts";
import { allTechniques } from "../helpers/knowledge.ts";

const page = readFileSync("docs/coverage.md", "utf8");
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));

/** Words in code that are no technique: conditions, parts of the blast radius, commands and paths. */
const others = new Set([
  ...conditions.map(({ id }) => id),
  "resources",
  "credentials",
  "persistence",
  "metadata",
  "egress",
]);

describe("docs/coverage.md", () => {
  test("names every technique", () => {
    const missing = allTechniques
      .filter(({ id, vulnerability }) => !vulnerability && !named.has(id))
      .map(({ id }) => id);
    expect(missing).toEqual([]);
  });

  test("names nothing that does not exist", () => {
    const known = new Set(allTechniques.map(({ id }) => id));
    const unknown = [...named].filter(
      (name) => /^(CVE-|[a-z]+(-[a-z]+)+$)/.test(name) && !known.has(name) && !others.has(name),
    );
    expect(unknown).toEqual([]);
  });

  test("says of each draft that it is one", () => {
    for (const { id, status, vulnerability } of allTechniques)
      if (status === "draft" && !vulnerability) expect(page).toMatch(new RegExp(`\`${id}\` \\(draft\\)`));
  });
});
