import { spawnSync } from "node:child_process";
import { openSync, readSync, closeSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Fact } from "../../boundary/fact.ts";
import { observed, unknown } from "../../boundary/fact.ts";

/** What looking at an interface of the host gave: its text, or why there is none. */
export type Look = { readonly text: string; readonly from: string } | { readonly reason: string };

/** How a host is looked at. Tests look at a folder that is shaped like one. */
export interface Looker {
  readonly read: (path: string) => Look;
  readonly readBytes: (path: string) => Buffer | undefined;
  /** What a program of the host prints. It is run without a shell, for a second at most. */
  readonly run: (program: string, ...words: readonly string[]) => Look;
  readonly link: (path: string) => string | undefined;
}

/** More is no file of the kind that is asked for here. */
const mostBytes = 4 * 1024 * 1024;

/** The machine that this process runs on. `root` is another folder in tests only. */
export function lookAt(root = "/"): Looker {
  return {
    read(path) {
      const bytes = readBytes(join(root, path));
      return typeof bytes === "string"
        ? { reason: `${path}: ${bytes}` }
        : { text: bytes.toString("utf8"), from: path };
    },
    readBytes(path) {
      const bytes = readBytes(join(root, path));
      return typeof bytes === "string" ? undefined : bytes;
    },
    run: (program, ...words) => runProgram(program, words),
    link(path) {
      try {
        return readlinkSync(join(root, path));
      } catch {
        return undefined;
      }
    },
  };
}

/** Files of procfs have no size: they are read until they end. */
function readBytes(path: string): Buffer | string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const chunks: Buffer[] = [];
    for (let total = 0; total < mostBytes;) {
      const chunk = Buffer.alloc(64 * 1024);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
      total += length;
    }
    return `longer than ${String(mostBytes)} bytes`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function runProgram(program: string, words: readonly string[]): Look {
  const from = [program, ...words].join(" ");
  const { stdout, status, error } = spawnSync(program, words, {
    encoding: "utf8",
    timeout: 1000,
    maxBuffer: 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  });
  if (error) return { reason: `${from}: ${"code" in error ? String(error.code) : error.message}` };
  return status === 0 ? { text: stdout, from } : { reason: `${from}: exit status ${String(status)}` };
}

/** A fact from a look: `read` gives its value, or undefined where the text does not say. */
export function factFrom<T>(
  name: string,
  look: Look,
  read: (text: string) => T | undefined,
  candidates?: readonly T[],
): Fact<T> {
  if ("reason" in look) return unknown(name, look.reason, candidates);
  const value = read(look.text);
  return value === undefined
    ? unknown(name, `${look.from} does not say`, candidates)
    : observed(value, look.from);
}
