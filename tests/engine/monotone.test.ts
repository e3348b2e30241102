import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CutSets } from "../../src/conditions/cut-sets.ts";
import { judge } from "../../src/engine/judge.ts";
import { reaches } from "../../src/engine/margin.ts";
import { prepare } from "../../src/engine/prepare.ts";
import type { Judgement } from "../../src/engine/types.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import type { Goal } from "../../src/knowledge/types.ts";
import { goals } from "../../src/knowledge/types.ts";
import type { Draft } from "./monotone-drafts.ts";
import { build, capabilityNames, deviceNodes, drafts, filters, sources } from "./monotone-drafts.ts";

const prepared = prepare(shippedKnowledge());

function judged(draft: Draft): Judgement {
  return judge(prepared, build(draft), filters, { goals, order: 6 });
}

const cases = ["worst", "best"] as const;
type Margins = Readonly<Record<string, number>>;

/** Every margin as a number: no path at the order searched is farther than any. */
function marginsOf({ margins }: Judgement): Margins {
  return Object.fromEntries(
    goals.flatMap((goal) =>
      cases.map((side) => [`${goal} ${side}`, margins[goal]?.[side] ?? Number.POSITIVE_INFINITY]),
    ),
  );
}

/** Those of `higher` that are below `lower`'s: none where a law holds. */
function violations(lower: Margins, higher: Margins): readonly string[] {
  return Object.keys(lower).filter((key) => (lower[key] ?? 0) > (higher[key] ?? 0));
}

/**
 * Sets of failures that open a goal of `strong` and open it no longer in `weak`: stronger than a look at margins, which
 * says nothing of a boundary where some way is open already. Techniques of draft status count in no margin, nor here.
 */
function lost(strong: Judgement, weak: Judgement): readonly string[] {
  return goals.flatMap((goal) =>
    cases.flatMap((side) => {
      const opening = formulaOf(weak, goal, side);
      return formulaOf(strong, goal, side)
        .filter((set) => !opening.some((other) => other.every((barrier) => set.includes(barrier))))
        .map((set) => `${goal} ${side}: ${set.join(" + ")}`);
    }),
  );
}

function formulaOf({ paths }: Judgement, goal: Goal, side: "worst" | "best"): CutSets {
  return paths.filter((path) => path.confirmed && reaches(path, goal)).flatMap((path) => path[side]);
}

const numRuns = 100;

/** Barriers one by one: the boundary without it, and with it. */
const barriers: Readonly<
  Record<string, { readonly without: (d: Draft) => Draft; readonly withIt: (d: Draft) => Draft }>
> = {
  seccomp: {
    without: (d) => ({ ...d, seccomp: ["unconfined"] }),
    withIt: (d) => ({ ...d, seccomp: ["docker"] }),
  },
  AppArmor: {
    without: (d) => ({ ...d, apparmor: ["absent"] }),
    withIt: (d) => ({ ...d, apparmor: ["docker-default"] }),
  },
  SELinux: {
    without: (d) => ({ ...d, selinux: ["absent"] }),
    withIt: (d) => ({ ...d, selinux: ["container_t"] }),
  },
  "a user other than root": { without: (d) => ({ ...d, uid: [0] }), withIt: (d) => ({ ...d, uid: [1000] }) },
  no_new_privs: {
    without: (d) => ({ ...d, noNewPrivileges: [false] }),
    withIt: (d) => ({ ...d, noNewPrivileges: [true] }),
  },
  "a pid namespace": {
    without: (d) => ({ ...d, pid: ["host"] }),
    withIt: (d) => ({ ...d, pid: ["private"] }),
  },
  "a network namespace": {
    without: (d) => ({ ...d, net: ["host"] }),
    withIt: (d) => ({ ...d, net: ["private"] }),
  },
  "an ipc namespace": {
    without: (d) => ({ ...d, ipc: ["host"] }),
    withIt: (d) => ({ ...d, ipc: ["private"] }),
  },
  "a cgroup namespace": {
    without: (d) => ({ ...d, cgroupns: ["host"] }),
    withIt: (d) => ({ ...d, cgroupns: ["private"] }),
  },
  "a user namespace": {
    without: (d) => ({ ...d, user: ["host"] }),
    withIt: (d) => ({ ...d, user: ["private"] }),
  },
  "masked paths": { without: (d) => ({ ...d, masked: [false] }), withIt: (d) => ({ ...d, masked: [true] }) },
  "read-only paths": {
    without: (d) => ({ ...d, readonlyPaths: [false] }),
    withIt: (d) => ({ ...d, readonlyPaths: [true] }),
  },
  "the device cgroup": {
    without: (d) => ({ ...d, allDevices: [true] }),
    withIt: (d) => ({ ...d, allDevices: [false] }),
  },
  "a read-only cgroup file system": {
    without: (d) => ({ ...d, cgroupWritable: [true] }),
    withIt: (d) => ({ ...d, cgroupWritable: [false] }),
  },
  "a host without cgroup v1": {
    without: (d) => ({ ...d, cgroupV1: [true] }),
    withIt: (d) => ({ ...d, cgroupV1: [false] }),
  },
  "module signatures": {
    without: (d) => ({ ...d, signed: [false] }),
    withIt: (d) => ({ ...d, signed: [true] }),
  },
  "a trusted image": {
    without: (d) => ({ ...d, trusted: [false] }),
    withIt: (d) => ({ ...d, trusted: [true] }),
  },
  "an image without set-uid programs": {
    without: (d) => ({ ...d, setuid: [true] }),
    withIt: (d) => ({ ...d, setuid: [false] }),
  },
  "no operator": {
    without: (d) => ({ ...d, operator: [["exec", "cp"]] }),
    withIt: (d) => ({ ...d, operator: [[]] }),
  },
  "read-only mounts": {
    without: (d) => ({ ...d, mounts: d.mounts.map((m) => ({ ...m, readOnly: [false] })) }),
    withIt: (d) => ({ ...d, mounts: d.mounts.map((m) => ({ ...m, readOnly: [true] })) }),
  },
  "no rights in the cluster": {
    without: (d) => ({ ...d, rights: [["create-workloads", "create-privileged-workloads", "nodes-proxy"]] }),
    withIt: (d) => ({ ...d, rights: [[]] }),
  },
  "no devices": { without: (d) => ({ ...d, devices: deviceNodes }), withIt: (d) => ({ ...d, devices: [] }) },
  "no mounts": {
    without: (d) => ({
      ...d,
      mounts: [
        ...d.mounts,
        ...sources.map((source, i) => ({ at: `/more/${String(i)}`, source: [source], readOnly: [true] })),
      ],
    }),
    withIt: (d) => ({ ...d, mounts: [] }),
  },
  ...Object.fromEntries(
    capabilityNames.map((name) => [
      `${name} dropped`,
      {
        without: (d: Draft) => ({ ...d, added: d.added.map((set) => [...new Set([...set, name])]) }),
        withIt: (d: Draft) => ({ ...d, added: d.added.map((set) => set.filter((c) => c !== name)) }),
      },
    ]),
  ),
};

