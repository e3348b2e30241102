import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { assess } from "../../src/index.ts";
import { checkTechnique } from "../../src/knowledge/technique-schema.ts";
import type { Example, Technique } from "../../src/knowledge/types.ts";

const root = new URL("../..", import.meta.url).pathname;
const guide = readFileSync(join(root, "docs/write-a-technique.md"), "utf8");

const files = new Map(
  [...guide.matchAll(/<!-- file: (\S+) -->\n```yaml\n([^]*?)```/g)].map(([, name = "", text = ""]) => [
    name,
    text,
  ]),
);
/** Each command of the guide, in order, with what it prints. */
const steps = [...guide.matchAll(/```console\n([^]*?)```/g)].flatMap(([, block = ""]) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf("\n");
      return { command: step.slice(0, end), printed: step.slice(end + 1) };
    }),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-guide-"));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a command prints in the guide's folder, `holdfast` being the sources. */
function run(command: string): string {
  const holdfast = `holdfast() { "${process.execPath}" --import "${import.meta.resolve("tsx")}" "${root}src/cli/main.ts" "$@"; }`;
  return execFileSync("bash", ["-c", `${holdfast}\n${command} 2>&1; true`], {
    cwd: folder,
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
}

describe("the guide to writing a technique", () => {
  test("has its files and its commands", () => {
    expect([...files.keys()]).toEqual(["compose.yaml", "own/deploy-agent-loopback.yaml"]);
    expect(steps.length).toBeGreaterThanOrEqual(8);
  });

  test("shows what each command prints, one after the other", () => {
    expect(steps.map(({ command }) => ({ command, printed: run(command) }))).toEqual(steps);
  }, 60_000);

  const technique = parse(files.get("own/deploy-agent-loopback.yaml") ?? "") as Technique;
  const { open, closed, unknown = [] } = technique.examples;
  const examples: readonly (readonly [string, Example, string | undefined])[] = [
    ...open.map((example) => ["open", example, undefined] as const),
    ...closed.map((example) => ["closed", example, example.by] as const),
    ...unknown.map((example) => ["unknown", example, example.fact] as const),
  ];
  test.each(examples)("has an example that is %s", async (status, { run = "", assume = {} }, why) => {
    const { subjects } = await assess({
      targets: [{ kind: "command", argv: run.split(" ") }],
      knowledgeDir: join(folder, "own"),
      assume: new Map(Object.entries(assume)),
      explain: technique.id,
      order: 6,
    });
    // What nothing that is modelled opens is no path, and stands apart.
    const { paths = [], asked = [] } = subjects[0] ?? {};
    const verdict = [...paths, ...asked].find(({ id }) => id === technique.id);
    expect(verdict?.status).toBe(status);
    const conditions = verdict?.steps.flatMap((step) => step.conditions) ?? [];
    const named = conditions.flatMap(({ barriers, wouldDecide }) => [...barriers, ...wouldDecide]);
    if (why !== undefined) expect(named).toContain(why);
  });

  test("shows a vulnerability as its file has it", () => {
    const [shown = ""] = /(?<=```yaml\n)vulnerability:[^]*?(?=```)/.exec(guide) ?? [];
    const { vulnerability } = parse(shown) as Pick<Technique, "vulnerability">;
    const file = { ...technique, id: vulnerability?.cve, vulnerability };
    expect(checkTechnique(file).problems).toEqual([]);
  });
});
