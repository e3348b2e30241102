import { quote } from "../base/text.ts";
import { feedProblem } from "./problem.ts";

/** One JSON value of a stream, and where it stands: the keys of the objects around it, its first byte. */
export interface Piece {
  readonly keys: readonly string[];
  readonly value: unknown;
  readonly offset: number;
}

const mebibyte = 1024 * 1024;
const longestKey = 4096;
/** Feeds need a dozen. */
const deepest = 1000;
const [quotes, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

type Expected = "value" | "a key or }" | "a key" | ":" | ", or }" | "the end";

/** What stands between keys and values: after what, which byte, what comes next. */
const steps: readonly (readonly [Expected, number, Expected])[] = [
  ["value", openBrace, "a key or }"],
  [":", colon, "value"],
  [", or }", comma, "a key"],
];

/**
 * Reads JSON in pieces, so that memory is bounded by the largest piece and not by the document. `level` 0: the values that stand
 * one after the other in the stream (one document, or one a line). `level` 2: the values in the objects of one object. All of
 * it is checked: what lies around the pieces here, each piece by JSON.parse.
 *
 * @throws FeedProblem at the first byte that is no JSON, at a piece of more than `limit` bytes, and at an early end
 */
export async function* jsonPieces(
  chunks: AsyncIterable<Uint8Array>,
  level: number,
  limit = 64 * mebibyte,
): AsyncGenerator<Piece> {
  const splitter = new Splitter(level, limit);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.end();
}

/** A class, for it lives as long as the stream and every byte moves it on. */
class Splitter {
  readonly #level: number;
  readonly #limit: number;
  /** Bytes before the chunk at hand. */
  #before = 0;
  #expected: Expected = "value";
  #keys: string[] = [];
  /** The key or value under way. */
  #text: Text | undefined;

  constructor(level: number, limit: number) {
    this.#level = level;
    this.#limit = limit;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    let at = this.#before === 0 ? afterMark(chunk) : 0;
    while (at < chunk.length) {
      if (this.#text) {
        at = this.#text.read(chunk, at);
        if (this.#text.size > this.#text.limit) throw this.#tooLong(this.#text);
        if (this.#text.depth > deepest) throw this.#tooDeep(this.#text);
        if (this.#text.isDone) yield* this.#take(this.#text);
      } else {
        at = this.#structure(chunk, at);
      }
    }
    this.#before += chunk.length;
  }

  *end(): Generator<Piece> {
    if (this.#text?.isBare === true) yield* this.#take(this.#text);
    const isWhole =
      !this.#text && this.#keys.length === 0 && (this.#level === 0 || this.#expected === "the end");
    if (!isWhole)
      throw feedProblem(`expected more JSON${this.#where()}, found the end at byte ${String(this.#before)}`);
  }

  /** One byte outside of keys and values. */
  #structure(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (isSpace(byte)) return at + 1;
    const expected = this.#expected;
    if (expected === "value" && this.#keys.length === this.#level) return this.#start(at, this.#limit);
    if (byte === quotes && expected.startsWith("a key")) return this.#start(at, longestKey);
    if (byte === closeBrace && expected.endsWith("or }")) return this.#leave(at);
    const next = steps.find(([from, seen]) => from === expected && seen === byte)?.[2];
    if (next === undefined) throw this.#unexpected(byte, at);
    if (byte === openBrace) this.#keys.push("");
    this.#expected = next;
    return at + 1;
  }

  #start(at: number, limit: number): number {
    this.#text = new Text(this.#before + at, limit);
    return at;
  }

  #leave(at: number): number {
    this.#keys.pop();
    this.#finish();
    return at + 1;
  }

  *#take(text: Text): Generator<Piece> {
    this.#text = undefined;
    const value = parse(text, this.#where());
    if (this.#expected !== "value") {
      this.#keys[this.#keys.length - 1] = String(value);
      this.#expected = ":";
      return;
    }
    const piece = { keys: [...this.#keys], value, offset: text.offset };
    this.#finish();
    yield piece;
  }

  /** A value is over, and with it its key. */
  #finish(): void {
    if (this.#keys.length > 0) {
      this.#keys[this.#keys.length - 1] = "";
      this.#expected = ", or }";
    } else this.#expected = this.#level === 0 ? "value" : "the end";
  }

  #where(): string {
    const keys = this.#keys.filter((key) => key !== "");
    return keys.length === 0 ? "" : ` in ${keys.map((key) => quote(key)).join(" → ")}`;
  }

  #unexpected(byte: number, at: number): Error {
    const wanted = this.#expected === "value" ? "an object" : this.#expected;
    const found = JSON.stringify(String.fromCharCode(byte));
    return feedProblem(
      `expected ${wanted}${this.#where()}, found ${found} at byte ${String(this.#before + at)}`,
    );
  }

  #tooDeep({ offset }: Text): Error {
    return feedProblem(
      `expected at most ${String(deepest)} values within each other${this.#where()}, found more from byte ${String(offset)} on`,
    );
  }

  #tooLong({ offset, limit }: Text): Error {
    return feedProblem(
      `expected a value of at most ${String(limit)} bytes${this.#where()}, found a longer one at byte ${String(offset)}`,
    );
  }
}

/** A value as its bytes come in, over any number of chunks: only its end is looked for. */
class Text {
  readonly offset: number;
  readonly limit: number;
  size = 0;
  isDone = false;
  /** A number, true, false or null: it ends where something else begins. */
  isBare = false;
  #parts: Uint8Array[] = [];
  /** The closing brackets that are still to come. */
  #open: number[] = [];
  #inString = false;
  #escaped = false;

  constructor(offset: number, limit: number) {
    this.offset = offset;
    this.limit = limit;
  }

  /** Takes what belongs to the value, and answers where that ends. */
  read(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && !this.isDone && this.depth <= deepest) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) this.#string(byte);
      else if (!this.#isOver(byte)) this.#outside(byte);
      else break;
      at++;
    }
    // A view would keep the whole chunk alive: copied, as most chunks hold many values.
    this.#parts.push(chunk.slice(from, at));
    this.size += at - from;
    return at;
  }

  get depth(): number {
    return this.#open.length;
  }

  toString(): string {
    return Buffer.concat(this.#parts).toString("utf8");
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quotes) {
      this.#inString = false;
      this.isDone = this.depth === 0;
    }
  }

  #outside(byte: number): void {
    if (byte === quotes) this.#inString = true;
    else if (byte === openBrace) this.#open.push(closeBrace);
    else if (byte === openBracket) this.#open.push(closeBracket);
    else if (byte === closeBrace || byte === closeBracket) {
      // One that closes something else: over too, and JSON.parse says what is wrong.
      const isOwn = this.#open.pop() === byte;
      this.isDone = !isOwn || this.depth === 0;
    } else if (this.depth === 0) this.isBare = true;
  }

  /** A bare value has no last byte of its own. */
  #isOver(byte: number): boolean {
    if (!this.isBare) return false;
    this.isDone = isSpace(byte) || byte === comma || byte === closeBrace || byte === closeBracket;
    return this.isDone;
  }
}

function parse(text: Text, where: string): unknown {
  try {
    return JSON.parse(text.toString());
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 100) : String(error);
    throw feedProblem(`expected JSON${where} from byte ${String(text.offset)} on, found ${quote(reason)}`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The length of a byte order mark at the beginning. */
function afterMark(chunk: Uint8Array): number {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
}
