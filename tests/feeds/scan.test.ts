import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { updateFeed } from "../../src/feeds/update.ts";
import { assess } from "../../src/index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-feed-scan-"));
  writeFileSync(join(folder, "compose.yaml"), "services:\n  web:\n    image: web:1\n");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A store in which Debian says this of CVE-2025-31133 in the runc of bookworm. */
async function storeSaying(name: string, state: object): Promise<string> {
  const store = join(folder, name);
  const feed = join(folder, `${name}.json`);
  writeFileSync(feed, JSON.stringify({ runc: { "CVE-2025-31133": { releases: { bookworm: state } } } }));
  const known = new Map([["CVE-2025-31133", "runc"]]);
  expect(await updateFeed(feed, { store, known, date: "2026-01-01T00:00:00Z" })).toHaveProperty(
    "summary.facts",
    1,
  );
  return store;
}

async function scan(store: string | undefined, required = true): Promise<Awaited<ReturnType<typeof assess>>> {
  return assess({
    targets: [{ kind: "path", path: join(folder, "compose.yaml") }],
    host: "debian-12-docker",
    vulnerabilities: true,
    feeds: store === undefined ? undefined : { store, required },
  });
}

async function verdict(store: string | undefined): Promise<string | undefined> {
  const { subjects } = await scan(store);
  return subjects[0]?.vulnerabilities?.find(({ cve }) => cve === "CVE-2025-31133")?.version;
}

test("what a store says decides a version that the knowledge leaves open", async () => {
  const fixed = await storeSaying("fixed", { status: "resolved", fixed_version: "1.1.5+ds1-1+deb12u1" });
  const later = await storeSaying("later", { status: "resolved", fixed_version: "1.1.5+ds1-1+deb12u2" });
  const never = await storeSaying("never", { status: "resolved", fixed_version: "0" });
  const open = await storeSaying("open", { status: "open" });
  expect(await verdict(undefined)).toBe("unknown");
  expect(await verdict(fixed)).toBe("fixed");
  expect(await verdict(later)).toBe("affected");
  expect(await verdict(never)).toBe("fixed");
  expect(await verdict(open)).toBe("unknown");
});

test("a report tells which feeds took part", async () => {
  const store = await storeSaying("told", { status: "open" });
  const [without, with_] = await Promise.all([scan(undefined), scan(store)]);
  expect(with_.knowledge).toEqual({
    ...without.knowledge,
    version: expect.stringMatching(
      new RegExp(`^${without.knowledge.version}\\+feeds\\.[0-9a-f]{8}$`),
    ) as string,
  });
});

test("a store that was named must exist, the default one need not; a broken one is never passed over", async () => {
  const gone = join(folder, "gone");
  await expect(scan(gone)).rejects.toThrow(
    /expected `--feeds` to be a folder that `holdfast kb update` wrote, found/,
  );
  expect((await scan(gone, false)).knowledge).toEqual((await scan(undefined)).knowledge);
  const broken = join(folder, "broken");
  mkdirSync(broken);
  writeFileSync(join(broken, "a-00000000.facts.jsonl"), "{}\n{");
  await expect(scan(broken, false)).rejects.toThrow(
    /a-00000000\.facts\.jsonl: expected a whole file of the store/,
  );
});
