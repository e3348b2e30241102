import { stopwatch } from "../base/elapsed.ts";

/** Nothing is drawn before this, and then at most ten times a second. */
const quietMs = 500;
const intervalMs = 100;

/** What a progress line needs of standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly write: (text: string) => unknown;
}

export interface Progress {
  readonly update: (done: number, total: number | undefined, short: number) => void;
  /** Takes the line away; nothing may be drawn after it. */
  readonly clear: () => void;
}

export const noProgress: Progress = { update: () => undefined, clear: () => undefined };

/** One line that is redrawn: `scanned 1,200 of 5,000 files  38 fall short`. Nothing where the stream is no terminal. */
export function progressOn(stream: ProgressStream, now: () => number = stopwatch()): Progress {
  if (stream.isTTY !== true) return noProgress;
  const started = now();
  let drawn = 0;
  return {
    update(done, total, short) {
      const at = now();
      if (at - started < quietMs || at - drawn < intervalMs) return;
      drawn = at;
      stream.write(
        `\r\u001b[K${progressLine(done, total, short).slice(0, Math.max(1, (stream.columns ?? 80) - 1))}`,
      );
    },
    clear() {
      if (drawn > 0) stream.write("\r\u001b[K");
      drawn = 0;
    },
  };
}

export function progressLine(done: number, total: number | undefined, short: number): string {
  const of = total === undefined ? "" : ` of ${digits(total)}`;
  return `scanned ${digits(done)}${of} ${total === 1 ? "file" : "files"}${short === 0 ? "" : `  ${digits(short)} fall${short === 1 ? "s" : ""} short`}`;
}

function digits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
