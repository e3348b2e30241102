/** Colours by what they mean. A paint that is off returns the text as it is. */
export interface Paint {
  readonly open: (text: string) => string;
  readonly unknown: (text: string) => string;
  readonly held: (text: string) => string;
  readonly name: (text: string) => string;
  /** What a reader may skip: places, hints, the model. */
  readonly aside: (text: string) => string;
}

const plain = (text: string): string => text;
const ansi =
  (code: number, end: number) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${String(code)}m${text}\u001b[${String(end)}m`;

/** ECMA-48 colours of the basic set: they follow the reader's own palette. */
export function paint(color: boolean): Paint {
  if (!color) return { open: plain, unknown: plain, held: plain, name: plain, aside: plain };
  return {
    open: ansi(31, 39),
    unknown: ansi(33, 39),
    held: ansi(32, 39),
    name: ansi(1, 22),
    aside: ansi(2, 22),
  };
}
