import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyOf, readFacts } from "../../src/feeds/store.ts";
import type { UpdateOutcome } from "../../src/feeds/update.ts";
import { updateFeed } from "../../src/feeds/update.ts";

const feed = readFileSync("tests/feeds/fixtures/debian.json");
let folder: string;
let store: string;
let url: string;
/** What was asked for, in order: the range, or the whole. */
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  asked.push(`${request.headers.range ?? "whole"} ${request.headers["if-range"]?.toString() ?? "-"}`);
  answer(request, response);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-download-"));
  store = join(folder, "store");
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/tracker/data/json?token=secret`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function update(): Promise<UpdateOutcome> {
  return updateFeed(url, {
    store,
    known: new Map([["CVE-2024-21626", "runc"]]),
    date: "2026-01-01T00:00:00Z",
  });
}

/** A server that knows ranges, of one version of the file. */
function serve(bytes: Buffer, tag: string): typeof answer {
  return (request, response) => {
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
    const isSame = request.headers["if-range"] === tag;
    response.setHeader("etag", tag);
    if (start === undefined || !isSame) {
      response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    } else if (Number(start) >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${String(bytes.length)}` }).end();
    } else {
      const range = `bytes ${start}-${String(bytes.length - 1)}/${String(bytes.length)}`;
      response.writeHead(206, { "content-range": range }).end(bytes.subarray(Number(start)));
    }
  };
}

/** Sends a part, says that more is to come, and hangs up. */
function breakAfter(length: number, tag: string | undefined): typeof answer {
  return (_, response) => {
    if (tag !== undefined) response.setHeader("etag", tag);
    response.writeHead(200, { "content-length": feed.length });
    response.write(feed.subarray(0, length), () => {
      setTimeout(() => response.destroy(), 50);
    });
  };
}

const good = { summary: { feed: "debian-tracker", facts: 3, refined: 1 } };
const part = (): string => join(store, `${keyOf(url)}.part`);

describe("a feed from an address", () => {
  test("is read whole, kept without the query of the address, and leaves nothing behind", async () => {
    answer = serve(feed, '"1"');
    const outcome = await update();
    expect(outcome).toMatchObject(good);
    expect(readFacts(store)[0]?.summary.source).toBe(url.replace(/\?.*/, ""));
    expect(JSON.stringify(outcome)).not.toContain("secret");
    expect(readdirSync(store).filter((name) => !name.endsWith(".jsonl"))).toEqual([]);
  });

  test("that breaks off changes nothing; the next run goes on from there", async () => {
    answer = breakAfter(500, '"1"');
    expect(await update()).toHaveProperty(
      "problem",
      expect.stringMatching(/^expected the rest of the file, found .* after 500 bytes: run it again/),
    );
    expect(readFacts(store)).toEqual([]);
    answer = serve(feed, '"1"');
    expect(await update()).toMatchObject(good);
    expect(asked).toEqual(["whole -", 'bytes=500- "1"']);
  });

  test("that has changed since then is read anew", async () => {
    answer = breakAfter(500, '"1"');
    await update();
    answer = serve(feed, '"2"');
    expect(await update()).toMatchObject(good);
    expect(asked).toEqual(["whole -", 'bytes=500- "1"']);
  });

  test("that has changed, from a server that sends the range all the same", async () => {
    answer = breakAfter(500, '"1"');
    await update();
    answer = (request, response) => {
      response.setHeader("etag", '"2"');
      if (request.headers.range === undefined) response.end(feed);
      else
        response
          .writeHead(206, { "content-range": `bytes 500-${String(feed.length - 1)}/*` })
          .end("of another version");
    };
    expect(await update()).toMatchObject(good);
    expect(asked).toEqual(["whole -", 'bytes=500- "1"', "whole -"]);
  });

  test("without anything that names its version is always read anew; a weak tag names none", async () => {
    for (const tag of [undefined, 'W/"1"']) {
      answer = breakAfter(500, tag);
      await update();
      answer = serve(feed, '"1"');
      expect(await update()).toMatchObject(good);
    }
    expect(asked).toEqual(["whole -", "whole -", "whole -", "whole -"]);
  });

  test("of which all had come in already is not asked for twice", async () => {
    mkdirSync(store);
    writeFileSync(part(), feed);
    writeFileSync(`${part()}.json`, JSON.stringify({ url, validator: '"1"' }));
    answer = serve(feed, '"1"');
    expect(await update()).toMatchObject(good);
    expect(asked).toEqual([`bytes=${String(feed.length)}- "1"`]);
  });

  test("that came in whole and is broken is not kept to go on from", async () => {
    answer = serve(feed.subarray(0, 700), '"1"');
    expect(await update()).toHaveProperty(
      "problem",
      expect.stringMatching(/^expected more JSON in "linux" → /),
    );
    expect(existsSync(part())).toBe(false);
    expect(readFacts(store)).toEqual([]);
  });

  test("with a password is not asked for, and the password not repeated", async () => {
    url = url.replace("127.0.0.1", "me:secret@127.0.0.1");
    const outcome = await update();
    expect(outcome).toHaveProperty("problem", expect.stringMatching(/^expected an address without a user/));
    expect([JSON.stringify(outcome).includes("secret"), asked]).toEqual([false, []]);
  });

  test("that is not there, or nobody who answers", async () => {
    answer = (_, response) => response.writeHead(404).end("<html>not here</html>");
    expect(await update()).toHaveProperty("problem", "expected status 200, found 404");
    url = "http://127.0.0.1:1/feed.json";
    expect(await update()).toHaveProperty("problem", expect.stringMatching(/^expected an answer, found "/));
  });
});
