/** Where something stands in a source text. Lines and columns count from 1; columns count UTF-16 code units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A text together with the name it is reported under; line starts are computed once, when first asked for. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  lineStarts?: readonly number[];
}

/** An offset in a source text. Cheaper to keep than a Location: most facts are never printed. */
export interface Position {
  readonly source: SourceText;
  readonly offset: number;
}

/** Names a text for positions. */
export function sourceText(file: string, text: string): SourceText {
  return { file, text };
}

function lineStartsOf(source: SourceText): readonly number[] {
  if (source.lineStarts) return source.lineStarts;
  const starts = [0];
  for (let i = source.text.indexOf("\n"); i !== -1; i = source.text.indexOf("\n", i + 1)) starts.push(i + 1);
  source.lineStarts = starts;
  return starts;
}

/** Turns an offset into file, line and column; an offset past the end is clamped to the end of the text. */
export function locate(position: Position): Location {
  const { source } = position;
  const offset = Math.max(0, Math.min(position.offset, source.text.length));
  const starts = lineStartsOf(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
