import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asString, get, getIn, toData } from "../../src/base/document.ts";
import { locate, sourceText } from "../../src/base/location.ts";
import { parseYaml } from "../../src/base/parse-yaml.ts";

const parse = (text: string) => parseYaml(sourceText("x.yaml", text));
const data = (text: string) => parse(text).documents.map((d) => (d ? toData(d) : null));

describe("values", () => {
  test.each([
    ["a: 1\nb: [x, 'y']", [{ a: 1, b: ["x", "y"] }]],
    ["a: &x {k: 1}\nb: {<<: *x, k: 2, l: 3}", [{ a: { k: 1 }, b: { k: 2, l: 3 } }]],
    ["a: &x {k: 1}\nb: {<<: [{k: 5, m: 6}, *x]}", [{ a: { k: 1 }, b: { k: 5, m: 6 } }]],
    ["---\na: 1\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
    ["'<<': {k: 1}", [{ "<<": { k: 1 } }]],
    ["__proto__: {admin: true}", [JSON.parse('{"__proto__": {"admin": true}}')]],
    ["yes: no", [{ yes: "no" }]],
    ["", []],
  ])("%j", (text, want) => {
    expect(data(text)).toEqual(want);
  });

  test("a number keeps the way it was written", () => {
    const [document] = parse("mode: 0644").documents;
    expect(asString(get(document ?? undefined, "mode"))).toBe("0644");
  });

  test("a value that came by a merge key stands where it was written", () => {
    const [document] = parse("x-a: &a\n  privileged: true\nservices:\n  web:\n    <<: *a\n").documents;
    const node = getIn(document ?? undefined, "services", "web", "privileged");
    expect(node && locate(node)).toEqual({ file: "x.yaml", line: 2, column: 15 });
  });
});

describe("hostile input", () => {
  const bomb = `a: &a [${"x,".repeat(10)}x]\n${Array.from("bcdefghij", (c, i) => `${c}: &${c} [${Array.from({ length: 11 }, () => `*${"abcdefghij"[i] ?? "a"}`).join(",")}]`).join("\n")}\n`;
  test.each([
    ["alias bomb", bomb, "yaml-alias-bomb"],
    ["deep flow nesting", "[".repeat(5000) + "]".repeat(5000), "too-deep"],
    [
      "deep block nesting",
      Array.from({ length: 700 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "too-deep",
    ],
    ["duplicate keys", "a: 1\na: 2\n", "yaml-syntax"],
    ["an unclosed quote", 'a: "b\n', "yaml-syntax"],
    ["an alias without its anchor", "a: *b\n", "yaml-syntax"],
    ["a collection as a key", "? [a]\n: b\n", "yaml-syntax"],
  ])("%s is one located problem", (_, text, code) => {
    const { problems } = parse(text);
    expect(problems.map((p) => p.code)).toEqual([code]);
    expect(problems[0]?.at?.offset).toBeLessThanOrEqual(text.length);
  });

  test("any text gives documents or problems, never an exception, and problems lie inside the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom(..."ab:-[]{}&*#|>!'\"\n ,?%@`<\t\0".split("")), maxLength: 60 }),
        ),
        (text) => {
          for (const problem of parse(text).problems) {
            expect(problem.at?.offset).toBeGreaterThanOrEqual(0);
            expect(problem.at?.offset).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a good document beside a broken one is kept", () => {
    const { documents, problems } = parse("a: 1\n---\nb: [\n---\nc: 3\n");
    expect(problems.length).toBeGreaterThan(0);
    expect(documents.map((d) => (d ? toData(d) : null))).toContainEqual({ a: 1 });
  });
});
