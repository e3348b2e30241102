import { fileURLToPath } from "node:url";
import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { differences, readCorpus, scanCase } from "./helpers/corpus.ts";

const corpus = readCorpus(relative(process.cwd(), fileURLToPath(new URL("corpus", import.meta.url))));

describe("the corpus", () => {
  // A count in a test makes a silent loss impossible.
  it("holds at least 150 cases, 45 of them shaped like real projects", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(150);
    expect(corpus.filter(({ expected }) => expected.real !== undefined).length).toBeGreaterThanOrEqual(45);
  });

  it.for(corpus.map((corpusCase) => [`${corpusCase.source}/${corpusCase.name}`, corpusCase] as const))(
    "%s",
    async ([, corpusCase]) => {
      const found = differences(corpusCase, await scanCase(corpusCase));
      expect(found, found.join("\n")).toEqual([]);
    },
  );
});
