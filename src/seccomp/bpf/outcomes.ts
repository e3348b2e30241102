import type { Instruction } from "./decode.ts";
import { arithmeticOf, dataSize, jumpOf, negate, op } from "./decode.ts";
import type { Comparison } from "./feasible.ts";
import { wordThat } from "./feasible.ts";
import { compute, holds } from "./interpret.ts";

/** What is known of the 16 words of struct seccomp_data; a word left out may be anything. */
export type KnownWords = ReadonlyMap<number, number>;

/** What a filter can return over everything that is left open. */
export interface Outcomes {
  /** Every SECCOMP_RET_* value that some choice of the open words leads to, with such a choice. */
  readonly returns: ReadonlyMap<number, KnownWords>;
  /** False where the program computes with open words in a way that is not followed: a listed value may then be out of reach. */
  readonly exact: boolean;
}

/** A register or memory word: a number, an open word behind a mask, or something that is not followed. */
type Value =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "word"; readonly word: number; readonly mask: number }
  | { readonly kind: "other" };

interface Path {
  readonly at: number;
  readonly a: Value;
  readonly x: Value;
  readonly memory: ReadonlyMap<number, Value>;
  /** What was learnt of the open words on the way. */
  readonly learnt: ReadonlyMap<number, readonly Comparison[]>;
}

const number = (value: number): Value => ({ kind: "number", value });
const zero = number(0);
const other: Value = { kind: "other" };

/** Ways through one program that are followed at most; the filters of engines have some dozens for one call. */
const mostPaths = 100_000;

/**
 * Every result of a filter for one system call, over all values of the words that are not known. Jumps only go forward, so every way ends;
 * a way is followed only while some value of the open words leads along it.
 */
export function outcomes(program: readonly Instruction[], known: KnownWords): Outcomes {
  const returns = new Map<number, KnownWords>();
  let exact = true;
  const stack: Path[] = [{ at: 0, a: zero, x: zero, memory: new Map(), learnt: new Map() }];
  for (let steps = 0, path = stack.pop(); path; path = stack.pop()) {
    if (++steps > mostPaths) return { returns, exact: false };
    const end = follow(program, path, known);
    if (end.kind === "fork") {
      if (!end.exact) exact = false;
      stack.push(...end.paths);
    } else if (end.value === undefined) exact = false;
    else if (!returns.has(end.value)) returns.set(end.value, witness(known, path.learnt));
  }
  return { returns, exact };
}

/** Values for the open words under which the way is taken. */
function witness(known: KnownWords, learnt: Path["learnt"]): KnownWords {
  return new Map([...known, ...[...learnt].map(([word, list]) => [word, wordThat(list) ?? 0] as const)]);
}

type End =
  | { readonly kind: "return"; readonly value: number | undefined }
  | { readonly kind: "fork"; readonly paths: readonly Path[]; readonly exact: boolean };

/** Runs on until the program returns, or a comparison can come out either way. */
function follow(program: readonly Instruction[], from: Path, known: KnownWords): End {
  let path = from;
  for (;;) {
    const instruction = program[path.at];
    if (!instruction) return { kind: "return", value: undefined };
    const { code, k } = instruction;
    if (code === op.returnK) return { kind: "return", value: k };
    if (code === op.returnA)
      return { kind: "return", value: path.a.kind === "number" ? path.a.value : undefined };
    const jump = jumpOf(code);
    if (!jump) {
      const next = advance(instruction, path, known);
      if (!next) return { kind: "return", value: 0 };
      path = next;
      continue;
    }
    const right = jump.x ? path.x : number(k);
    if (path.a.kind === "number" && right.kind === "number") {
      path = {
        ...path,
        at: path.at + 1 + (holds(jump.test, path.a.value, right.value) ? instruction.jt : instruction.jf),
      };
      continue;
    }
    return fork(path, instruction, jump.test, right);
  }
}

function fork(path: Path, { jt, jf }: Instruction, test: Comparison["test"], right: Value): End {
  const { a } = path;
  const to = (taken: boolean, learnt: Path["learnt"]): Path => ({
    ...path,
    at: path.at + 1 + (taken ? jt : jf),
    learnt,
  });
  if (a.kind !== "word" || right.kind !== "number")
    return { kind: "fork", paths: [to(true, path.learnt), to(false, path.learnt)], exact: false };
  const before = path.learnt.get(a.word) ?? [];
  const paths = [true, false].flatMap((taken) => {
    const now = [...before, { test, mask: a.mask, k: right.value, holds: taken }];
    return wordThat(now) === undefined ? [] : [to(taken, new Map([...path.learnt, [a.word, now]]))];
  });
  return { kind: "fork", paths, exact: true };
}

/** One instruction that is neither a jump on a condition nor a return; undefined for a division by zero, which returns 0. */
function advance({ code, k }: Instruction, path: Path, known: KnownWords): Path | undefined {
  const at = path.at + 1;
  const sum = arithmeticOf(code);
  if (sum) {
    const right = sum.x ? path.x : number(k);
    if (sum.name === "div" && right.kind === "number" && right.value === 0) return undefined;
    return { ...path, at, a: combine(sum.name, path.a, right) };
  }
  if (code === op.jump) return { ...path, at: at + k };
  if (code === op.store) return { ...path, at, memory: new Map([...path.memory, [k, path.a]]) };
  if (code === op.storeX) return { ...path, at, memory: new Map([...path.memory, [k, path.x]]) };
  const x = forX(code, k, path);
  if (x) return { ...path, at, x };
  return { ...path, at, a: code === op.txa ? path.x : loaded(code, k, path, known) };
}

/** What an instruction puts in register X; undefined for one that does not. */
function forX(code: number, k: number, { a, memory }: Path): Value | undefined {
  if (code === op.tax) return a;
  if (code === op.loadXImmediate) return number(k);
  if (code === op.loadXLength) return number(dataSize);
  return code === op.loadXMemory ? (memory.get(k) ?? zero) : undefined;
}

function loaded(code: number, k: number, { a, memory }: Path, known: KnownWords): Value {
  if (code === op.loadWord) {
    const word = k / 4;
    const value = known.get(word);
    return value === undefined ? { kind: "word", word, mask: 0xffff_ffff } : number(value);
  }
  if (code === op.loadMemory) return memory.get(k) ?? zero;
  if (code === op.loadImmediate) return number(k);
  if (code === op.loadLength) return number(dataSize);
  if (code === negate) return a.kind === "number" ? number(-a.value >>> 0) : other;
  return other;
}

function combine(name: Parameters<typeof compute>[0], a: Value, right: Value): Value {
  if (right.kind !== "number") return other;
  if (a.kind === "number") return number(compute(name, a.value, right.value));
  if (a.kind === "word" && name === "and") return { ...a, mask: (a.mask & right.value) >>> 0 };
  return other;
}
