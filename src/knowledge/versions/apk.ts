import { compareDigits, compareText } from "./order.ts";

/**
 * Order of Alpine's package versions, `1.2.3a_rc4_p5~c0ffee-r6`, as apk compares them.
 * @see apk-package(5) and src/version.c of apk-tools
 */
interface Token {
  /** The order counts: of two versions that differ in kind, the one with the later kind has ended earlier and is older. */
  readonly kind: number;
  readonly text: string;
}

const kinds = { first: 0, digits: 1, letter: 2, suffix: 3, suffixNumber: 4, commit: 5, revision: 6, end: 7 };
const suffixes = ["alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"];
const none = suffixes.indexOf("");
const shape = /^\d+(\.\d+)*[a-z]?(_(alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(~[0-9a-f]+)?(-r\d+)?$/;
const end: Token = { kind: kinds.end, text: "" };

/** Whether a text is a version of Alpine's. */
export function isApk(version: string): boolean {
  return shape.test(version);
}

/** Negative, zero or positive as `a` is older than, the same as or newer than `b`. Preconditions: `isApk` of both. */
export function compareApk(a: string, b: string): number {
  const left = tokens(a);
  const right = tokens(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareToken(left[i] ?? end, right[i] ?? end);
    if (order !== 0) return order;
  }
  return 0;
}

function tokens(version: string): readonly Token[] {
  const parts = version.matchAll(/^\d+|\.(\d+)|_([a-z]+)|(?<=_[a-z]+)\d+|[a-z]|~([0-9a-f]+)|-r(\d+)/g);
  return [...parts].map(([whole, digits, suffix, commit, revision], index) => {
    if (index === 0) return { kind: kinds.first, text: whole };
    if (digits !== undefined) return { kind: kinds.digits, text: digits };
    if (suffix !== undefined) return { kind: kinds.suffix, text: suffix };
    if (commit !== undefined) return { kind: kinds.commit, text: commit };
    if (revision !== undefined) return { kind: kinds.revision, text: revision };
    return { kind: /\d/.test(whole) ? kinds.suffixNumber : kinds.letter, text: whole };
  });
}

function compareToken(left: Token, right: Token): number {
  if (left.kind !== right.kind) {
    // A pre-release comes before whatever the other one has there, its end included.
    if (isPreRelease(left)) return -1;
    if (isPreRelease(right)) return 1;
    return right.kind - left.kind;
  }
  if (left.kind === kinds.suffix) return suffixes.indexOf(left.text) - suffixes.indexOf(right.text);
  const asText =
    left.kind === kinds.letter ||
    left.kind === kinds.commit ||
    // After the first number, one with a leading zero is compared as a fraction's digits are.
    (left.kind === kinds.digits && (left.text.startsWith("0") || right.text.startsWith("0")));
  return asText ? compareText(left.text, right.text) : compareDigits(left.text, right.text);
}

function isPreRelease({ kind, text }: Token): boolean {
  return kind === kinds.suffix && suffixes.indexOf(text) < none;
}
