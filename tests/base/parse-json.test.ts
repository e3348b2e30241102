import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { get, toData } from "../../src/base/document.ts";
import { locate, sourceText } from "../../src/base/location.ts";
import { parseJson } from "../../src/base/parse-json.ts";

const parse = (text: string, comments = false) => parseJson(sourceText("x.json", text), { comments });

describe("JSON", () => {
  test("any JSON value reads as itself", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { document } = parse(JSON.stringify(value));
        expect(document && JSON.stringify(toData(document))).toBe(JSON.stringify(value));
      }),
    );
  });
  test("a value knows its line and column", () => {
    const { document } = parse('{\n  "a": true\n}');
    const node = get(document ?? undefined, "a");
    expect(node && locate(node)).toEqual({ file: "x.json", line: 2, column: 8 });
  });
  test.each([
    ["a trailing comma", '{"a": 1,}', "json-syntax"],
    ["a comment", '{"a": 1} // no', "json-syntax"],
    ["deep nesting", "[".repeat(600) + "]".repeat(600), "too-deep"],
    ["very deep nesting", "[".repeat(100_000), "too-deep"],
  ])("%s is one problem", (_, text, code) => {
    const { document, problems } = parse(text);
    expect(document).toBeNull();
    expect(problems[0]?.code === code || problems[0]?.code === "json-syntax").toBe(true);
  });
  test("comments and trailing commas pass where they are asked for", () => {
    expect(parse('{"a": 1, /* yes */}', true).problems).toEqual([]);
  });
});
