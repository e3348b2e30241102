/**
 * Classic BPF as seccomp takes it: what a raw filter holds, and whether the kernel would have loaded it.
 *
 * @see linux/filter.h (struct sock_filter); kernel/seccomp.c seccomp_check_filter; net/core/filter.c bpf_check_classic
 */
export interface Instruction {
  readonly code: number;
  /** Instructions to pass over when a comparison holds, and when it does not. */
  readonly jt: number;
  readonly jf: number;
  /** The operand, unsigned. */
  readonly k: number;
}

/** The most that the kernel loads (BPF_MAXINSNS). */
export const mostInstructions = 4096;
/** Scratch words (BPF_MEMWORDS). */
export const memoryWords = 16;
/** The size of struct seccomp_data. */
export const dataSize = 64;

export const op = {
  loadWord: 0x20, // BPF_LD | BPF_W | BPF_ABS
  loadLength: 0x80, // BPF_LD | BPF_W | BPF_LEN
  loadImmediate: 0x00,
  loadMemory: 0x60,
  loadXImmediate: 0x01,
  loadXLength: 0x81,
  loadXMemory: 0x61,
  store: 0x02,
  storeX: 0x03,
  jump: 0x05,
  returnK: 0x06,
  returnA: 0x16,
  tax: 0x07,
  txa: 0x87,
} as const;

/** Comparisons (BPF_JMP), by their code with a constant; with register X the code is 8 higher. */
export const jumps: Readonly<Record<number, "eq" | "gt" | "ge" | "set">> = {
  0x15: "eq",
  0x25: "gt",
  0x35: "ge",
  0x45: "set",
};

/** Arithmetic (BPF_ALU), by its code with a constant; with register X the code is 8 higher. MOD and XOR seccomp refuses. */
export const arithmetic: Readonly<
  Record<number, "add" | "sub" | "mul" | "div" | "or" | "and" | "lsh" | "rsh">
> = {
  0x04: "add",
  0x14: "sub",
  0x24: "mul",
  0x34: "div",
  0x44: "or",
  0x54: "and",
  0x64: "lsh",
  0x74: "rsh",
};
export const negate = 0x84;

/** Register X in place of the constant (BPF_X). */
export const fromX = 0x08;

const plain: ReadonlySet<number> = new Set([...Object.values(op), negate]);

/**
 * A raw filter, eight bytes an instruction, little-endian, as PTRACE_SECCOMP_GET_FILTER gives it.
 * @returns the instructions, or why the kernel would not have loaded them
 */
export function decode(bytes: Uint8Array): readonly Instruction[] | { readonly problem: string } {
  if (bytes.length === 0 || bytes.length % 8 !== 0)
    return { problem: `expected a multiple of 8 bytes, found ${String(bytes.length)}` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const program = Array.from({ length: bytes.length / 8 }, (_, i) => ({
    code: view.getUint16(i * 8, true),
    jt: view.getUint8(i * 8 + 2),
    jf: view.getUint8(i * 8 + 3),
    k: view.getUint32(i * 8 + 4, true),
  }));
  const problem = check(program);
  return problem === undefined ? program : { problem };
}

/** Why the kernel would refuse a program; undefined when it would load it. */
export function check(program: readonly Instruction[]): string | undefined {
  if (program.length === 0 || program.length > mostInstructions)
    return `expected 1 to ${String(mostInstructions)} instructions, found ${String(program.length)}`;
  for (const [at, instruction] of program.entries()) {
    const problem = checkOne(instruction, at, program.length);
    if (problem !== undefined) return `instruction ${String(at)}: ${problem}`;
  }
  const last = program.at(-1)?.code;
  return last === op.returnK || last === op.returnA ? undefined : "expected a return at the end";
}

function checkOne(instruction: Instruction, at: number, length: number): string | undefined {
  const { code, k } = instruction;
  if (jumpOf(code)) return checkJump(instruction, at, length);
  if (arithmeticOf(code)) return checkArithmetic(instruction);
  if (!plain.has(code)) return `expected a code that seccomp accepts, found 0x${code.toString(16)}`;
  if (code === op.loadWord && (k % 4 !== 0 || k >= dataSize))
    return `expected an aligned offset below ${String(dataSize)}, found ${String(k)}`;
  if (code === op.jump && at + 1 + k >= length) return "expected a jump within the program";
  const usesMemory = [op.loadMemory, op.loadXMemory, op.store, op.storeX].some((other) => other === code);
  return usesMemory && k >= memoryWords
    ? `expected a memory word below ${String(memoryWords)}, found ${String(k)}`
    : undefined;
}

function checkJump({ jt, jf }: Instruction, at: number, length: number): string | undefined {
  return at + 1 + Math.max(jt, jf) < length ? undefined : "expected a jump within the program";
}

function checkArithmetic({ code, k }: Instruction): string | undefined {
  const name = arithmetic[code];
  if (name === "div" && k === 0) return "expected a divisor other than 0";
  return (name === "lsh" || name === "rsh") && k >= 32
    ? `expected a shift below 32, found ${String(k)}`
    : undefined;
}

/** The comparison of a jump, and whether it is with register X. */
export function jumpOf(
  code: number,
): { readonly test: "eq" | "gt" | "ge" | "set"; readonly x: boolean } | undefined {
  const test = jumps[code] ?? jumps[code - fromX];
  return test && { test, x: jumps[code] === undefined };
}

/** The operation of an arithmetic instruction, and whether it is with register X. */
export function arithmeticOf(
  code: number,
): { readonly name: (typeof arithmetic)[number]; readonly x: boolean } | undefined {
  const name = arithmetic[code] ?? arithmetic[code - fromX];
  return name && { name, x: arithmetic[code] === undefined };
}