describe("one barrier more or less", () => {
  test.each(Object.entries(barriers))(
    "%s: taking it away raises no margin, adding it lowers none",
    (_, { without, withIt }) => {
      fc.assert(
        fc.property(drafts, (draft) => {
          const [less, now, more] = [without(draft), draft, withIt(draft)].map(judged) as [
            Judgement,
            Judgement,
            Judgement,
          ];
          expect(violations(marginsOf(less), marginsOf(now))).toEqual([]);
          expect(violations(marginsOf(now), marginsOf(more))).toEqual([]);
          expect(lost(now, less)).toEqual([]);
          expect(lost(more, now)).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
  );

  // By itself `rootless` says whose engine it is, and takes away as well as it gives: behind a user namespace that maps root to
  // a subordinate id, root inside is nobody; under a rootless engine it is the engine's user, and reads that user's home.
  // What does hold: a rootless engine with the user namespace that it cannot do without, against root's engine without any.
  test("a rootless engine, whose user namespace is its own: never closer to the host than root's engine without one", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const rootful = marginsOf(judged({ ...draft, rootless: [false], user: ["host"] }));
        expect(
          violations(rootful, marginsOf(judged({ ...draft, rootless: [true], user: ["private"] }))),
        ).toEqual([]);
      }),
      { numRuns },
    );
  });

  test.each(["gvisor", "vm", "jailed-vm"] as const)(
    "%s is never closer to root of the host than a shared kernel",
    (kind) => {
      fc.assert(
        fc.property(drafts, (draft) => {
          const shared = judged({ ...draft, isolation: ["shared"] }).margins["host-root"];
          const apart = judged({ ...draft, isolation: [kind] }).margins["host-root"];
          for (const side of cases) {
            const infinity = Number.POSITIVE_INFINITY;
            expect(apart?.[side] ?? infinity).toBeGreaterThanOrEqual(shared?.[side] ?? infinity);
          }
        }),
        { numRuns },
      );
    },
  );
});

/** Every draft in which one unknown fact has become one of its candidates. */
function settled(draft: Draft): readonly { readonly what: string; readonly draft: Draft }[] {
  const facts = Object.entries(draft).flatMap(([key, values]: readonly [string, readonly unknown[]]) =>
    key === "mounts" || key === "devices" || values.length < 2
      ? []
      : values.map((value) => ({ what: `${key}=${String(value)}`, draft: { ...draft, [key]: [value] } })),
  );
  const mounts = draft.mounts.flatMap((mount, index) =>
    (["source", "readOnly"] as const).flatMap((key) =>
      mount[key].length < 2
        ? []
        : mount[key].map((value) => ({
            what: `${mount.at} ${key}=${String(value)}`,
            draft: {
              ...draft,
              mounts: draft.mounts.map((other, i) => (i === index ? { ...mount, [key]: [value] } : other)),
            },
          })),
    ),
  );
  return [...facts, ...mounts];
}

