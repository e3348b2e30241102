import { describe, expect, test } from "vitest";
import { compact, expand } from "../../src/knowledge/compact.ts";
import type { Technique } from "../../src/knowledge/types.ts";
import { allTechniques } from "../helpers/knowledge.ts";

const whole = { version: "test", techniques: allTechniques, hostPaths: [] };
const { knowledge, details } = compact(whole);

/** Every field of a technique but those that a scan leaves out. */
function fields({ vulnerability, ...rest }: Technique): unknown {
  return { ...rest, references: [], examples: [], vulnerability: vulnerability && { ...vulnerability } };
}

/** The same, read one by one: what lies on a prototype is not spread. */
function read(technique: Technique): unknown {
  const { id, title, reason, remedy, axis, status, from, to, requires, attack, confidence, since, aliases } =
    technique;
  const { cve, component, affected, exploited } = technique.vulnerability ?? {};
  const vulnerability = technique.vulnerability && { cve, component, affected, exploited };
  const all = {
    id,
    title,
    reason,
    remedy,
    axis,
    status,
    from,
    to,
    requires,
    attack,
    confidence,
    since,
    aliases,
  };
  return { ...all, references: [], examples: [], vulnerability };
}

describe("the compiled knowledge", () => {
  test("holds all that the files hold", () => {
    const expanded = expand(knowledge, () => details);
    const byId = new Map(expanded.techniques.map((technique) => [technique.id, read(technique)]));
    for (const technique of allTechniques) expect(byId.get(technique.id)).toEqual(fields(technique));
    expect(byId.size).toBe(allTechniques.length);
  });

  test("reads no details before somebody asks, and then once for all", () => {
    let readings = 0;
    const expanded = expand(knowledge, () => {
      readings++;
      return details;
    });
    const kept = expanded.techniques.filter(
      ({ vulnerability, from }) => vulnerability && from === "workload",
    );
    expect(kept.length).toBeGreaterThan(20);
    expect(readings).toBe(0);
    expect(kept[0]?.title.length).toBeGreaterThan(5);
    expect(readings).toBe(1);
  });

  test("writes equal formulas once", () => {
    expect(knowledge.formulas.length).toBeLessThan(allTechniques.length);
    expect(knowledge.conditions.length).toBeLessThan(knowledge.formulas.length * 2);
  });
});
