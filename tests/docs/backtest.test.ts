import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { backtestFiles } from "../../scripts/backtest.ts";
import type { Assessed } from "../../scripts/backtest/assess.ts";
import { backtestBaselines } from "../../scripts/backtest/assess.ts";
import { gatesOf } from "../../scripts/backtest/gates.ts";

const root = process.cwd();
const { prepared, assessed } = await backtestBaselines(root);
const baseline = (id: string): Assessed => {
  const found = assessed.find((one) => one.baseline.id === id);
  if (!found) throw new Error(`no baseline is named ${id}`);
  return found;
};

describe("docs/backtest.md and docs/backtest.svg", () => {
  test("are what knowledge/ gives: if not, `npm run backtest`", async () => {
    for (const [path, contents] of await backtestFiles(root)) {
      const isCurrent = readFileSync(path, "utf8") === contents;
      expect(isCurrent, `${path} is stale: run npm run backtest`).toBe(true);
    }
  });
  test("are the same each time", async () => {
    expect([...(await backtestFiles(root))]).toEqual([...(await backtestFiles(root))]);
  });
  test("the picture's elements are closed, and no text of it is markup", async () => {
    const [, [, svg = ""] = []] = [...(await backtestFiles(root))];
    expect(svg.match(/<text /g)?.length).toBe(svg.match(/<\/text>/g)?.length);
    expect(svg.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  });
});

describe("the baselines", () => {
  test("are those that are asked for", () => {
    expect(assessed.map(({ baseline: { id } }) => id).sort()).toEqual([
      "docker-default",
      "docker-privileged",
      "docker-seccomp-unconfined",
      "gvisor",
      "kubernetes-no-profile",
      "kubernetes-restricted",
      "kubernetes-runtime-default",
      "microvm",
    ]);
  });
  test.each([
    ["docker-default", "docker-seccomp-unconfined"],
    ["docker-seccomp-unconfined", "docker-privileged"],
    ["kubernetes-runtime-default", "kubernetes-no-profile"],
    ["kubernetes-restricted", "kubernetes-runtime-default"],
    ["gvisor", "kubernetes-no-profile"],
    ["microvm", "kubernetes-no-profile"],
  ])("what %s leaves reachable of the kernel, %s does too", (tighter, looser) => {
    const reached = new Set(baseline(looser).backtest.kernel.ids);
    expect(baseline(tighter).backtest.kernel.ids.filter((id) => !reached.has(id))).toEqual([]);
  });
  test("a hostile image and an operator's action never lower a number", () => {
    for (const { backtest, wider } of assessed)
      for (const axis of ["kernel", "runtime"] as const)
        expect(wider[axis].ids).toEqual(expect.arrayContaining([...backtest[axis].ids]));
  });
});

test("every known escape stands under one gate, of its own axis", () => {
  const gates = gatesOf(prepared.vulnerabilities);
  const [first] = assessed;
  for (const axis of ["kernel", "runtime"] as const) {
    const members = gates.filter((gate) => gate.axis === axis).flatMap((gate) => gate.members);
    expect(new Set(members).size).toBe(members.length);
    expect(members.length).toBe(first?.backtest[axis].known);
  }
});
