import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { quote } from "../base/text.ts";
import { feedProblem } from "./problem.ts";

/** What is known of a download that stopped on its way. */
interface Partial {
  readonly url: string;
  /** The entity tag, or the date: which version of the file the bytes are of. */
  readonly validator: string;
}

interface Resumed extends Partial {
  readonly size: number;
}

/** No feed comes near; a server that never stops shall not fill the disk. */
const largest = 4 * 1024 ** 3;

/**
 * Downloads an address to `path` (`….part`), going on where an earlier download stopped if the server still has the same version.
 * What came in stays there when the connection breaks.
 * @throws FeedProblem when the address cannot be read to its end
 */
export async function download(url: string, path: string): Promise<void> {
  const resumed = resumable(url, path);
  const response = await request(url, resumed);
  const answer = answerOf(response, resumed);
  if (typeof answer === "number") {
    remember(url, path, response);
    await save(response, path, answer);
    return;
  }
  await response.body?.cancel();
  if (answer === "failed") throw feedProblem(`expected status 200, found ${String(response.status)}`);
  if (answer === "anew") await anew(url, path);
}

/** What an answer holds: the bytes from a place on, nothing as we have it all, or none of the version that we have. */
function answerOf(response: Response, resumed: Resumed | undefined): number | "whole" | "anew" | "failed" {
  if (response.status === 200) return 0;
  if (!resumed) return "failed";
  if (response.status === 206) return continues(response, resumed) ? resumed.size : "anew";
  if (response.status !== 416) return "failed";
  return response.headers.get("content-range") === `bytes */${String(resumed.size)}` ? "whole" : "anew";
}

function anew(url: string, path: string): Promise<void> {
  forget(path);
  return download(url, path);
}

/** Removes a partial download and what is known of it. */
export function forget(path: string): void {
  rmSync(path, { force: true });
  rmSync(noteOf(path), { force: true });
}

function noteOf(path: string): string {
  return `${path}.json`;
}

function resumable(url: string, path: string): Resumed | undefined {
  try {
    if (!existsSync(path)) return undefined;
    const note = JSON.parse(readFileSync(noteOf(path), "utf8")) as Partial;
    const { size } = statSync(path);
    return note.url === url && typeof note.validator === "string" && size > 0 ? { ...note, size } : undefined;
  } catch {
    return undefined;
  }
}

async function request(url: string, resumed: Resumed | undefined): Promise<Response> {
  // Ranges are of the bytes as they are sent: they shall be those of the file.
  const headers: Record<string, string> = { "accept-encoding": "identity", "user-agent": "holdfast" };
  if (resumed) {
    headers["range"] = `bytes=${String(resumed.size)}-`;
    headers["if-range"] = resumed.validator;
  }
  try {
    return await fetch(url, { headers });
  } catch (error) {
    throw feedProblem(`expected an answer, found ${quote(reasonOf(error))}`);
  }
}

/** Whether an answer goes on where we stopped, in the version that we have; servers are known to send a range of another one. */
function continues({ headers }: Response, { size, validator }: Resumed): boolean {
  const tag = headers.get("etag");
  const isSame = tag === null || !validator.startsWith('"') || tag === validator;
  return isSame && headers.get("content-range")?.startsWith(`bytes ${String(size)}-`) === true;
}

/** Only what names one version for certain is worth a note: a weak tag does not. */
function remember(url: string, path: string, { headers }: Response): void {
  const tag = headers.get("etag");
  const validator = tag?.startsWith('"') === true ? tag : headers.get("last-modified");
  const isPacked = headers.get("content-encoding") !== null;
  if (validator === null || isPacked) rmSync(noteOf(path), { force: true });
  else writeFileSync(noteOf(path), JSON.stringify({ url, validator } satisfies Partial), { mode: 0o600 });
}

async function save(response: Response, path: string, from: number): Promise<void> {
  const descriptor = openSync(path, from > 0 ? "a" : "w", 0o600);
  let size = from;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > largest) throw feedProblem(`expected at most ${String(largest)} bytes, found more`);
      for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
    }
    fsyncSync(descriptor);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "feed") throw error;
    throw feedProblem(
      `expected the rest of the file, found ${quote(reasonOf(error))} after ${String(size)} bytes: run it again to go on from there`,
    );
  } finally {
    closeSync(descriptor);
  }
  checkLength(response, size - from);
}

/** A proxy may end an answer early and in good order. */
function checkLength({ headers }: Response, received: number): void {
  const stated = headers.get("content-length");
  if (stated === null || headers.get("content-encoding") !== null || Number(stated) === received) return;
  throw feedProblem(`expected ${stated} bytes, found ${String(received)}: run it again to go on from there`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error instanceof Error ? error.message : String(error);
}
