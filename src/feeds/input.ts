import { createHash } from "node:crypto";
import { createReadStream, openSync, readdirSync, readSync, closeSync, statSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { quote } from "../base/text.ts";
import { feedProblem } from "./problem.ts";
import type { FeedDocument } from "./types.ts";
import { zipEntries } from "./zip.ts";

/** What a source consists of: a file, the files of a folder, the entries of an archive. Read once, one after the other. */
export interface FeedInput {
  readonly documents: AsyncIterable<FeedDocument>;
  /** Over all bytes as they lie on the disk. */
  readonly sha256: string;
}

/** Enough to see the keys of a record, whose description may come first. */
const headLength = 64 * 1024;
/** What belongs to no feed although it lies beside one. */
const ofFeeds = /\.(json|jsonl|ndjson|dyad|xml)(\.gz)?$/;

/**
 * Opens a file (JSON, XML, gzip, zip) or a folder of them.
 * @throws FeedProblem where there is none, or it is packed in a way that Node cannot unpack
 */
export async function openInput(path: string): Promise<FeedInput> {
  const files = filesOf(path);
  const sha256 = await digestOf(files);
  return { documents: documentsOf(files), sha256 };
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && ofFeeds.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((name) => !/(^|\/)\.[^./]/.test(name.slice(path.length)))
      .sort();
    if (names.length > 0) return names;
  } catch (error) {
    throw unreadable(error);
  }
  throw feedProblem("expected a folder with JSON, dyad or XML files, found none");
}

function unreadable(error: unknown): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return feedProblem(`expected a readable file or folder, found ${code === "ENOENT" ? "none" : code}`);
}

async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) {
    for await (const chunk of chunksOf(file)) hash.update(chunk);
  }
  return hash.digest("hex");
}

async function* documentsOf(files: readonly string[]): AsyncGenerator<FeedDocument> {
  for (const file of files) {
    const packing = packingOf(file);
    if (packing === "zip") yield* zipDocuments(file);
    else yield* document(file, packing === "gzip" ? gunzipped(file) : chunksOf(file));
  }
}

async function* zipDocuments(file: string): AsyncGenerator<FeedDocument> {
  let count = 0;
  for await (const { name, chunks } of zipEntries(file)) {
    if (!ofFeeds.test(name)) continue;
    count++;
    yield* document(name, chunks);
  }
  if (count === 0) throw feedProblem("expected an archive with JSON, dyad or XML files, found none");
}

/** Reads as much as shows what a document is, and hands it on with the rest; closed once the reader asks for the next one. */
async function* document(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FeedDocument> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const first: Uint8Array[] = [];
    let size = 0;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      first.push(next.value);
      size += next.value.length;
      if (size >= headLength) break;
    }
    const head = Buffer.concat(first).subarray(0, headLength).toString("utf8");
    yield { name, head, chunks: followed(first, iterator) };
  } finally {
    await iterator.return?.();
  }
}

async function* followed(
  first: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(error);
  }
}

async function* gunzipped(file: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file);
  const gunzip = createGunzip();
  // Without this an error of the file would leave the reader waiting.
  stream.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of stream.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (error) {
    throw feedProblem(`expected gzip data, found ${quote(error instanceof Error ? error.message : error)}`);
  } finally {
    stream.destroy();
  }
}

/** How a file begins, by packing. Node unpacks gzip; for the others there is a tool on every host. */
const packings: readonly (readonly [
  string,
  "zip" | "gzip" | { readonly found: string; readonly tool: string },
])[] = [
  ["504b0304", "zip"],
  ["504b0506", "zip"],
  ["1f8b", "gzip"],
  ["425a68", { found: "bzip2", tool: "bunzip2" }],
  ["fd377a585a00", { found: "xz", tool: "unxz" }],
  ["28b52ffd", { found: "zstd", tool: "unzstd" }],
];
const tarMark = { offset: 257, text: "ustar" };

function packingOf(file: string): "zip" | "gzip" | "none" {
  const begin = beginOf(file);
  const hex = begin.toString("hex", 0, 6);
  const [, packing] = packings.find(([magic]) => hex.startsWith(magic)) ?? [];
  if (begin.toString("latin1", tarMark.offset, tarMark.offset + tarMark.text.length) === tarMark.text)
    throw feedProblem("expected JSON, XML, gzip or zip, found a tar archive: unpack it and give the folder");
  if (typeof packing === "object")
    throw feedProblem(
      `expected JSON, XML, gzip or zip, found ${packing.found} data: unpack it first (${packing.tool}) and give the unpacked file`,
    );
  return packing ?? "none";
}

function beginOf(file: string): Buffer {
  const begin = Buffer.alloc(512);
  try {
    const descriptor = openSync(file, "r");
    try {
      return begin.subarray(0, readSync(descriptor, begin));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(error);
  }
}
