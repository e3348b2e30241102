import type { Position, SourceText } from "../../base/location.ts";

/**
 * A part of an argument that remembers where each of its characters was written. Quoting, continuation lines and
 * variables make the value differ from the text, and a problem deep inside `--mount` still has its column.
 */
export interface Piece {
  readonly value: string;
  readonly source: SourceText;
  /** The offset of each character of `value`, and one more for its end. */
  readonly offsets: readonly number[];
  readonly holes: readonly Hole[];
}

/** A variable or command substitution that the text does not resolve: `value` holds a placeholder for it. */
export interface Hole {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Where the character at `index` of the value was written. */
export function positionIn(piece: Piece, index = 0): Position {
  return { source: piece.source, offset: piece.offsets[Math.min(index, piece.value.length)] ?? 0 };
}

/** A value that stands at one place as a whole, such as a JSON string. */
export function pieceAt(value: string, at: Position): Piece {
  return {
    value,
    source: at.source,
    offsets: Array.from({ length: value.length + 1 }, () => at.offset),
    holes: [],
  };
}

/** The part of a piece from `start` to `end`. */
export function slicePiece(piece: Piece, start: number, end = piece.value.length): Piece {
  return {
    value: piece.value.slice(start, end),
    source: piece.source,
    offsets: piece.offsets.slice(start, end + 1),
    holes: piece.holes
      .filter((hole) => hole.end > start && hole.start < end)
      .map((hole) => ({ ...hole, start: hole.start - start, end: hole.end - start })),
  };
}

/** Splits at every separator, at most into `limit` parts (the last one keeps the rest), as Go's strings.SplitN does. */
export function splitPiece(piece: Piece, separator: string, limit = Infinity): readonly Piece[] {
  const parts: Piece[] = [];
  let start = 0;
  while (parts.length + 1 < limit) {
    const end = piece.value.indexOf(separator, start);
    if (end === -1) break;
    parts.push(slicePiece(piece, start, end));
    start = end + separator.length;
  }
  parts.push(slicePiece(piece, start));
  return parts;
}

/** What stands before and after the first separator; `rest` is undefined where there is none (Go's strings.Cut). */
export function cutPiece(piece: Piece, separator: string): { key: Piece; rest: Piece | undefined } {
  const [key = piece, rest] = splitPiece(piece, separator, 2);
  return { key, rest };
}

/**
 * The fields of one line of comma-separated values with RFC 4180 quoting, as Go's encoding/csv reads `--mount`,
 * `--network` and pflag's string slices. A stray quote is kept as it is.
 */
export function csvPieces(piece: Piece): readonly Piece[] {
  const { value } = piece;
  if (!value.includes('"')) return splitPiece(piece, ",");
  const fields: Piece[] = [];
  let start = 0;
  while (start <= value.length) {
    const end = value[start] === '"' ? quotedEnd(value, start) : -1;
    if (end !== -1) {
      fields.push(unquoteCsv(slicePiece(piece, start + 1, end)));
      start = end + 2;
      continue;
    }
    const comma = value.indexOf(",", start);
    fields.push(slicePiece(piece, start, comma === -1 ? value.length : comma));
    if (comma === -1) break;
    start = comma + 1;
  }
  return fields;
}

/** The index of the quote that closes a field, where a comma or the end follows; else -1. */
function quotedEnd(value: string, start: number): number {
  for (let i = start + 1; i < value.length; i++) {
    if (value[i] !== '"') continue;
    if (value[i + 1] === '"') i++;
    else return i + 1 === value.length || value[i + 1] === "," ? i : -1;
  }
  return -1;
}

function unquoteCsv(piece: Piece): Piece {
  if (!piece.value.includes('""')) return piece;
  const kept: number[] = [];
  for (let i = 0; i < piece.value.length; i++) {
    kept.push(i);
    if (piece.value[i] === '"' && piece.value[i + 1] === '"') i++;
  }
  const offsets = [...kept, piece.value.length].map((i) => piece.offsets[i] ?? 0);
  return { ...piece, value: kept.map((i) => piece.value[i] ?? "").join(""), offsets };
}
