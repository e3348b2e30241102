import { describe, expect, test } from "vitest";
import { selectTechniques, showText } from "../../src/cli/knowledge-listing.ts";
import type { Affected, Technique } from "../../src/knowledge/types.ts";
import { allTechniques } from "../helpers/knowledge.ts";

describe("kb list", () => {
  const select = (axis?: string, component?: string) => selectTechniques(allTechniques, { axis, component });

  test("without a choice lists everything", () => {
    expect(select()).toEqual(allTechniques);
  });

  test("--axis and --component narrow it, both together too", () => {
    expect(select("kernel").length).toBeGreaterThan(10);
    expect(new Set(select("kernel").map(({ axis }) => axis))).toEqual(new Set(["kernel"]));
    const runc = select(undefined, "runc");
    expect(runc.map(({ id }) => id)).toContain("CVE-2024-21626");
    expect(new Set(runc.map(({ vulnerability }) => vulnerability?.component))).toEqual(new Set(["runc"]));
    expect(select("runtime", "runc")).toEqual(runc);
    expect(select("kernel", "runc")).toEqual([]);
  });

  test("what no entry has is refused, and what there is is named", () => {
    expect(() => select("network")).toThrow(
      'expected `--axis` to be one of kernel, runtime, misconfiguration, found "network"',
    );
    expect(() => select(undefined, "rucn")).toThrow(
      /expected `--component` to be one of .*runc.*, found "rucn"/,
    );
  });
});

describe("kb show", () => {
  const leakyVessels = allTechniques.find(({ id }) => id === "CVE-2024-21626") as Technique;
  const shown = (affected: Affected) => {
    const vulnerability = { cve: "CVE-2024-21626", component: "linux", exploited: false, affected };
    const lines = showText({ ...leakyVessels, vulnerability }).split("\n");
    return lines.slice(lines.indexOf("  versions") + 1, lines.indexOf("  requires") - 1).map((l) => l.trim());
  };

  test("says which versions have a vulnerability", () => {
    expect(
      shown({
        kind: "ranges",
        ranges: [
          { introduced: "0", fixed: "1.1.12" },
          { introduced: "1.2.0-rc.1", fixed: null },
        ],
        packages: { debian: { "12": "1.1.5+ds1-1+deb12u1", "13": "not-affected" } },
      }),
    ).toEqual([
      "from the first release until 1.1.12",
      "from 1.2.0-rc.1; no fixed version is known",
      "debian 12: fixed in 1.1.5+ds1-1+deb12u1",
      "debian 13: never had it",
    ]);
    expect(
      shown({
        kind: "kernel",
        introduced: null,
        introducedStable: { "6.6": "6.6.76" },
        fixed: "6.15",
        stable: { "6.6": "6.6.88" },
        distributionSpecific: "ubuntu",
      }),
    ).toEqual([
      "only in kernels of ubuntu",
      "from the first release until 6.15",
      "6.6: from 6.6.76",
      "6.6: fixed in 6.6.88",
    ]);
  });

  test("a technique has no versions", () => {
    const technique = allTechniques.find(({ id }) => id === "core-dump-helper") as Technique;
    expect(showText(technique)).not.toContain("  versions");
  });
});
