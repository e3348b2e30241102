import type { Entry, ZipFile } from "yauzl";
import { open } from "yauzl";
import { quote } from "../base/text.ts";
import { feedProblem } from "./problem.ts";

interface ZipEntry {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The files in a zip archive, by its directory: an archive whose end is missing has none. Nothing is written to the disk, so no
 * name can lead out of it.
 * @throws FeedProblem for a broken archive
 */
export async function* zipEntries(path: string): AsyncGenerator<ZipEntry> {
  const archive = await opened(path);
  try {
    for (let entry = await nextEntry(archive); entry; entry = await nextEntry(archive)) {
      if (!entry.fileName.endsWith("/")) yield { name: entry.fileName, chunks: contents(archive, entry) };
    }
  } finally {
    archive.close();
  }
}

function opened(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, archive) => {
      if (error) reject(broken(error));
      else resolve(archive);
    });
  });
}

function nextEntry(archive: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      archive.removeAllListeners();
      act();
    };
    archive.once("entry", (entry: Entry) => {
      settle(() => {
        resolve(entry);
      });
    });
    archive.once("end", () => {
      settle(() => {
        resolve(undefined);
      });
    });
    archive.once("error", (error: Error) => {
      settle(() => {
        reject(broken(error));
      });
    });
    archive.readEntry();
  });
}

async function* contents(archive: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      archive.openReadStream(entry, (error, opening) => {
        if (error) reject(error);
        else resolve(opening);
      });
    });
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw broken(error, entry.fileName);
  }
}

function broken(error: unknown, entry?: string): Error {
  const where = entry === undefined ? "" : ` at ${quote(entry)}`;
  return feedProblem(
    `expected a whole zip archive${where}, found ${quote(error instanceof Error ? error.message : error)}`,
  );
}
