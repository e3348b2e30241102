import type { Instruction } from "./decode.ts";
import { arithmeticOf, dataSize, jumpOf, memoryWords, negate, op } from "./decode.ts";

/** What a filter is asked about: struct seccomp_data. `args` are 64 bits wide, unsigned. */
export interface SeccompData {
  /** AUDIT_ARCH_*. */
  readonly arch: number;
  readonly nr: number;
  readonly args: readonly bigint[];
  readonly instructionPointer?: bigint;
}

/** The 32-bit words of struct seccomp_data on a little-endian machine: nr, arch, instruction pointer, six arguments. */
export function wordsOf({ arch, nr, args, instructionPointer = 0n }: SeccompData): Uint32Array {
  const words = new Uint32Array(dataSize / 4);
  words[0] = nr;
  words[1] = arch;
  for (const [i, value] of [instructionPointer, ...args.slice(0, 6)].entries()) {
    words[2 + 2 * i] = Number(value & 0xffff_ffffn);
    words[3 + 2 * i] = Number((value >> 32n) & 0xffff_ffffn);
  }
  return words;
}

/**
 * Runs a filter on one system call, as the kernel does: 32-bit unsigned arithmetic, a division by zero returns 0.
 * Preconditions: the program passed `check`.
 * @returns the SECCOMP_RET_* value
 * @see net/core/filter.c, bpf_convert_filter; Documentation/userspace-api/seccomp_filter.rst
 */
export function interpret(program: readonly Instruction[], data: SeccompData): number {
  const machine: Machine = { a: 0, x: 0, words: wordsOf(data), memory: new Uint32Array(memoryWords) };
  for (let at = 0; ; at++) {
    const instruction = program[at];
    if (!instruction) throw new Error("a filter ended without a return");
    const { code, k, jt, jf } = instruction;
    if (code === op.returnK) return k;
    if (code === op.returnA) return machine.a;
    const jump = jumpOf(code);
    const sum = arithmeticOf(code);
    if (jump) at += holds(jump.test, machine.a, jump.x ? machine.x : k) ? jt : jf;
    else if (code === op.jump) at += k;
    else if (!sum) move(code, k, machine);
    else {
      const operand = sum.x ? machine.x : k;
      if (dividesByZero(sum.name, operand)) return 0;
      machine.a = compute(sum.name, machine.a, operand);
    }
  }
}

function dividesByZero(name: string, operand: number): boolean {
  return name === "div" && operand === 0;
}

interface Machine {
  a: number;
  x: number;
  readonly words: Uint32Array;
  readonly memory: Uint32Array;
}

/** Loads, stores, and moves between the registers. */
function move(code: number, k: number, machine: Machine): void {
  const { a, x, memory } = machine;
  if (code === op.store) memory[k] = a;
  else if (code === op.storeX) memory[k] = x;
  else if (code === op.tax || isLoadX(code)) machine.x = valueForX(code, k, machine);
  else machine.a = valueForA(code, k, machine);
}

function isLoadX(code: number): boolean {
  return code === op.loadXImmediate || code === op.loadXLength || code === op.loadXMemory;
}

function valueForX(code: number, k: number, { a, memory }: Machine): number {
  if (code === op.tax) return a;
  if (code === op.loadXImmediate) return k;
  return code === op.loadXLength ? dataSize : (memory[k] ?? 0);
}

function valueForA(code: number, k: number, { a, x, words, memory }: Machine): number {
  switch (code) {
    case op.loadWord:
      return words[k / 4] ?? 0;
    case op.loadLength:
      return dataSize;
    case op.loadImmediate:
      return k;
    case op.loadMemory:
      return memory[k] ?? 0;
    case op.txa:
      return x;
    case negate:
      return -a >>> 0;
    default:
      throw new Error(`an instruction that seccomp refuses: 0x${code.toString(16)}`);
  }
}

/** Whether a comparison holds, both sides unsigned. */
export function holds(test: "eq" | "gt" | "ge" | "set", a: number, b: number): boolean {
  switch (test) {
    case "eq":
      return a === b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "set":
      return (a & b) !== 0;
  }
}

/** One operation on 32 bits, unsigned. Preconditions: no division by zero. */
export function compute(
  name: "add" | "sub" | "mul" | "div" | "or" | "and" | "lsh" | "rsh",
  a: number,
  b: number,
): number {
  switch (name) {
    case "add":
      return (a + b) >>> 0;
    case "sub":
      return (a - b) >>> 0;
    case "mul":
      return Math.imul(a, b) >>> 0;
    case "div":
      return Math.floor(a / b);
    case "or":
      return (a | b) >>> 0;
    case "and":
      return (a & b) >>> 0;
    case "lsh":
      return b >= 32 ? 0 : (a << b) >>> 0;
    case "rsh":
      return b >= 32 ? 0 : a >>> b;
  }
}
