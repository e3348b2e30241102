import type { DefaultProfile } from "../seccomp/default-profile.ts";
import type { SeccompComparison, SeccompProfile, SeccompRule } from "../seccomp/types.ts";

/** A default profile without its contents. */
export type ProfileHead = Omit<DefaultProfile, "profile">;

type EncodedComparison = Omit<SeccompComparison, "value" | "valueTwo"> & {
  readonly value: string;
  readonly valueTwo: string;
};
type EncodedRule = Omit<SeccompRule, "args"> & { readonly args: readonly EncodedComparison[] };
/** A parsed profile as JSON can hold it: 64-bit numbers as text. */
export type EncodedProfile = Omit<SeccompProfile, "syscalls"> & { readonly syscalls: readonly EncodedRule[] };

export function encodeProfile(profile: SeccompProfile): EncodedProfile {
  const syscalls = profile.syscalls.map((rule) => ({
    ...rule,
    args: rule.args.map((arg) => ({
      ...arg,
      value: arg.value.toString(),
      valueTwo: arg.valueTwo.toString(),
    })),
  }));
  return { ...profile, syscalls };
}

export function decodeProfile(encoded: EncodedProfile): SeccompProfile {
  const syscalls = encoded.syscalls.map((rule) => ({
    ...rule,
    args: rule.args.map((arg) => ({ ...arg, value: BigInt(arg.value), valueTwo: BigInt(arg.valueTwo) })),
  }));
  return { ...encoded, syscalls };
}
