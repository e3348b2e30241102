import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locate, sourceText } from "../../src/base/location.ts";
import { formatProblem } from "../../src/base/problems.ts";
import { cut, plural, quote, terminalSafe } from "../../src/base/text.ts";

describe("terminalSafe", () => {
  test.each([
    ["\u001b[31mred", "\\x1b[31mred"],
    ["a\nb", "a\\nb"],
    ["pay\u202Egnp.exe", "pay\\u{202e}gnp.exe"],
    ["zero\u200bwidth", "zero\\u{200b}width"],
    ["\u009b1m", "\\x9b1m"],
    ["grün – 日本 🙂", "grün – 日本 🙂"],
  ])("%j → %j", (text, want) => {
    expect(terminalSafe(text)).toBe(want);
  });
  test("no control or format character survives, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(terminalSafe(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

test("a position is located by line and column, also at the very end", () => {
  const source = sourceText("f", "ab\ncd\n");
  expect(
    [0, 2, 3, 5, 6, 99]
      .map((offset) => locate({ source, offset }))
      .map((l) => `${String(l.line)}:${String(l.column)}`),
  ).toEqual(["1:1", "1:3", "2:1", "2:3", "3:1", "3:1"]);
});

test("a found value is quoted, cut and safe", () => {
  expect(quote("a\u001b")).toBe('"a\\u001b"');
  expect(quote("x".repeat(500))).toHaveLength(80);
  expect([quote(undefined), quote([]), quote({}), quote(3), quote(null)]).toEqual([
    "nothing",
    "a list",
    "a mapping",
    "3",
    "null",
  ]);
});

test("a problem prints its place, its field and its message", () => {
  const source = sourceText("compose.yaml", "services:\n  web: 3\n");
  expect(
    formatProblem({
      code: "wrong-type",
      message: "expected a mapping, found 3",
      at: { source, offset: 17 },
      path: "services.web",
    }),
  ).toBe("compose.yaml:2:8: services.web: expected a mapping, found 3");
});

test("words", () => {
  expect([plural(1, "edit"), plural(2, "edit"), plural(0, "entry", "entries")]).toEqual([
    "1 edit",
    "2 edits",
    "0 entries",
  ]);
  expect(cut("abcdef", 4)).toBe("abc…");
});
