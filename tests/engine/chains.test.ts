import { describe, expect, test } from "vitest";
import { prepare } from "../../src/engine/prepare.ts";
import { judge } from "../../src/engine/judge.ts";
import type { Formula, Goal, Stage, Technique } from "../../src/knowledge/types.ts";
import { boundary } from "../helpers/boundary.ts";

const allGoals: readonly Goal[] = ["host-root", "host-write", "host-read", "sibling"];

function technique(
  id: string,
  from: Stage,
  to: Stage,
  requires: Formula,
  extra: Partial<Technique> = {},
): Technique {
  return {
    id,
    title: id,
    reason: id,
    axis: "misconfiguration",
    status: "stable",
    from,
    to,
    requires,
    confidence: "high",
    references: [],
    since: "0.1",
    examples: { open: [], closed: [] },
    ...extra,
  };
}

function judged(
  techniques: readonly Technique[],
  overrides: Parameters<typeof boundary>[0] = {},
  goals: readonly Goal[] = allGoals,
) {
  return judge(prepare({ version: "test", techniques, hostPaths: [] }), boundary(overrides), new Map(), {
    goals,
    order: 6,
  });
}

const root: Formula = { uid: "host-root" };
const kernelBug = technique("kernel-bug", "workload", "host-root", { fails: "kernel" }, { axis: "kernel" });

describe("chains", () => {
  test("a chain's id joins its techniques, and its cut set is the union of theirs", () => {
    const { paths } = judged([
      technique("first", "workload", "engine-api", { fails: "runtime" }),
      technique("second", "engine-api", "host-root", { fails: "kernel" }),
    ]);
    expect(paths.map((p) => [p.id, p.barriers])).toEqual([
      ["first>second", ["kernel-correct", "runtime-correct"]],
    ]);
  });

  test("a technique of container root needs no step for a process that is uid 0 already", () => {
    const { paths } = judged([technique("root-only", "container-root", "host-root", { all: [] })]);
    expect(paths.map((p) => [p.id, p.status])).toEqual([["root-only", "open"]]);
  });

  test("a longer chain that only adds steps to the same end is dropped", () => {
    const { paths } = judged([
      technique("setuid-program", "workload", "container-root", { fails: "runtime" }),
      kernelBug,
    ]);
    expect(paths.map((p) => p.id)).toEqual(["kernel-bug"]);
  });

  test("a technique whose condition is absent is no path at all", () => {
    const { paths, margin } = judged([technique("guest", "workload", "host-root", { kernel: "guest" })]);
    expect(paths).toEqual([]);
    expect(margin).toEqual({ worst: null, best: null });
  });

  test("a stage is not visited twice: techniques that form a loop end", () => {
    const { paths } = judged([
      technique("out", "workload", "engine-api", { all: [] }),
      technique("back", "engine-api", "container-root", { all: [] }),
      technique("again", "container-root", "engine-api", { all: [] }),
      technique("end", "engine-api", "host-root", root),
    ]);
    expect(paths.map((p) => p.id)).toContain("out>end");
  });
});

describe("goals and margins", () => {
  test("a path to host root counts for every goal", () => {
    const { margins } = judged([kernelBug]);
    for (const goal of allGoals) expect(margins[goal]).toEqual({ worst: 1, best: 1 });
  });

  test("a path to reading the host does not count for host root", () => {
    const { margins, margin } = judged([technique("read", "workload", "host-read", { all: [] }), kernelBug]);
    expect(margins["host-read"]).toEqual({ worst: 0, best: 0 });
    expect(margins["host-root"]).toEqual({ worst: 1, best: 1 });
    expect(margin).toEqual({ worst: 0, best: 0 });
  });

  test("an open path does not hide what would stand alone once it is closed", () => {
    const { singlePoints, cutSets } = judged([
      technique("open", "workload", "host-root", { all: [] }),
      kernelBug,
    ]);
    expect(cutSets["host-root"]).toEqual([[], ["kernel-correct"]]);
    expect(singlePoints).toEqual(["kernel-correct"]);
  });

  test("a draft is reported as unknown and counts in no margin", () => {
    const { paths, margin, unknowns } = judged([
      technique("guess", "workload", "host-root", { all: [] }, { status: "draft" }),
    ]);
    expect(paths.map((p) => p.status)).toEqual(["unknown"]);
    expect(margin).toEqual({ worst: null, best: null });
    expect(unknowns.map((u) => u.fact)).toEqual(["technique:guess"]);
  });
});
