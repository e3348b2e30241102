import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { assess } from "../src/index.ts";
import { text } from "../src/reporters/text.ts";
import { readSources } from "../src/index.ts";
import { version } from "../src/assess/version.ts";

const example = "examples/shop/compose.yaml";
const targets = [{ kind: "path", path: example }] as const;

test("the README shows what a scan of the example prints", async () => {
  const readme = readFileSync("README.md", "utf8");
  const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1];
  const lines = readFileSync(example, "utf8").split("\n");
  const printed = text.render(await assess({ targets, boundary: false, proofs: "open" }), {
    color: false,
    width: 100,
    verbose: false,
    quiet: false,
    lineOf: ({ line }: { line: number }) => lines[line - 1],
  } as never);
  expect(shown).toBe(printed);
});

test("the library reads boundaries without judging them", async () => {
  const { boundaries, problems } = await readSources({ targets });
  expect(problems.filter((problem) => !problem.message.includes("variable"))).toEqual([]);
  expect(boundaries.map(({ name }) => name)).toEqual(["web", "api", "db", "backup", "thumbs"]);
  expect(boundaries[4]?.boundary.isolation).toMatchObject({
    known: true,
    value: { kind: "application-kernel" },
  });
});

test("the version is the package's", () => {
  expect(version).toBe((JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version);
});
