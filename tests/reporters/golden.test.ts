import { describe, expect, test } from "vitest";
import type { Question } from "../../src/reporters/explain.ts";
import { explain } from "../../src/reporters/explain.ts";
import { json } from "../../src/reporters/json.ts";
import { ndjson } from "../../src/reporters/ndjson.ts";
import { text } from "../../src/reporters/text.ts";
import type { RenderOptions } from "../../src/reporters/types.ts";
import { fixed, shop, shopLines } from "../helpers/assessments.ts";

const golden = (name: string): string => new URL(`../golden/${name}`, import.meta.url).pathname;
const options: RenderOptions = {
  color: false,
  width: 80,
  verbose: false,
  quiet: false,
  lineOf: ({ file, line }) => (file === "shop/compose.yaml" ? shopLines.get(line) : undefined),
};

describe.each(Object.entries(fixed))("%s", (name, assessment) => {
  test("text at 80 columns", async () => {
    await expect(text.render(assessment, options)).toMatchFileSnapshot(golden(`text/${name}-80.txt`));
  });
  test("text at 120 columns", async () => {
    await expect(text.render(assessment, { ...options, width: 120 })).toMatchFileSnapshot(
      golden(`text/${name}-120.txt`),
    );
  });
  test("json", async () => {
    await expect(json.render(assessment, options)).toMatchFileSnapshot(golden(`json/${name}.json`));
  });
  test("ndjson", async () => {
    await expect(ndjson.render(assessment, options)).toMatchFileSnapshot(golden(`ndjson/${name}.ndjson`));
  });
});

test("text with colours, verbose and quiet", async () => {
  await expect(text.render(shop, { ...options, color: true })).toMatchFileSnapshot(
    golden("text/shop-color.txt"),
  );
  await expect(text.render(shop, { ...options, verbose: true })).toMatchFileSnapshot(
    golden("text/shop-verbose.txt"),
  );
  await expect(text.render(shop, { ...options, quiet: true })).toMatchFileSnapshot(
    golden("text/shop-quiet.txt"),
  );
});

const questions: readonly (readonly [string, Question])[] = [
  ["open-chain", { kind: "way", id: "docker-socket" }],
  ["undecided", { kind: "way", id: "remount-proc-sys" }],
  ["two-kernels", { kind: "way", id: "gvisor-bug>kernel-bug" }],
  ["not-judged", { kind: "way", id: "CVE-2022-0847" }],
  ["single-point", { kind: "barrier", id: "kernel-correct" }],
];
test.each(questions)("explain %s", async (name, question) => {
  await expect(explain(shop, question, options)).toMatchFileSnapshot(golden(`explain/${name}.txt`));
});
