import { describe, expect, test } from "vitest";
import type { FeedFact } from "../../src/knowledge/feed-fact.ts";
import { refine, refineAffected } from "../../src/knowledge/refine.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import type { Affected, KnowledgeBase } from "../../src/knowledge/types.ts";

const head = { cve: "CVE-2024-21626", component: "runc", package: "runc", source: "test" } as const;

function fixed(distribution: string, release: string, version: string, name = "runc"): FeedFact {
  return { ...head, package: name, kind: "fixed-version", distribution, release, fixed: version };
}
function status(
  distribution: string,
  release: string,
  said: "affected" | "not-affected" | "unknown",
  name = "runc",
): FeedFact {
  return { ...head, package: name, kind: "status", distribution, release, status: said };
}
function range(introduced: string, end: string | null): FeedFact {
  return { ...head, kind: "range", introduced, fixed: end };
}

const ranges: Affected = {
  kind: "ranges",
  ranges: [{ introduced: "1.0.0-rc93", fixed: "1.1.12" }],
  packages: { debian: { "12": "1.1.5+ds1-1+deb12u1", "10": "not-affected" } },
};

describe("fixed versions of packages", () => {
  const cases: readonly (readonly [string, readonly FeedFact[], Readonly<Record<string, unknown>>])[] = [
    [
      "a release that nobody knew → added",
      [fixed("debian", "11", "1.0.0-5+deb11u3")],
      { "11": "1.0.0-5+deb11u3" },
    ],
    [
      "a later fix than the known one → the later",
      [fixed("debian", "12", "1.1.5+ds1-1+deb12u2")],
      { "12": "1.1.5+ds1-1+deb12u2" },
    ],
    [
      "an earlier fix than the known one → the known one",
      [fixed("debian", "12", "1.1.5+ds1-1")],
      { "12": "1.1.5+ds1-1+deb12u1" },
    ],
    [
      "never affected where a fix is known → the fix",
      [status("debian", "12", "not-affected")],
      { "12": "1.1.5+ds1-1+deb12u1" },
    ],
    ["a fix where it was never affected → the fix", [fixed("debian", "10", "1.0.0-4")], { "10": "1.0.0-4" }],
    ["never affected → said so", [status("debian", "11", "not-affected")], { "11": "not-affected" }],
    [
      "no fix yet, says the distribution → none here",
      [status("debian", "12", "affected")],
      { "12": undefined },
    ],
    [
      "not looked at yet → nothing changes",
      [status("debian", "12", "unknown")],
      { "12": "1.1.5+ds1-1+deb12u1" },
    ],
    [
      "several fixes → the last of them",
      [fixed("debian", "11", "1.0-2"), fixed("debian", "11", "1.0-10")],
      { "11": "1.0-10" },
    ],
    [
      "affected beside a fix for subscribers → the fix",
      [status("debian", "11", "affected"), fixed("debian", "11", "1.0-2")],
      { "11": "1.0-2" },
    ],
    [
      "two packages of a component that differ → nothing",
      [fixed("debian", "11", "1.0-2"), status("debian", "11", "affected", "runc-app")],
      { "11": undefined },
    ],
    [
      "two packages that agree → that",
      [fixed("debian", "11", "1.0-2"), fixed("debian", "11", "1.0-2", "runc-app")],
      { "11": "1.0-2" },
    ],
    ["a version without a revision → nothing", [fixed("debian", "11", "1.1.12")], { "11": undefined }],
    ["what is no version → nothing", [fixed("debian", "11", "see notes-1")], { "11": undefined }],
    ["a release by name → nothing", [fixed("debian", "sid", "1.1.12-1")], { sid: undefined }],
  ];
  test.each(cases)("%s", (_, facts, want) => {
    const { packages } = refineAffected(ranges, facts);
    for (const [release, version] of Object.entries(want))
      expect(packages?.["debian"]?.[release]).toBe(version);
  });

  test("a distribution that is not known, or is called like a part of every object, adds nothing", () => {
    for (const name of ["beos", "__proto__", "constructor", ""])
      expect(refineAffected(ranges, [fixed(name, "1", "1.0-1")])).toEqual(ranges);
    const hostile = refineAffected(ranges, [fixed("debian", "__proto__", "1.0-1")]);
    expect(Object.keys(hostile.packages?.["debian"] ?? {})).toEqual(["10", "12"]);
  });
});

