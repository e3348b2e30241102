import type { SeccompComparison } from "./types.ts";

/** An argument: its value, or the bits of it that are known. */
export type ArgumentValue =
  bigint | number | { readonly mask: bigint | number; readonly value: bigint | number };

/** Whether a comparison holds: for certain, certainly not, or only for some of the values that the argument may have. */
export type Match = "yes" | "no" | "maybe";

const all64 = (1n << 64n) - 1n;

interface KnownBits {
  readonly mask: bigint;
  readonly value: bigint;
}

const knownBits = (argument: ArgumentValue | undefined): KnownBits => {
  if (argument === undefined) return { mask: 0n, value: 0n };
  if (typeof argument === "object") {
    const mask = BigInt.asUintN(64, BigInt(argument.mask));
    return { mask, value: BigInt.asUintN(64, BigInt(argument.value)) & mask };
  }
  return { mask: all64, value: BigInt.asUintN(64, BigInt(argument)) };
};

const not = (match: Match): Match => (match === "maybe" ? match : match === "yes" ? "no" : "yes");

// (argument & mask) == wanted; libseccomp clears the bits of `wanted` outside the mask (db.c, _db_node_mask_fixup).
const maskedEqual = (argument: KnownBits, mask: bigint, wanted: bigint): Match => {
  if (((argument.value ^ wanted) & mask & argument.mask) !== 0n) return "no";
  return (mask & ~argument.mask & all64) === 0n ? "yes" : "maybe";
};

const lessThan = (argument: KnownBits, limit: bigint): Match => {
  const highest = argument.value | (all64 ^ argument.mask);
  if (highest < limit) return "yes";
  return argument.value >= limit ? "no" : "maybe";
};

/**
 * Evaluates one comparison as a 64-bit filter does: unsigned, over the whole register. The kernel's own view of an `int`
 * argument is narrower, which is why `socket-family.ts` also asks with the upper half set.
 * @see seccomp(2), "struct seccomp_data"; libseccomp seccomp_rule_add(3)
 */
export const compareArgument = (
  comparison: SeccompComparison,
  argument: ArgumentValue | undefined,
): Match => {
  const known = knownBits(argument);
  const { value } = comparison;
  switch (comparison.op) {
    case "SCMP_CMP_EQ":
      return maskedEqual(known, all64, value);
    case "SCMP_CMP_NE":
      return not(maskedEqual(known, all64, value));
    case "SCMP_CMP_MASKED_EQ":
      return maskedEqual(known, value, comparison.valueTwo);
    case "SCMP_CMP_LT":
      return lessThan(known, value);
    case "SCMP_CMP_GE":
      return not(lessThan(known, value));
    case "SCMP_CMP_LE":
      return lessThan(known, value + 1n);
    case "SCMP_CMP_GT":
      return not(lessThan(known, value + 1n));
  }
};
