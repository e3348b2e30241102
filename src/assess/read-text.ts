import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import type { SourceText } from "../base/location.ts";
import { sourceText } from "../base/location.ts";
import type { Problem } from "../base/problems.ts";

/** Larger inputs are refused: a configuration of this size is a mistake or an attack. */
export const maxInputBytes = 64 * 1024 * 1024;

/** Reads a file as UTF-8 text. Devices, pipes and folders are refused: reading them could block for ever. */
export function readText(path: string, name = path): { source: SourceText } | { problem: Problem } {
  let descriptor: number | undefined;
  try {
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    descriptor = openSync(path, 0o4000);
    const stat = fstatSync(descriptor);
    if (!stat.isFile())
      return {
        problem: {
          code: "unreadable",
          message: `expected a regular file, found ${stat.isDirectory() ? "a folder" : "a special file"}`,
          file: name,
        },
      };
    if (stat.size > maxInputBytes) {
      return {
        problem: {
          code: "too-large",
          message: `expected at most 64 MiB, found ${String(Math.ceil(stat.size / 1024 / 1024))} MiB`,
          file: name,
        },
      };
    }
    return textOf(readFileSync(descriptor), name);
  } catch (error) {
    return {
      problem: {
        code: "unreadable",
        message: `expected a readable file, found ${reasonOf(error)}`,
        file: name,
      },
    };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Decodes bytes that claim to be text. */
export function textOf(bytes: Uint8Array, name: string): { source: SourceText } | { problem: Problem } {
  if (bytes.length > maxInputBytes)
    return { problem: { code: "too-large", message: "expected at most 64 MiB", file: name } };
  if (bytes.subarray(0, 8192).includes(0))
    return { problem: { code: "not-text", message: "expected text, found a NUL byte", file: name } };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return { source: sourceText(name, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
  const words: Record<string, string> = {
    ENOENT: "no such file",
    EACCES: "no permission to read it",
    EISDIR: "a folder",
    ELOOP: "a loop of links",
    ENAMETOOLONG: "a name that is too long",
  };
  return words[code] ?? code;
}
