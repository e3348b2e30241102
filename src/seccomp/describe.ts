import type { SeccompAction, SeccompComparison, SeccompOperator } from "./types.ts";

const signs: Readonly<Record<Exclude<SeccompOperator, "SCMP_CMP_MASKED_EQ">, string>> = {
  SCMP_CMP_NE: "!=",
  SCMP_CMP_LT: "<",
  SCMP_CMP_LE: "<=",
  SCMP_CMP_EQ: "==",
  SCMP_CMP_GE: ">=",
  SCMP_CMP_GT: ">",
};

const hex = (value: bigint): string => (value < 4096n ? String(value) : `0x${value.toString(16)}`);

/** A rule's comparisons as a person would write them: `arg0 & 0x7e020000 == 0`. */
export const describeComparisons = (comparisons: readonly SeccompComparison[]): string =>
  comparisons
    .map(({ index, op, value, valueTwo }) =>
      op === "SCMP_CMP_MASKED_EQ"
        ? `arg${String(index)} & ${hex(value)} == ${hex(valueTwo)}`
        : `arg${String(index)} ${signs[op]} ${hex(value)}`,
    )
    .join(" and ");

/** The verb for an action, in the third person. */
export const describeAction = (action: SeccompAction): string => {
  if (action === "SCMP_ACT_ALLOW" || action === "SCMP_ACT_LOG") return "the profile allows";
  return action === "SCMP_ACT_NOTIFY" ? "the profile asks a supervisor about" : "the profile denies";
};