describe("unknown facts", () => {
  test("the worst is no better and the best no worse than what any candidate gives", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const judgement = judged(draft);
        const open = marginsOf(judgement);
        for (const candidate of settled(draft)) {
          const decided = judged(candidate.draft);
          const closed = marginsOf(decided);
          const wrong = goals.flatMap((goal) => [
            ...((open[`${goal} worst`] ?? 0) > (closed[`${goal} worst`] ?? 0)
              ? [`${goal} worst, ${candidate.what}`]
              : []),
            ...((open[`${goal} best`] ?? 0) < (closed[`${goal} best`] ?? 0)
              ? [`${goal} best, ${candidate.what}`]
              : []),
          ]);
          expect(wrong).toEqual([]);
          // Whatever opens a goal under some candidate opens it under the worst one.
          const missed = lost(decided, judgement).filter((text) => text.includes(" worst: "));
          expect(missed.map((text) => `${candidate.what}: ${text}`)).toEqual([]);
        }
      }),
      { numRuns },
    );
  });

  test("the worst is never above the best", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const margins = marginsOf(judged(draft));
        for (const goal of goals)
          expect(margins[`${goal} worst`]).toBeLessThanOrEqual(margins[`${goal} best`] ?? 0);
      }),
      { numRuns },
    );
  });
});

/** The sets of barriers that open a goal, straight from its paths: nothing of the engine's own combining is used. */
function waysTo(judgement: Judgement, goal: Goal): CutSets {
  return judgement.paths
    .filter((path) => path.confirmed && reaches(path, goal))
    .flatMap((path) => (path.status === "unknown" ? [...path.worst, ...path.best] : path.worst))
    .filter((set) => set.length > 0);
}

/** Tries every set of failures of these barriers: those that open some way, and no longer do with one failure less. */
function minimalByBruteForce(ways: CutSets, names: readonly string[]): readonly string[] {
  const bits = ways
    .filter((way) => way.every((barrier) => names.includes(barrier)))
    .map((way) => way.reduce((mask, barrier) => mask | (1 << names.indexOf(barrier)), 0));
  const opens = (failed: number): boolean => bits.some((way) => (way & failed) === way);
  return Array.from({ length: 2 ** names.length }, (_, failed) => failed)
    .filter(
      (failed) =>
        opens(failed) && names.every((_, i) => (failed & (1 << i)) === 0 || !opens(failed & ~(1 << i))),
    )
    .map((failed) =>
      names
        .filter((_, i) => (failed & (1 << i)) !== 0)
        .sort()
        .join(" "),
    )
    .sort();
}

describe("cut sets and margins", () => {
  // Which sets of some barriers alone are minimal does not depend on the others: so ten at a time are enough, however many
  // there are, and another ten each time.
  test("cut sets are exactly the minimal sets of failures that open a goal, by brute force over ten barriers", () => {
    let compared = 0;
    fc.assert(
      fc.property(drafts, fc.integer({ min: 1, max: 96 }), (draft, stride) => {
        const judgement = judged(draft);
        for (const goal of goals) {
          const ways = waysTo(judgement, goal);
          const all = [...new Set(ways.flat())].sort();
          const names = all
            .toSorted((a, b) => ((all.indexOf(a) * stride) % 97) - ((all.indexOf(b) * stride) % 97))
            .slice(0, 10);
          const some = (judgement.cutSets[goal] ?? []).filter(
            (set) => set.length > 0 && set.every((b) => names.includes(b)),
          );
          compared += some.length;
          expect(some.map((set) => set.join(" ")).sort()).toEqual(minimalByBruteForce(ways, names));
        }
      }),
      { numRuns },
    );
    expect(compared).toBeGreaterThan(numRuns);
  });

  test("every cut set is minimal, also where there are too many barriers for brute force", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { cutSets } = judged(draft);
        for (const goal of goals) {
          const sets = (cutSets[goal] ?? []).filter((set) => set.length > 0);
          sets.forEach((set, i) => {
            expect(sets.some((other, j) => i !== j && other.every((barrier) => set.includes(barrier)))).toBe(
              false,
            );
          });
        }
      }),
      { numRuns },
    );
  });

  test("a margin is the size of the smallest cut set, and the empty one says that it is open", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { cutSets, margins } = judged(draft);
        for (const goal of goals) {
          const sizes = (cutSets[goal] ?? []).map((set) => set.length);
          expect(margins[goal]?.worst).toBe(sizes.length === 0 ? null : Math.min(...sizes));
        }
      }),
      { numRuns },
    );
  });

  test("whoever is root of the host has every other goal: none is farther", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const margins = marginsOf(judged(draft));
        for (const goal of goals)
          for (const side of cases)
            expect(margins[`${goal} ${side}`]).toBeLessThanOrEqual(margins[`host-root ${side}`] ?? 0);
      }),
      { numRuns },
    );
  });
});

test("the boundaries that the laws are tried on are mostly closed: on open ones they would say nothing", () => {
  const worst = fc.sample(drafts, 200).map((draft) => judged(draft).margins["host-root"]?.best);
  expect(worst.filter((margin) => margin !== 0).length).toBeGreaterThan(100);
});
