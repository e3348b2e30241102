import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { currentFacts, readCandidates, readFacts } from "../../src/feeds/store.ts";
import type { UpdateOutcome } from "../../src/feeds/update.ts";
import { updateFeed } from "../../src/feeds/update.ts";
import { zipOf } from "./zip-file.ts";

const fixtures = "tests/feeds/fixtures";
const known = new Map([
  ["CVE-2022-0185", "linux"],
  ["CVE-2024-1086", "linux"],
  ["CVE-2024-21626", "runc"],
]);
let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-feeds-"));
  store = join(folder, "store");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function update(source: string, date = "2026-01-01T00:00:00Z"): Promise<UpdateOutcome> {
  return updateFeed(source, { store, known, date });
}

function given(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** Every file of the store, with its contents. */
function contents(): Readonly<Record<string, string>> {
  if (!existsSync(store)) return {};
  return Object.fromEntries(
    readdirSync(store).map((name) => [name, readFileSync(join(store, name), "utf8")]),
  );
}

describe("a feed that is whole", () => {
  test.each([
    ["debian.json", { feed: "debian-tracker", records: 5, facts: 6, refined: 2, candidates: 1 }],
    ["osv-go.json", { feed: "osv", records: 1, facts: 1, refined: 1, candidates: 0 }],
    ["osv-lines.jsonl", { feed: "osv", records: 5, facts: 6, refined: 3, candidates: 1 }],
    ["kernel-folder", { feed: "kernel-cna", records: 2, facts: 3, refined: 1, candidates: 1 }],
    ["ubuntu-vex.json", { feed: "ubuntu-vex", records: 1, facts: 4, refined: 1, candidates: 0 }],
    ["ubuntu-oval.xml", { feed: "ubuntu-oval", records: 2, facts: 3, refined: 2, candidates: 0 }],
    ["redhat-vex.json", { feed: "redhat-vex", records: 1, facts: 5, refined: 1, candidates: 0 }],
  ])("%s is kept with what it was", async (name, want) => {
    const source = `${fixtures}/${name}`;
    const outcome = await update(source);
    expect(outcome).toMatchObject({ summary: { ...want, source, date: "2026-01-01T00:00:00Z" } });
    const [stored] = readFacts(store);
    expect(stored?.summary).toMatchObject({
      ...want,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(stored?.lines).toHaveLength(want.facts);
    expect(new Set(stored?.lines.map(({ cve }) => cve)).size).toBe(want.refined);
    expect(readdirSync(store).filter((file) => file.startsWith("."))).toEqual([]);
  });

  test("an id that is not known becomes a candidate, with its title on one line", async () => {
    await update(`${fixtures}/debian.json`);
    expect(readCandidates(store)[0]?.lines).toEqual([
      {
        cve: "CVE-2031-1000",
        component: "linux",
        title: "A bug that nobody has an entry for.",
        source: "debian-tracker",
      },
    ]);
  });

  test("gzip, zip and a folder give what the files give", async () => {
    const text = readFileSync(`${fixtures}/osv-go.json`, "utf8");
    mkdirSync(join(folder, "many/2024"), { recursive: true });
    cpSync(`${fixtures}/osv-go.json`, join(folder, "many/2024/GHSA.json"));
    writeFileSync(join(folder, "many/README.md"), "nothing of a feed");
    mkdirSync(join(folder, "many/.git"));
    writeFileSync(join(folder, "many/.git/index.json"), "no feed");
    const sources = [
      given("a.json.gz", gzipSync(text)),
      given("a.zip", zipOf({ "x/": "", "x/GHSA.json": text, "x/notes.txt": "-" })),
      join(folder, "many"),
    ];
    for (const source of sources)
      expect(await update(source)).toMatchObject({ summary: { feed: "osv", records: 1, facts: 1 } });
    expect(readFacts(store)).toHaveLength(3);
  });

  test("the same source again replaces what it gave; of two sources the last one counts", async () => {
    const first = given("debian.json", readFileSync(`${fixtures}/debian.json`));
    await update(first);
    writeFileSync(first, readFileSync(first, "utf8").replace("5.10.92-1", "5.10.92-2"));
    await update(first, "2026-01-02T00:00:00Z");
    expect(readFacts(store)).toHaveLength(1);
    const second = given("again.json", readFileSync(first, "utf8").replace("5.10.92-2", "5.10.92-3"));
    await update(second, "2026-01-03T00:00:00Z");
    const fixes = currentFacts(readFacts(store)).filter(
      (fact) => fact.kind === "fixed-version" && fact.release === "11",
    );
    expect(fixes).toMatchObject([{ fixed: "5.10.92-3" }]);
  });
});

const deep = 200_000;
const entry = (value: string): string => `{"runc":{"CVE-2024-21626":${value}}}`;
const good = '{"releases":{"bookworm":{"status":"resolved","fixed_version":"1.1.5-1"}}}';
const record = readFileSync(`${fixtures}/osv-go.json`, "utf8");

describe("a feed that is not whole changes nothing and says why", () => {
  const cases: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
    [
      "truncated in an entry",
      "a.json",
      entry(good).slice(0, 50),
      /expected more JSON in "runc" → "CVE-2024-21626", found the end at byte 50/,
    ],
    [
      "truncated between entries",
      "a.json",
      entry(good).slice(0, -1),
      /expected more JSON, found the end at byte/,
    ],
    ["more after its end", "a.json", `${entry(good)}{}`, /expected the end, found "\{" at byte/],
    [
      "a number that is none",
      "a.json",
      entry(good.replace('"1.1.5-1"', "1.1.5")),
      /expected JSON in "runc" → "CVE-2024-21626" from byte 26 on/,
    ],
    [
      "an entry of another shape",
      "a.json",
      entry('{"releases": 7}'),
      /expected "releases" in runc → CVE-2024-21626 at byte 26, found none/,
    ],
    [
      "a list of packages",
      "a.json",
      `${entry(good).slice(0, -1)},"x":[]}`,
      /expected an object in "x", found "\["/,
    ],
    [
      "an entry without end",
      "a.json",
      entry(`{"description":"${"x".repeat(5_000_000)}","releases":{}}`),
      /expected a value of at most 4194304 bytes/,
    ],
    [
      "a key without end",
      "a.json",
      `{"runc":{"CVE-2024-21626":${good}},"${"k".repeat(10_000)}":{}}`,
      /expected a value of at most 4096 bytes/,
    ],
    [
      "a broken line",
      "a.jsonl",
      `${JSON.stringify(JSON.parse(record))}\n{"id":"GO-1", "affected":[}\n`,
      /expected JSON from byte \d+ on/,
    ],
    [
      "a second document of another shape",
      "a.jsonl",
      `${JSON.stringify(JSON.parse(record))}\n{"name":"x"}\n`,
      /expected an OSV record with an "id"/,
    ],
    [
      "no feed",
      "a.json",
      '{"hello":"world"}',
      /^expected the JSON of the Debian security tracker, .* or Ubuntu's OpenVEX, found another format/,
    ],
    ["a web page", "a.json", "<!DOCTYPE html><html>sign in</html>", /found a web page/],
    ["an empty file", "a.json", "", /found another format/],
    [
      "XML cut short",
      "a.xml",
      readFileSync(`${fixtures}/ubuntu-oval.xml`, "utf8").slice(0, 2000),
      /expected XML, found .* in line/,
    ],
    [
      "OVAL by notice",
      "a.xml",
      readFileSync(`${fixtures}/ubuntu-oval.xml`, "utf8").replaceAll(
        'class="vulnerability"',
        'class="patch"',
      ),
      /expected the feed by CVE .*, found the one by notice \(usn\) in line/,
    ],
    [
      "XML within XML",
      "a.xml",
      `<oval_definitions xmlns="x">ubuntu${"<a>".repeat(100)}`,
      /expected at most 64 tags within each other/,
    ],
    [
      "XML with one long text",
      "a.xml",
      `<oval_definitions xmlns="ubuntu">${"x".repeat(9_000_000)}`,
      /expected tags and texts of at most 4194304 bytes/,
    ],
    [
      "XML with entities",
      "a.xml",
      '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><oval_definitions xmlns="ubuntu">&b;</oval_definitions>',
      /expected .*found/,
    ],
    [
      "gzip cut short",
      "a.json.gz",
      gzipSync(record).subarray(0, 200),
      /expected gzip data, found "unexpected end of file"/,
    ],
    [
      "a zip cut short",
      "a.zip",
      zipOf({ "a.json": record }).subarray(0, 300),
      /expected a whole zip archive, found/,
    ],
    [
      "a zip with a broken file",
      "a.zip",
      zipOf({ "a.json": record, "b.json": record.slice(0, 99) }),
      /b\.json: expected more JSON/,
    ],
    [
      "a zip of something else",
      "a.zip",
      zipOf({ "a.txt": "text" }),
      /expected an archive with JSON, dyad or XML files, found none/,
    ],
    ["bzip2", "a.xml.bz2", Buffer.from("BZh91AY&SY"), /found bzip2 data: unpack it first \(bunzip2\)/],
    ["xz", "a.tar.xz", Buffer.from("fd377a585a000000", "hex"), /found xz data: unpack it first \(unxz\)/],
    [
      "tar",
      "a.tar",
      Buffer.concat([Buffer.alloc(257), Buffer.from("ustar"), Buffer.alloc(250)]),
      /found a tar archive: unpack it and give the folder/,
    ],
    [
      "a dyad line of another shape",
      "CVE-2024-1086.dyad",
      "# x\n3.15:abc:6.8\n",
      /expected version:commit:version:commit in line 2/,
    ],
    [
      "a dyad file of no CVE",
      "other.dyad",
      "",
      /expected a dyad file to be named for its CVE, found other\.dyad/,
    ],
  ];
  test.each(cases)("%s", async (_, name, bytes, message) => {
    await update(`${fixtures}/debian.json`);
    const before = contents();
    const outcome = await update(given(name, bytes));
    expect(outcome).toHaveProperty("problem", expect.stringMatching(message));
    expect(contents()).toEqual(before);
  });

  test("a folder of two feeds, an empty one, none at all, and another kind of address", async () => {
    mkdirSync(join(folder, "two"));
    for (const name of ["osv-go.json", "ubuntu-vex.json"])
      cpSync(`${fixtures}/${name}`, join(folder, "two", name));
    mkdirSync(join(folder, "none"));
    const problems = await Promise.all(
      [join(folder, "two"), join(folder, "none"), join(folder, "gone"), "ftp://x/y"].map((source) =>
        update(source),
      ),
    );
    expect(problems.map((outcome) => ("problem" in outcome ? outcome.problem : ""))).toEqual([
      expect.stringMatching(
        /ubuntu-vex\.json: expected OSV records, as in the files before it, found Ubuntu's OpenVEX/,
      ),
      "expected a folder with JSON, dyad or XML files, found none",
      "expected a readable file or folder, found none",
      "expected a file, a folder or an http(s) address, found another kind of address",
    ]);
    expect(contents()).toEqual({});
  });

  test("a store that cannot be written is a problem of its own", async () => {
    store = given("file", "");
    expect(await update(`${fixtures}/debian.json`)).toHaveProperty(
      "problem",
      expect.stringMatching(/expected a store that can be written, found/),
    );
  });
});

describe("a feed that means harm", () => {
  test("keys that every object has are keys like others", async () => {
    const hostile = `{"__proto__":{"__proto__":{"releases":{"__proto__":{"status":"resolved","fixed_version":"1-1"}}}},"runc":{"CVE-2024-21626":{"releases":{"__proto__":{"status":"resolved","fixed_version":"1-1"},"constructor":{"status":"resolved","fixed_version":"1-1"},"toString":{"status":"open"}},"__proto__":{"releases":{}}}},"constructor":{"CVE-2031-9999":{"releases":{}}}}`;
    const outcome = await update(given("a.json", `{"runc":{"CVE-2022-0185":${good}},${hostile.slice(1)}`));
    expect(outcome).toMatchObject({ summary: { records: 4, facts: 0, candidates: 0 } });
    expect({}).not.toHaveProperty("releases");
  });

  test("values within values are refused, and do not end the process", async () => {
    const nested = entry(
      `{"releases":{"bookworm":{"status":"open","x":${"[".repeat(deep)}${"]".repeat(deep)}}}}`,
    );
    expect(await update(given("deep.json", nested))).toHaveProperty(
      "problem",
      'expected at most 1000 values within each other in "runc" → "CVE-2024-21626", found more from byte 26 on',
    );
    const branches = `${'{"branches":['.repeat(400)}{}${"]}".repeat(400)}`;
    const vex = `{"document":{"category":"csaf_vex","publisher":"Red Hat"},"product_tree":${branches},"vulnerabilities":[{"cve":"CVE-2024-21626"}]}`;
    expect(await update(given("tree.json", vex))).toMatchObject({ summary: { records: 1, facts: 0 } });
  });

  test("a feed cannot write outside of its store, whatever it is called", async () => {
    const path = given("..%2f..", readFileSync(`${fixtures}/debian.json`));
    await update(path);
    expect(
      readdirSync(store).every((name) => /^[\w-][\w.-]*-[0-9a-f]{8}\.(facts|candidates)\.jsonl$/.test(name)),
    ).toBe(true);
  });

  test("a file of the store that lost its end is named", async () => {
    await update(`${fixtures}/debian.json`);
    const [name = ""] = readdirSync(store).filter((file) => file.endsWith(".facts.jsonl"));
    const path = join(store, name);
    writeFileSync(path, readFileSync(path, "utf8").split("\n").slice(0, 2).join("\n"));
    expect(() => readFacts(store)).toThrow(
      /expected a whole file of the store, found a broken one: run holdfast kb update again/,
    );
  });
});
