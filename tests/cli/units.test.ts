import { describe, expect, test } from "vitest";
import { exitStatus, statusOf } from "../../src/cli/exit.ts";
import type { OutputWord } from "../../src/cli/outputs.ts";
import { pairOutputs } from "../../src/cli/outputs.ts";
import { progressLine, progressOn } from "../../src/cli/progress.ts";
import { readTargets } from "../../src/cli/targets.ts";
import { wantsColor } from "../../src/cli/terminal.ts";

const known = ["json", "ndjson", "text"];
/** `json >a` → a format and a file. */
const words = (line: string): readonly OutputWord[] =>
  line
    .split(" ")
    .filter(Boolean)
    .map((word) => (word.startsWith(">") ? { file: word.slice(1) } : { format: word }));

describe("formats and files", () => {
  test.each([
    ["", "text"],
    [">a", "text>a"],
    ["json", "json"],
    ["json >a", "json>a"],
    [">a json", "json>a"],
    ["json >a text", "json>a text"],
    ["text json >a", "text json>a"],
    ["json >a ndjson >b", "json>a ndjson>b"],
    ["json ndjson >a >b", "json>a ndjson>b"],
    [">a >b json ndjson", "json>a ndjson>b"],
    ["json >a ndjson >b text", "json>a ndjson>b text"],
  ])("%j → %s", (line, want) => {
    expect(
      pairOutputs(words(line), known)
        .map(({ format, file }) => (file === undefined ? format : `${format}>${file}`))
        .join(" "),
    ).toBe(want);
  });
  test.each([
    ["json ndjson", "expected at most one `--format` without `--output FILE`, found 2: json, ndjson"],
    ["json >a >b", "expected a `--format` for each `--output`, found 1 for 2"],
    ["json text ndjson >a >b", 'expected one `--output` after each `--format`, found "b" as well'],
    ["xml", 'expected `--format` to be one of json, ndjson, text, found "xml"'],
    ["sarif", "`--format sarif` is not in this release: expected one of json, ndjson, text"],
  ])("%j is refused", (line, want) => {
    expect(() => pairOutputs(words(line), known)).toThrow(want);
  });
});

describe("targets", () => {
  test.each([
    [[], undefined, [{ kind: "path", path: "." }]],
    [["a", "-"], undefined, [{ kind: "path", path: "a" }, { kind: "stdin" }]],
    [[], ["docker", "run", "x"], [{ kind: "command", argv: ["docker", "run", "x"] }]],
    [
      ["a"],
      ["docker", "run", "x"],
      [
        { kind: "path", path: "a" },
        { kind: "command", argv: ["docker", "run", "x"] },
      ],
    ],
    [
      ["./self", "docker-compose.yaml"],
      undefined,
      [
        { kind: "path", path: "./self" },
        { kind: "path", path: "docker-compose.yaml" },
      ],
    ],
  ])("%j and %j → %j", (named, command, want) => {
    expect(readTargets(named, command)).toEqual(want);
  });
  test.each(["docker:", "docker:web", "pid:1", "self", "k8s:", "k8s:ns/pod"])(
    "%s is live, and not in this release",
    (word) => {
      expect(() => readTargets([word], undefined)).toThrow("live targets are not in this release");
    },
  );
  test("nothing after -- is a usage error", () => {
    expect(() => readTargets([], [])).toThrow("expected a container command after `--`, found nothing");
  });
});

describe("colour", () => {
  test.each([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    ["always", { NO_COLOR: "1" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ] as const)("%s with %j, terminal %s → %s", (when, environment, terminal, want) => {
    expect(wantsColor(when, environment, terminal)).toBe(want);
  });
});

describe("exit status", () => {
  test.each([
    [0, 0, exitStatus.met],
    [0, 3, exitStatus.short],
    [1, 0, exitStatus.input],
    [1, 3, exitStatus.input],
  ])("%i errors and %i short → %i", (errors, short, want) => {
    expect(statusOf(errors, short)).toBe(want);
  });
});

describe("progress", () => {
  test.each([
    [1200, 5000, 38, "scanned 1,200 of 5,000 files  38 fall short"],
    [1, 1, 1, "scanned 1 of 1 file  1 falls short"],
    [7, undefined, 0, "scanned 7 files"],
  ])("%j of %j, %j short → %s", (done, total, short, want) => {
    expect(progressLine(done, total, short)).toBe(want);
  });
  test("draws after half a second, ten times a second at most, and clears its line", () => {
    let time = 0;
    const written: string[] = [];
    const progress = progressOn(
      { isTTY: true, columns: 20, write: (text) => written.push(text) },
      () => time,
    );
    for (time = 0; time < 1000; time += 10) progress.update(time, 1000, 0);
    progress.clear();
    progress.clear();
    expect(written).toHaveLength(6);
    expect(written[0]).toBe("\r\u001b[Kscanned 500 of 1,00");
    expect(written.at(-1)).toBe("\r\u001b[K");
  });
  test("draws nothing where nobody looks", () => {
    const written: string[] = [];
    const write = (text: string): number => written.push(text);
    let time = 0;
    const progress = progressOn({ isTTY: false, write }, () => (time += 1e6));
    progress.update(1, 2, 0);
    progress.clear();
    expect(written).toEqual([]);
  });
});
