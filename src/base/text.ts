/**
 * Text that came from an input and goes to a terminal: names may hold escape sequences, line breaks or bidirectional
 * controls, which could rewrite what the reader sees.
 */
// The control, format and separator classes (Cc, Cf, Zl, Zp) cover C0, C1, zero-width and bidi controls.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Replaces every control, format and bidirectional character by a visible escape such as `\x1b` or `\u202e`. */
export function terminalSafe(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code === 10) return "\\n";
    if (code === 9) return "\\t";
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** Cuts a text to at most `length` characters, marking the cut with an ellipsis. */
export function cut(text: string, length: number): string {
  const characters = [...text.slice(0, length * 2 + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** A found value as it is shown in a message: JSON, at most 80 characters, terminal-safe. */
export function quote(value: unknown): string {
  const json = typeof value === "string" ? JSON.stringify(value.slice(0, 200)) : safeJson(value);
  return terminalSafe(cut(json, 80));
}

function safeJson(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

/** `1 edit`, `2 edits`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${String(count)} ${count === 1 ? noun : nouns}`;
}
