import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { feeds } from "../../src/feeds/formats/registry.ts";
import type { FeedRecord } from "../../src/feeds/types.ts";

const fixtures = "tests/feeds/fixtures";
const files: Readonly<Record<string, string>> = {
  "debian.json": "debian-tracker",
  "osv-go.json": "osv",
  "osv-lines.jsonl": "osv",
  "kernel-folder/CVE-2024-1086.json": "kernel-cna",
  "kernel-folder/CVE-2031-3000.dyad": "kernel-cna",
  "ubuntu-vex.json": "ubuntu-vex",
  "ubuntu-oval.xml": "ubuntu-oval",
  "redhat-vex.json": "redhat-vex",
};

/** As a disk or a network might hand it over: in pieces that end anywhere. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function read(file: string, size = 64 * 1024): Promise<readonly FeedRecord[]> {
  const bytes = readFileSync(`${fixtures}/${file}`);
  const head = bytes.toString("utf8").slice(0, 64 * 1024);
  const found = feeds.filter((feed) => feed.recognises({ head, name: file }));
  expect(found.map(({ id }) => id)).toEqual([files[file]]);
  return all(found[0]?.read({ name: file, head, chunks: inPieces(bytes, size) }) ?? []);
}

async function all<T>(values: AsyncIterable<T> | Iterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

/** `cve package place: what`, a line a fact. */
function lines(records: readonly FeedRecord[]): readonly string[] {
  return records.flatMap(({ facts }) =>
    facts.map((fact) => {
      if (fact.kind === "range") return `${fact.cve} ${fact.package} ${fact.introduced}..${fact.fixed ?? ""}`;
      const where = `${fact.cve} ${fact.package} ${fact.distribution} ${fact.release}:`;
      return `${where} ${fact.kind === "status" ? fact.status : fact.fixed}`;
    }),
  );
}

test("every feed has a fixture", () => {
  expect(new Set(Object.values(files))).toEqual(new Set(feeds.map(({ id }) => id)));
  expect(feeds).toHaveLength(6);
});

test.each(Object.keys(files))("%s gives the same facts however it is cut", async (file) => {
  const whole = await read(file);
  expect(await read(file, 7)).toEqual(whole);
  expect(whole.length).toBeGreaterThan(0);
});

test.each(Object.keys(files).filter((file) => !file.endsWith(".dyad")))(
  "%s cut short at any place is a problem",
  async (file) => {
    const bytes = readFileSync(`${fixtures}/${file}`);
    const feed = feeds.find(({ id }) => id === files[file]);
    const end = file.endsWith(".jsonl") ? bytes.indexOf("\n") : bytes.toString().trimEnd().length;
    for (let length = 1; length < end; length += 61) {
      const reading = feed?.read({
        name: basename(file),
        head: "",
        chunks: inPieces(bytes.subarray(0, length), 4096),
      });
      await expect(all(reading ?? []), `${file} at ${String(length)}`).rejects.toMatchObject({
        code: "feed",
      });
    }
  },
);

describe("Debian", () => {
  test("names fixed versions by release; 0 is a package that never had the bug", async () => {
    expect(lines(await read("debian.json"))).toEqual([
      "CVE-2022-0185 linux debian 10: not-affected",
      "CVE-2022-0185 linux debian 11: 5.10.92-1",
      "CVE-2022-0185 linux debian 12: 5.15.15-1",
      "CVE-2031-1000 linux debian 12: affected",
      "CVE-2024-21626 runc debian 11: affected",
      "CVE-2024-21626 runc debian 12: 1.1.5+ds1-1+deb12u1",
      "CVE-2024-21626 runc debian 13: 1.1.12+ds1-1",
      "CVE-2024-21626 runc debian 14: unknown",
    ]);
  });
});

describe("OSV", () => {
  test("upstream's ranges come from the component's own module", async () => {
    expect(lines(await read("osv-go.json"))).toEqual([
      "CVE-2024-21626 github.com/opencontainers/runc 1.0.0-rc93..1.1.12",
    ]);
  });

  test("records of the kernel, of distributions and of Go, one a line; what was withdrawn says nothing", async () => {
    expect(lines(await read("osv-lines.jsonl"))).toEqual([
      "CVE-2022-0185 Kernel 5.1..5.4.173",
      "CVE-2022-0185 Kernel 5.1..5.10.93",
      "CVE-2022-0185 Kernel 5.1..5.17",
      "CVE-2024-1086 linux ubuntu 22.04: 5.15.0-101.111",
      "CVE-2024-1086 linux ubuntu 18.04: 4.15.0-223.235",
      "CVE-2024-21626 runc almalinux 8: 1:1.1.12-1.module_el8.9.0+3724+4a5e8f1d",
      "CVE-2031-2000 github.com/containers/podman/v5 5.0.0..5.9.1",
    ]);
  });
});

describe("the kernel's CNA", () => {
  test("a CVE record names the fix of each branch, and no commits", async () => {
    expect(lines(await read("kernel-folder/CVE-2024-1086.json"))).toEqual([
      "CVE-2024-1086 linux 3.15..4.14.337",
      "CVE-2024-1086 linux 3.15..6.1.76",
      "CVE-2024-1086 linux 3.15..6.8",
    ]);
  });

  test("a dyad: 0 is not fixed, the same version twice was never released", async () => {
    expect(lines(await read("kernel-folder/CVE-2031-3000.dyad"))).toEqual([
      "CVE-2031-3000 linux 4.19.179..4.19.279",
      "CVE-2031-3000 linux 5.1..5.4.190",
      "CVE-2031-3000 linux 5.1..5.17",
      "CVE-2031-3000 linux 5.1..",
    ]);
  });
});

describe("Ubuntu", () => {
  test("OpenVEX speaks of source packages, and of those who pay for a release", async () => {
    expect(lines(await read("ubuntu-vex.json"))).toEqual([
      "CVE-2024-21626 runc ubuntu 22.04: 1.1.7-0ubuntu1~22.04.2",
      "CVE-2024-21626 runc ubuntu 18.04: 1.1.7-0ubuntu1~18.04.1+esm1",
      "CVE-2024-21626 runc ubuntu 24.04: not-affected",
      "CVE-2024-21626 runc ubuntu 16.04: affected",
    ]);
  });

  test("OVAL says it in comments; kernels of other flavours are other packages", async () => {
    expect(lines(await read("ubuntu-oval.xml"))).toEqual([
      "CVE-2022-0185 linux ubuntu 22.04: 5.15.0-18.18",
      "CVE-2024-21626 runc ubuntu 22.04: 1.1.7-0ubuntu1~22.04.2",
      "CVE-2024-21626 runc-app ubuntu 22.04: affected",
      "CVE-2024-21626 containerd ubuntu 22.04: not-affected",
      "CVE-2024-21626 docker.io ubuntu 22.04: unknown",
    ]);
  });
});

describe("Red Hat", () => {
  test("builds of the release and of its minor releases; other products have versions of their own", async () => {
    expect(lines(await read("redhat-vex.json"))).toEqual([
      "CVE-2024-21626 runc rhel 9: 4:1.1.12-1.el9_3",
      "CVE-2024-21626 runc rhel 9.3: 4:1.1.12-1.el9_3",
      "CVE-2024-21626 runc rhel 9.2: 4:1.1.9-2.el9_2",
      "CVE-2024-21626 runc rhel 8: 1:1.1.12-1.module+el8.9.0+21243+a586538b",
      "CVE-2024-21626 runc rhel 8.9: 1:1.1.12-1.module+el8.9.0+21243+a586538b",
      "CVE-2024-21626 kernel rhel 6: not-affected",
    ]);
  });
});