describe("upstream's ranges", () => {
  const open: Affected = { kind: "ranges", ranges: [{ introduced: "1.0.0", fixed: null }] };
  const cases: readonly (readonly [
    string,
    Affected,
    readonly FeedFact[],
    readonly (readonly [string, string | null])[],
  ])[] = [
    ["one without an end gets it", open, [range("0", "1.4.2")], [["1.0.0", "1.4.2"]]],
    [
      "…and the lines that are fixed each for itself",
      open,
      [range("1.0.0", "1.2.8"), range("1.3.0-rc.1", "1.3.3")],
      [
        ["1.0.0", "1.2.8"],
        ["1.3.0-rc.1", "1.3.3"],
      ],
    ],
    [
      "…unless one of them has no end either",
      open,
      [range("1.0.0", "1.2.8"), range("1.3.0", null)],
      [["1.0.0", null]],
    ],
    [
      "a reviewed one keeps its beginning and its end",
      ranges,
      [range("0", "1.1.10")],
      [["1.0.0-rc93", "1.1.12"]],
    ],
    [
      "a line that came later is added",
      ranges,
      [range("1.2.0-rc.1", "1.2.0")],
      [
        ["1.0.0-rc93", "1.1.12"],
        ["1.2.0-rc.1", "1.2.0"],
      ],
    ],
    ["an earlier line is not", ranges, [range("0.1.0", "0.9.0")], [["1.0.0-rc93", "1.1.12"]]],
    ["one that ends before it begins is none", ranges, [range("2.0.0", "1.9.0")], [["1.0.0-rc93", "1.1.12"]]],
    [
      "a commit of no release is no version",
      ranges,
      [range("1.2.0", "1.2.1-0.20240101000000-abcdefabcdef")],
      [["1.0.0-rc93", "1.1.12"]],
    ],
  ];
  test.each(cases)("%s", (_, affected, facts, want) => {
    const refined = refineAffected(affected, facts);
    expect(refined.kind === "ranges" && refined.ranges.map((one) => [one.introduced, one.fixed])).toEqual(
      want,
    );
  });
});

describe("the kernel's branches", () => {
  const kernel: Affected = {
    kind: "kernel",
    introduced: "5.1",
    fixed: "5.17",
    stable: { "5.16": "5.16.2", "5.4": "5.4.173" },
  };

  test("branches are added, of two fixes the later counts, no fix is earlier than the known one", () => {
    const facts = [
      range("5.1", "5.10.93"),
      range("5.1", "5.4.190"),
      range("5.1", "5.16.1"),
      range("5.1", "5.16"),
      range("5.1", null),
    ];
    expect(refineAffected(kernel, facts)).toEqual({
      ...kernel,
      stable: { "5.16": "5.16.2", "5.4": "5.4.190", "5.10": "5.10.93" },
    });
  });

  test("an older branch got the bug at the point that is named, and only where every fact says so", () => {
    expect(refineAffected(kernel, [range("4.19.179", "4.19.279")])).toMatchObject({
      stable: { "4.19": "4.19.279" },
      introducedStable: { "4.19": "4.19.179" },
    });
    const both = refineAffected(kernel, [range("4.19.179", "4.19.279"), range("4.13", "4.19.134")]);
    expect(both).toMatchObject({ stable: { "4.19": "4.19.279" } });
    expect(both).not.toHaveProperty("introducedStable");
  });

  test("what is no version changes nothing; nor is upstream heard on a distribution's own bug", () => {
    expect(refineAffected(kernel, [range("5.1", "5.99-next"), range("yesterday", "5.4.999")])).toEqual(
      kernel,
    );
    const own: Affected = { ...kernel, distributionSpecific: "ubuntu" };
    expect(refineAffected(own, [range("5.1", "5.10.93")])).toBe(own);
  });
});

describe("a knowledge base", () => {
  test("no entry is added, no condition touched, and details stay unread until asked for", () => {
    let reads = 0;
    const technique = shippedKnowledge().techniques.find(({ id }) => id === "CVE-2024-21626");
    if (!technique?.vulnerability) throw new Error("expected the entry");
    const knowledge: KnowledgeBase = {
      version: "1",
      hostPaths: [],
      techniques: [
        Object.create(technique, {
          vulnerability: {
            value: {
              cve: "CVE-2024-21626",
              component: "runc",
              exploited: false,
              get affected() {
                reads++;
                return ranges;
              },
            },
          },
        }),
      ],
    };
    const facts = [
      fixed("ubuntu", "22.04", "1.1.7-0ubuntu1~22.04.2"),
      { ...fixed("debian", "11", "1-1"), cve: "CVE-2031-1" },
      { ...fixed("debian", "11", "1-1"), component: "containerd" },
    ];
    const refined = refine(knowledge, facts);
    expect(reads).toBe(0);
    expect(refined.techniques).toHaveLength(1);
    const [own] = refined.techniques;
    expect(own?.requires).toBe(technique.requires);
    expect(own?.vulnerability?.affected.packages).toEqual({
      ...ranges.packages,
      ubuntu: { "22.04": "1.1.7-0ubuntu1~22.04.2" },
    });
    expect([own?.title, own?.vulnerability?.exploited]).toEqual([technique.title, false]);
    expect(reads).toBe(1);
  });

  test("without facts it is the same one", () => {
    const knowledge = shippedKnowledge();
    expect(refine(knowledge, [])).toBe(knowledge);
  });
});
