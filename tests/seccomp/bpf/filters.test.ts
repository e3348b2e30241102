import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Instruction } from "../../../src/seccomp/bpf/decode.ts";
import { check, decode, op } from "../../../src/seccomp/bpf/decode.ts";
import type { Comparison } from "../../../src/seccomp/bpf/feasible.ts";
import { wordThat } from "../../../src/seccomp/bpf/feasible.ts";
import { holds, interpret, wordsOf } from "../../../src/seccomp/bpf/interpret.ts";
import { outcomes } from "../../../src/seccomp/bpf/outcomes.ts";

const allow = 0x7fff0000;
const errno = 0x00050001;
const x86 = 0xc000003e;
const one = (code: number, k: number, jt = 0, jf = 0): Instruction => ({ code, jt, jf, k });
const ret = (k: number): Instruction => one(op.returnK, k);
const load = (word: number): Instruction => one(op.loadWord, word * 4);

/** clone (56) only without CLONE_NEWUSER, everything else but personality (135) with 0. */
const filter: readonly Instruction[] = [
  load(1),
  one(0x15, x86, 0, 9),
  load(0),
  one(0x15, 56, 0, 3),
  load(4),
  one(0x45, 0x10000000, 5, 0),
  ret(allow),
  one(0x15, 135, 0, 3),
  load(4),
  one(0x15, 0, 0, 1),
  ret(allow),
  ret(errno),
];

const bytesOf = (program: readonly Instruction[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(({ code, jt, jf, k }, i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, jt);
    view.setUint8(i * 8 + 3, jf);
    view.setUint32(i * 8 + 4, k, true);
  });
  return new Uint8Array(view.buffer);
};

describe("a raw filter", () => {
  test("is read as it was written", () => {
    expect(decode(bytesOf(filter))).toEqual(filter);
  });

  test.each<[string, readonly Instruction[], RegExp]>([
    ["nothing", [], /expected 1 to 4096 instructions/],
    ["no return at the end", [load(0)], /expected a return at the end/],
    [
      "a jump past the end",
      [one(0x15, 1, 5, 0), ret(0)],
      /instruction 0: expected a jump within the program/,
    ],
    ["an offset that is not aligned", [one(op.loadWord, 2), ret(0)], /expected an aligned offset below 64/],
    ["an offset past the data", [one(op.loadWord, 64), ret(0)], /expected an aligned offset below 64/],
    ["a byte load", [one(0x30, 0), ret(0)], /expected a code that seccomp accepts, found 0x30/],
    ["a division by zero", [one(0x34, 0), ret(0)], /expected a divisor other than 0/],
    ["a wide shift", [one(0x64, 32), ret(0)], /expected a shift below 32/],
    ["a memory word too far", [one(op.store, 16), ret(0)], /expected a memory word below 16/],
    ["too many instructions", Array.from({ length: 4097 }, () => ret(0)), /found 4097/],
  ])("with %s is refused as the kernel refuses it", (_, program, want) => {
    expect(check(program)).toMatch(want);
  });

  test("any bytes give instructions or a reason, never a fault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = decode(bytes);
        expect("problem" in result || check(result) === undefined).toBe(true);
      }),
    );
  });
});

describe("what a filter does", () => {
  test.each([
    ["clone of a thread", { arch: x86, nr: 56, args: [0x11n] }, allow],
    ["clone of a user namespace", { arch: x86, nr: 56, args: [0x10000011n] }, errno],
    ["personality(0)", { arch: x86, nr: 135, args: [0n] }, allow],
    ["personality(8)", { arch: x86, nr: 135, args: [8n] }, errno],
    ["read", { arch: x86, nr: 0, args: [] }, errno],
    ["another architecture", { arch: 0x40000003, nr: 56, args: [] }, errno],
  ])("%s", (_, data, want) => {
    expect(interpret(filter, data)).toBe(want);
  });

  test("over all arguments: every result, each with arguments that lead to it", () => {
    const known = new Map([
      [0, 56],
      [1, x86],
    ]);
    const { returns, exact } = outcomes(filter, known);
    expect([...returns.keys()].sort()).toEqual([errno, allow].sort());
    expect(exact).toBe(true);
    for (const [value, words] of returns) {
      const args = [BigInt(words.get(4) ?? 0)];
      expect(interpret(filter, { arch: x86, nr: 56, args })).toBe(value);
    }
  });

  test("a way that no argument takes is not listed", () => {
    const never = [load(4), one(0x25, 10, 0, 2), one(0x35, 11, 1, 0), ret(errno), ret(allow)];
    expect(check(never)).toBeUndefined();
    expect([...outcomes(never, new Map()).returns.keys()]).toEqual([allow]);
  });
});

const comparison: fc.Arbitrary<Comparison> = fc.record({
  test: fc.constantFrom("eq", "gt", "ge", "set"),
  mask: fc.constantFrom(0xffff_ffff, 0x7, 0x1f, 0xf0),
  k: fc.nat({ max: 40 }),
  holds: fc.boolean(),
});

describe("a word that satisfies comparisons", () => {
  test("satisfies them, and where there is none no small word does", () => {
    fc.assert(
      fc.property(fc.array(comparison, { minLength: 1, maxLength: 5 }), (list) => {
        const fits = (word: number): boolean =>
          list.every(({ test, mask, k, holds: wanted }) => holds(test, (word & mask) >>> 0, k) === wanted);
        const found = wordThat(list);
        if (found === undefined) for (let word = 0; word < 256; word++) expect(fits(word)).toBe(false);
        else expect(fits(found)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** Programs of loads, masks and forward comparisons, as libseccomp makes them. */
const program: fc.Arbitrary<readonly Instruction[]> = fc
  .array(
    fc.oneof(
      fc.nat({ max: 5 }).map((word) => load(4 + word)),
      fc.constantFrom(1, 3, 0xff).map((mask) => one(0x54, mask)),
      fc.record({
        code: fc.constantFrom(0x15, 0x25, 0x35, 0x45),
        k: fc.nat({ max: 6 }),
        jt: fc.nat({ max: 3 }),
        jf: fc.nat({ max: 3 }),
      }),
      fc.constantFrom(allow, errno).map(ret),
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((body) => [...body, ret(errno), ret(allow), ret(errno), ret(allow), ret(errno)]);

describe("outcomes over all arguments", () => {
  test("hold every result that the interpreter gives, and nothing that no argument leads to", () => {
    fc.assert(
      fc.property(program, fc.array(fc.nat({ max: 8 }), { minLength: 3, maxLength: 3 }), (body, values) => {
        fc.pre(check(body) === undefined);
        const { returns, exact } = outcomes(body, new Map());
        expect(exact).toBe(true);
        const data = { arch: 0, nr: 0, args: values.map((value) => BigInt(value)) };
        expect(returns.has(interpret(body, data))).toBe(true);
        for (const [value, words] of returns) {
          const args = [0, 1, 2, 3, 4, 5].map(
            (i) => BigInt(words.get(4 + 2 * i) ?? 0) | (BigInt(words.get(5 + 2 * i) ?? 0) << 32n),
          );
          expect(interpret(body, { arch: 0, nr: 0, args })).toBe(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("words of the data stand where the kernel has them", () => {
    const words = wordsOf({ arch: x86, nr: 41, args: [1n, 0x1_0000_0002n] });
    expect([words[0], words[1], words[4], words[5], words[6], words[7]]).toEqual([41, x86, 1, 0, 2, 1]);
  });
});
