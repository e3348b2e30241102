import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { walkFolder } from "../../src/observe/walk.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-walk-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
const walked = (): readonly unknown[] =>
  [...walkFolder(root)].map((found) =>
    typeof found === "string" ? relative(root, found) : { ...found, file: relative(root, found.file ?? "") },
  );

describe("what a walk finds", () => {
  test("YAML and JSON by name, files before folders, in the order of names", () => {
    write({
      "b/z.yaml": "",
      "a/y.yml": "",
      "c.json": "",
      "B.YAML": "",
      "run.sh": "",
      Dockerfile: "",
      "x.yaml.bak": "",
    });
    expect(walked()).toEqual(["B.YAML", "c.json", "a/y.yml", "b/z.yaml"]);
  });
  test("not what Git keeps for itself, and no packages of others", () => {
    write({
      ".git/config.yaml": "",
      "node_modules/p/compose.yaml": "",
      ".github/w.yaml": "",
      "node_modules.yaml": "",
    });
    expect(walked()).toEqual(["node_modules.yaml", ".github/w.yaml"]);
  });
  test("an empty folder has nothing, and a path under its own spelling", () => {
    expect(walked()).toEqual([]);
    write({ "a.yaml": "" });
    expect([...walkFolder(`${root}/./`)]).toEqual([join(root, "a.yaml")]);
  });
});

describe(".gitignore", () => {
  test("leaves out files and folders, and a nested one overrides it", () => {
    write({
      ".gitignore": "*.local.yaml\nbuild/\n/top.yaml\n",
      "x.local.yaml": "",
      "top.yaml": "",
      "build/a.yaml": "",
      "sub/top.yaml": "",
      "sub/.gitignore": "!keep.local.yaml\nonly.yaml\n",
      "sub/keep.local.yaml": "",
      "sub/only.yaml": "",
      "other/only.yaml": "",
    });
    expect(walked()).toEqual(["other/only.yaml", "sub/keep.local.yaml", "sub/top.yaml"]);
  });
  test("case counts, as it does on Linux", () => {
    write({ ".gitignore": "secret.yaml\n", "Secret.yaml": "" });
    expect(walked()).toEqual(["Secret.yaml"]);
  });
  test("the rules of a folder above are not asked", () => {
    write({ ".gitignore": "*\n", "rendered/a.yaml": "" });
    expect([...walkFolder(join(root, "rendered"))]).toEqual([join(root, "rendered/a.yaml")]);
  });
});

describe("links", () => {
  test("to folders are not followed, so that a loop ends", () => {
    write({ "a/x.yaml": "" });
    symlinkSync("..", join(root, "a/up"));
    symlinkSync(root, join(root, "self"));
    expect(walked()).toEqual(["a/x.yaml"]);
  });
  test("to files are followed within the root, and nowhere else", () => {
    write({ "real/x.yaml": "" });
    symlinkSync("real/x.yaml", join(root, "link.yaml"));
    symlinkSync("/etc/hostname", join(root, "outside.yaml"));
    symlinkSync("loop.yaml", join(root, "loop.yaml"));
    symlinkSync("gone", join(root, "dangling.yaml"));
    symlinkSync("real", join(root, "folder.yaml"));
    expect(walked()).toEqual(["link.yaml", "real/x.yaml"]);
  });
});

describe("hostile trees", () => {
  test("names with line breaks, escapes and patterns are only names", () => {
    write({
      ".gitignore": "skip.yaml\n",
      "a\nb.yaml": "",
      "\u001b[31m.yaml": "",
      "..yaml": "",
      "!x.yaml": "",
      "back\\slash.yaml": "",
      "[a]/*.yaml": "",
    });
    expect(walked()).toHaveLength(6);
  });
  test("a very deep tree is walked without recursion", () => {
    const deep = Array.from({ length: 800 }, () => "d").join("/");
    write({ [`${deep}/x.yaml`]: "" });
    expect(walked()).toEqual([`${deep}/x.yaml`]);
  });
  test("a folder that cannot be read is a problem, and the rest is still found", () => {
    write({ "a.yaml": "", "b/x.yaml": "", "c/y.yaml": "" });
    const walk = walkFolder(root);
    expect(walk.next().value).toBe(join(root, "a.yaml"));
    // Root may read everything, so the folder goes away instead, while the walk stands before it.
    rmSync(join(root, "b"), { recursive: true });
    expect([...walk]).toEqual([
      {
        code: "unreadable",
        message: "expected a readable folder, found no such folder",
        file: join(root, "b"),
      },
      join(root, "c/y.yaml"),
    ]);
  });
  test("a root that does not exist is a problem", () => {
    expect([...walkFolder(join(root, "nowhere"))]).toMatchObject([
      { code: "unreadable", message: "expected a readable folder, found no such folder" },
    ]);
  });
});
