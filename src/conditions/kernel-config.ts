import type { EvaluationContext } from "./types.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, holds, spread } from "./verdict.ts";

type Argument = string | { readonly option: string; readonly unsaid: "unknown" };

const optionOf = (argument: Argument): string => (typeof argument === "string" ? argument : argument.option);

/**
 * The host's kernel was built with an option (`=m` counts: most such modules load on demand), or with `!` without it.
 * `A|B` are alternatives. An option that the host's facts do not hold is taken as distribution kernels nearly all have it:
 * set, or with `!` off; where they differ, the technique says `unsaid: unknown`.
 */
export const kernelConfig = defineCondition<Argument>({
  id: "kernel-config",
  summary: "the host's kernel was built with an option",
  schema: (z) => {
    const option = z.string().check(z.regex(/^!?CONFIG_[A-Z0-9_]+(\|CONFIG_[A-Z0-9_]+)*$/));
    return z.union([option, z.strictObject({ option, unsaid: z.literal("unknown") })]);
  },
  describe: (argument) => `kernel option ${optionOf(argument)}`,
  evaluate: (argument, context) => {
    const option = optionOf(argument);
    const wantedOff = option.startsWith("!");
    const names = option.replace("!", "").split("|");
    const facts = names.map((name) => context.boundary.host.kernelConfig.get(name));
    const ref = `host.kernelConfig.${names[0] ?? ""}`;
    const set = facts.some((fact) => fact?.known === true && fact.value !== "n");
    if (!set && facts.some((fact) => !fact?.known)) return unsaid(argument, names, wantedOff, context);
    return set !== wantedOff
      ? holds(`${option} is as needed`, ref)
      : absent(`kernel-config:${option}`, `${option} is not as needed`, ref);
  },
});

function unsaid(
  argument: Argument,
  names: readonly string[],
  wantedOff: boolean,
  { boundary }: EvaluationContext,
): Verdict {
  const name = names.find((candidate) => boundary.host.kernelConfig.get(candidate)?.known !== true) ?? "";
  if (typeof argument === "string") {
    return holds(`${name} is not in the host's facts and is taken as ${wantedOff ? "off" : "set"}`, null);
  }
  const reason = `${name} is not in the host's facts, and distributions differ`;
  return spread({ known: false, fact: `host.kernel-config.${name}`, reason }, "host.kernelConfig", [
    holds("", null),
    absent(`kernel-config:${argument.option}`, "", null),
  ]);
}
