import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { text } from "../../src/reporters/text.ts";
import { fit, widthOf, wrap } from "../../src/reporters/text/width.ts";
import { excerpt, grantsOf } from "../../src/reporters/text/grants.ts";
import type { RenderOptions } from "../../src/reporters/types.ts";
import { barrierWords, isBarrier, list, marginWords } from "../../src/reporters/words.ts";
import { cluster, fixed, shop } from "../helpers/assessments.ts";
import { assessment, condition, path, step, subject } from "../helpers/parts.ts";

const options: RenderOptions = { color: false, width: 80, verbose: false, quiet: false };

describe("what a person sees first", () => {
  test("the worst stands first, whatever the order of the input", () => {
    const reversed = { ...shop, subjects: shop.subjects.toReversed() };
    const names = text.render(reversed, options).match(/^(web|backup|api|thumbs) /gm);
    expect(names).toEqual(["web ", "backup ", "api ", "thumbs "]);
  });
  test("five equal sidecars are one block that names them", () => {
    const output = text.render(cluster, { ...options, width: 200 });
    expect(output.match(/each hold alone/g)).toHaveLength(1);
    expect(output).toContain(
      "Deployment/shop/checkout/proxy, Deployment/shop/cart/proxy, Deployment/shop/search/proxy and 2 more",
    );
  });
  test("ways that one line grants are told once, the others by name", () => {
    const output = text.render(cluster, options);
    expect(output.match(/✗/g)).toHaveLength(1);
    expect(output).toContain("likewise: kernel-module");
  });
  test("of thousands only those that fall short are shown, with a count of the rest", () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      subject(`app-${String(i)}`, i < 40 ? 0 : 1, 1, {
        paths: [path(`way-${String(i)}`, i < 40 ? "unknown" : "closed", { barriers: ["kernel-correct"] })],
      }),
    );
    const output = text.render(assessment(many), options);
    expect(output).toContain("margin 0–1: 40   margin 1: 2,960");
    expect(output).toContain("16 more fall short; --verbose shows every subject");
    expect(output).toContain("40 of 3,000 fall short of margin 1");
    expect(output.split("\n").length).toBeLessThan(200);
    expect(text.render(assessment(many), { ...options, verbose: true })).toContain("app-2999");
  });
  test("a command that does not exist yet is not promised", () => {
    for (const each of Object.values(fixed))
      expect(text.render(each, { ...options, verbose: true })).not.toMatch(
        /holdfast (fix|probe|run|learn|diff)/,
      );
  });
  test("no line is wider than the terminal, but for commands that a reader may copy", () => {
    for (const width of [60, 80, 120]) {
      const wide = text
        .render(shop, { ...options, width })
        .split("\n")
        .filter((line) => widthOf(line) > width && !/--assume|holdfast explain/.test(line));
      expect(wide).toEqual([]);
    }
  });
  test("colours change nothing but colours", () => {
    const colored = text.render(shop, { ...options, color: true });
    expect(colored).toContain("\u001b[31m");
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(text.render(shop, options));
  });
  test("judged by the best case, what is only perhaps open does not fall short", () => {
    const best = { ...shop, summary: { ...shop.summary, judge: "best" as const, short: 1 } };
    expect(text.render(best, options)).toContain("1 of 4 falls short of margin 1 in the best case");
  });
});

describe("the user's own line", () => {
  const at = { file: "f", line: 1, column: 5 };
  test.each([
    [
      "      - /var/run/docker.sock:/var/run/docker.sock:ro",
      "- /var/run/docker.sock:/var/run/docker.sock:ro",
    ],
    ["automountServiceAccountToken: true", "automountServiceAccountToken: true"],
    ["docker run -e DB_PASSWORD=hunter2 --privileged x", "docker run -e DB_PASSWORD=… --privileged x"],
    ['{"ApiKey": "abc def", "Privileged": true}', '{"ApiKey": …, "Privileged": true}'],
    ["secrets:", "secrets:"],
  ])("%s → %s", (line, want) => {
    expect(excerpt(line, at)).toBe(want);
  });
  test("of a command the word is shown, with the option whose value it is", () => {
    const line = "docker run -v '/a b:/c' --privileged x";
    expect(excerpt(line, { file: "command line", line: 1, column: 15 })).toBe("-v '/a b:/c'");
    expect(excerpt(line, { file: "command line", line: 1, column: 25 })).toBe("--privileged");
    const inside = "docker run --pid=host x";
    expect(excerpt(inside, { file: "command line", line: 1, column: 18 })).toBe("--pid=host");
  });
  test("what speaks against a way is no line that it stands on", () => {
    const location = { file: "compose.yaml", line: 3, column: 5 };
    const said = { text: "", provenance: "declared", by: null, location };
    const way = (evidence: readonly (typeof said & { against?: true })[]) =>
      path("x", "open", {
        steps: [
          {
            ...step("x", "workload", "host-root", []),
            conditions: [{ ...condition("c", "holds"), evidence }],
          },
        ],
      });
    expect(grantsOf(way([said]))).toEqual([location]);
    expect(grantsOf(way([{ ...said, against: true }]))).toEqual([]);
  });
  test("of a long line the part that is meant is shown", () => {
    expect(excerpt(`1234${"x".repeat(500)}`, at)).toBe("x".repeat(160));
  });
});

describe("words", () => {
  test.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d"], "a, b and 2 more"],
  ])("%j → %s", (items, want) => {
    expect(list(items)).toBe(want);
  });
  test.each([
    [{ worst: 0, best: 0 }, "0"],
    [{ worst: 0, best: 2 }, "0–2"],
    [{ worst: 1, best: null }, "1+"],
    [{ worst: null, best: null }, "none"],
  ])("margin %j → %s", (margin, want) => {
    expect(marginWords(margin)).toBe(want);
  });
  test.each([
    ["kernel-correct", "the kernel"],
    ["capability:CAP_BPF", "the missing CAP_BPF"],
    ["mount:read-only:/proc/sys", "the read-only mount of /proc/sys"],
    ["namespace:pid", "the PID namespace"],
    ["something-new", "something-new"],
    ["constructor", "constructor"],
  ])("barrier %s → %s", (id, want) => {
    expect(barrierWords(id)).toBe(want);
  });
  test("a name of JavaScript's is no barrier", () => {
    expect(isBarrier("toString")).toBe(false);
    expect(isBarrier("patched:CVE-2022-0847")).toBe(true);
  });
});

describe("columns", () => {
  test.each([
    "plain",
    "grün – ✗ → “x” …",
    "日本語",
    "한국어",
    "e\u0301",
    "ｆｕｌｌ",
    "🙂 and 🚀",
    "│├└",
    "Ελληνικά",
    "кириллица",
  ])("%s is as wide as string-width says", (sample) => {
    expect(widthOf(sample)).toBe(stringWidth(sample));
  });
  test("cutting and wrapping count columns, not characters", () => {
    expect(fit("日本語のテキスト", 7)).toBe("日本語…");
    expect(wrap("a bb ccc dddd", 6)).toEqual(["a bb", "ccc", "dddd"]);
  });
});
