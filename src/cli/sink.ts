import { closeSync, openSync, writeSync } from "node:fs";
import { usageProblem } from "../assess/request.ts";
import { quote } from "../base/text.ts";
import { writeOut } from "./standard-output.ts";

/** Where a report goes. `end` is called once, after the last `write`. */
export interface Sink {
  readonly write: (text: string) => void;
  readonly end: () => void;
}

/** Small records are gathered: a system call for each would cost more than the record. */
const chunkLength = 64 * 1024;

/** Standard output, or a file that is created when the first record is written. */
export function openSink(file: string | undefined): Sink {
  return file === undefined ? gather(writeOut) : fileSink(file);
}

function gather(write: (text: string) => void, end: () => void = () => undefined): Sink {
  let chunk = "";
  return {
    write(text) {
      chunk += text;
      if (chunk.length < chunkLength) return;
      write(chunk);
      chunk = "";
    },
    end() {
      write(chunk);
      end();
    },
  };
}

function fileSink(file: string): Sink {
  let descriptor: number | undefined;
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      throw usageProblem(
        `expected \`--output\` to be a file that can be written, found ${quote(file)} (${code})`,
      );
    }
  };
  return gather(
    (text) => {
      attempt(() => {
        descriptor ??= openSync(file, "w");
        const bytes = Buffer.from(text);
        for (let offset = 0; offset < bytes.length;) offset += writeSync(descriptor, bytes, offset);
      });
    },
    () => {
      attempt(() => {
        if (descriptor !== undefined) closeSync(descriptor);
      });
    },
  );
}
