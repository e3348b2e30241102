import { compareDigits } from "./order.ts";

/**
 * Order of Debian package versions, `[epoch:]upstream[-revision]`, as dpkg compares them.
 * @see Debian Policy, section 5.6.12; deb-version(7)
 */
export function compareDebian(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

/** Whether a text can be a Debian version: it starts with a digit, and has no character that a version cannot have. */
export function isDebian(version: string): boolean {
  return /^(\d+:)?\d[A-Za-z0-9.+~-]*$/.test(version);
}

function split(version: string): {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
} {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    // An absent revision is the same as 0.
    revision: dash === -1 ? "0" : rest.slice(dash + 1),
  };
}

/** Parts that are no digits and parts that are, in turn, until they differ. */
function compareParts(a: string, b: string): number {
  let left = a;
  let right = b;
  while (left !== "" || right !== "") {
    const [leftText, rightText] = [leading(left, /^\D*/), leading(right, /^\D*/)];
    const byText = compareCharacters(leftText, rightText);
    if (byText !== 0) return byText;
    left = left.slice(leftText.length);
    right = right.slice(rightText.length);
    const [leftDigits, rightDigits] = [leading(left, /^\d*/), leading(right, /^\d*/)];
    const byNumber = compareDigits(leftDigits, rightDigits);
    if (byNumber !== 0) return byNumber;
    left = left.slice(leftDigits.length);
    right = right.slice(rightDigits.length);
  }
  return 0;
}

function leading(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? "";
}

/** Letters come before other characters, and `~` before everything, the end of the part included. */
function compareCharacters(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = weight(a.charAt(i)) - weight(b.charAt(i));
    if (difference !== 0) return difference;
  }
  return 0;
}

function weight(character: string): number {
  if (character === "~") return -1;
  if (character === "") return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
