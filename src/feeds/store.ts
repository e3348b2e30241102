import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { groupBy } from "../base/group.ts";
import type { FeedFact } from "../knowledge/feed-fact.ts";
import { feedProblem } from "./problem.ts";
import type { Candidate, Summary } from "./types.ts";

/** The name under which a source is kept: reading the same one again replaces what it gave before. */
export function keyOf(source: string): string {
  const name = /([\w.-]{1,40})\/?$/.exec(source)?.[1]?.replace(/^\.+/, "") ?? "feed";
  return `${name}-${createHash("sha256").update(source).digest("hex").slice(0, 8)}`;
}

const factsEnd = ".facts.jsonl";
const candidatesEnd = ".candidates.jsonl";

/** A feed that is being written: files of their own, which take their place when the feed has been read to its end. */
export interface StoreWriter {
  readonly fact: (fact: FeedFact) => void;
  readonly candidate: (candidate: Candidate) => void;
  readonly commit: (summary: Summary) => void;
  readonly discard: () => void;
}

/** @throws FeedProblem when the store cannot be written */
export function openStoreWriter(store: string, key: string): StoreWriter {
  const facts = lineFile(store, `${key}${factsEnd}`);
  const candidates = lineFile(store, `${key}${candidatesEnd}`);
  return {
    fact: facts.write,
    candidate: candidates.write,
    commit(summary) {
      // The last line: a file without it is not whole.
      for (const file of [candidates, facts]) file.write(summary);
      candidates.replace();
      facts.replace();
    },
    discard() {
      facts.remove();
      candidates.remove();
    },
  };
}

interface LineFile {
  readonly write: (value: object) => void;
  readonly replace: () => void;
  readonly remove: () => void;
}

function lineFile(folder: string, name: string): LineFile {
  const temporary = join(folder, `.${name}.${String(process.pid)}`);
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      throw feedProblem(`expected a store that can be written, found ${code} for ${folder}`);
    }
  };
  const descriptor = attempt(() => {
    mkdirSync(folder, { recursive: true });
    return openSync(temporary, "w", 0o644);
  });
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  let gathered = "";
  const flush = (): void => {
    const bytes = Buffer.from(gathered);
    gathered = "";
    for (let at = 0; at < bytes.length;) at += attempt(() => writeSync(descriptor, bytes, at));
  };
  return {
    write(value) {
      gathered += `${JSON.stringify(value)}\n`;
      if (gathered.length > 64 * 1024) flush();
    },
    replace() {
      flush();
      close();
      attempt(() => {
        renameSync(temporary, join(folder, name));
      });
    },
    remove() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** What one source gave. */
export interface Stored<Line> {
  readonly summary: Summary;
  readonly lines: readonly Line[];
}

/** The facts of a store, by source, the one that was read last at the end. @throws FeedProblem for a file that is not whole */
export function readFacts(store: string): readonly Stored<FeedFact>[] {
  return readAll<FeedFact>(store, factsEnd);
}

export function readCandidates(store: string): readonly Stored<Candidate>[] {
  return readAll<Candidate>(store, candidatesEnd);
}

function readAll<Line>(store: string, end: string): readonly Stored<Line>[] {
  return readdirSync(store)
    .filter((name) => name.endsWith(end) && !name.startsWith("."))
    .map((name) => readStored<Line>(join(store, name)))
    .sort((a, b) => (a.summary.date < b.summary.date ? -1 : 1));
}

/** Our own files, whose lines are trusted once their end is there. */
function readStored<Line>(path: string): Stored<Line> {
  const broken = feedProblem(
    `${path}: expected a whole file of the store, found a broken one: run holdfast kb update again`,
  );
  try {
    const lines = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const summary = lines.pop() as Summary | undefined;
    const count = path.endsWith(factsEnd) ? summary?.facts : summary?.candidates;
    if (summary && count === lines.length) return { summary, lines };
  } catch (error) {
    if (error instanceof SyntaxError) throw broken;
    throw error;
  }
  throw broken;
}

/**
 * All facts of a store. What a source says about a package in a release replaces what one that was read earlier said of it.
 */
export function currentFacts(stored: readonly Stored<FeedFact>[]): readonly FeedFact[] {
  const current = new Map<string, readonly FeedFact[]>();
  for (const { lines } of stored) {
    for (const [place, facts] of groupBy(lines, placeOf)) current.set(place, facts);
  }
  return [...current.values()].flat();
}

function placeOf(fact: FeedFact): string {
  const where = fact.kind === "range" ? "range" : `${fact.distribution} ${fact.release}`;
  return `${fact.cve} ${fact.component} ${fact.package} ${where}`;
}
