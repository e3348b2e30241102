import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { updateFeed } from "../../src/feeds/update.ts";

const mebibyte = 1024 * 1024;

/** A tracker of the size of Debian's: many packages, and one, the kernel, with thousands of entries. */
function writeTracker(path: string): void {
  const release = (suite: string): string =>
    `"${suite}":{"status":"resolved","repositories":{"${suite}":"6.1.106-3","${suite}-security":"6.1.112-1"},"fixed_version":"6.1.76-1","urgency":"not yet assigned"}`;
  const suites = ["bullseye", "bookworm", "trixie", "forky", "sid"].map(release).join(",");
  const entry = (number: number): string =>
    `"CVE-2031-${String(10_000 + number)}":{"description":"${"A text about the bug. ".repeat(12)}","scope":"local","releases":{${suites}}}`;
  const descriptor = openSync(path, "w");
  writeSync(descriptor, "{");
  for (let index = 0; index < 1500; index++) {
    const name = index === 700 ? "linux" : `package-${String(index)}`;
    const count = name === "linux" ? 8000 : 40;
    const entries = Array.from({ length: count }, (_, number) => entry(number)).join(",");
    writeSync(descriptor, `${index === 0 ? "" : ","}"${name}":{${entries}}`);
  }
  writeSync(descriptor, "}");
  closeSync(descriptor);
}

test(
  "a tracker of 60 MB is read in seconds, and never lies in memory as a whole",
  { timeout: 10_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-memory-"));
    try {
      const path = join(folder, "debian.json");
      writeTracker(path);
      expect(statSync(path).size).toBeGreaterThan(60_000_000);
      const used = (): number => {
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external;
      };
      const before = used();
      let most = before;
      const timer = setInterval(() => {
        most = Math.max(most, used());
      }, 5);
      const outcome = await updateFeed(path, {
        store: join(folder, "store"),
        known: new Map([["CVE-2031-10001", "linux"]]),
        date: "2026-01-01T00:00:00Z",
      });
      clearInterval(timer);
      expect(outcome).toMatchObject({ summary: { records: 67_960, facts: 4, refined: 1, candidates: 7999 } });
      expect((most - before) / mebibyte).toBeLessThan(200);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
