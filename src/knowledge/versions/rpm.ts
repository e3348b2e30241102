import { compareDigits, compareText } from "./order.ts";

/**
 * Order of RPM package versions, `[epoch:]version[-release]`, as rpm compares them. An absent epoch is 0, an absent
 * release comes before every release.
 * @see rpm-version(7); the segments of rpmvercmp, with `~` before and `^` after the end
 */
export function compareRpm(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return (
    left.epoch - right.epoch ||
    compareSegments(left.version, right.version) ||
    compareSegments(left.release, right.release)
  );
}

/** Whether a text can be an RPM version. */
export function isRpm(version: string): boolean {
  return /^(\d+:)?[A-Za-z0-9][\w.+~^]*(-[\w.+~^]+)?$/.test(version);
}

function split(text: string): { readonly epoch: number; readonly version: string; readonly release: string } {
  const [, epoch = "0", rest = text] = /^(\d+):(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf("-");
  return {
    epoch: Number(epoch),
    version: dash === -1 ? rest : rest.slice(0, dash),
    release: dash === -1 ? "" : rest.slice(dash + 1),
  };
}

/** Runs of digits and runs of letters, in turn; what separates them does not count, but for `~` and `^`. */
function compareSegments(a: string, b: string): number {
  let left = unseparated(a);
  let right = unseparated(b);
  while (left !== "" || right !== "") {
    const marked = compareMarks(left, right);
    if (marked === "same") {
      left = unseparated(left.slice(1));
      right = unseparated(right.slice(1));
      continue;
    }
    if (marked !== undefined) return marked;
    // One of them has come to its end: the longer one is newer.
    if (left === "" || right === "") return left.length - right.length;
    const [leftSegment, rightSegment] = [segment(left), segment(right)];
    const order = compareSegment(leftSegment, rightSegment);
    if (order !== 0) return order;
    left = unseparated(left.slice(leftSegment.length));
    right = unseparated(right.slice(rightSegment.length));
  }
  return 0;
}

/** `~` comes before everything, the end included; `^` after the end, but before whatever else goes on. */
function compareMarks(left: string, right: string): number | "same" | undefined {
  for (const mark of ["~", "^"] as const) {
    const [inLeft, inRight] = [left.startsWith(mark), right.startsWith(mark)];
    if (inLeft && inRight) return "same";
    if (!inLeft && !inRight) continue;
    const other = inLeft ? right : left;
    const marked = mark === "^" && other === "" ? 1 : -1;
    return inLeft ? marked : -marked;
  }
  return undefined;
}

function unseparated(text: string): string {
  return text.replace(/^[^A-Za-z0-9~^]+/, "");
}

function segment(text: string): string {
  return /^(\d+|[A-Za-z]+)/.exec(text)?.[0] ?? "";
}

/** Numbers of any length come after letters. */
function compareSegment(a: string, b: string): number {
  const [aNumber, bNumber] = [/^\d/.test(a), /^\d/.test(b)];
  if (aNumber !== bNumber) return aNumber ? 1 : -1;
  return aNumber ? compareDigits(a, b) : compareText(a, b);
}
