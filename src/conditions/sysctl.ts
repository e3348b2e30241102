import { defineCondition } from "./types.ts";
import { blocked, holds, spread } from "./verdict.ts";

interface Argument {
  readonly name: string;
  /** The values under which the way stays open. */
  readonly in: readonly string[];
  /** Taken when the host does not say: the kernel's default, with its source in the technique. Absent: unknown then. */
  readonly default?: string | undefined;
}

/**
 * A sysctl of the host has one of these values. One that the host's facts do not hold is taken at the kernel's default,
 * and said to be: a sysctl that does not exist on a kernel is no gate. Where distributions differ there is no default.
 */
export const sysctl = defineCondition<Argument>({
  id: "sysctl",
  summary: "a sysctl of the host has one of the given values",
  schema: (z) =>
    z.strictObject({
      name: z.string().check(z.regex(/^[a-z][a-z0-9_.-]+$/)),
      in: z.array(z.string()).check(z.minLength(1)),
      default: z.optional(z.string()),
    }),
  describe: ({ name, in: values }) => `${name} is ${values.join(" or ")}`,
  evaluate: ({ name, in: values, default: byDefault }, { boundary }) => {
    const fact = boundary.host.sysctls.get(name);
    const value = fact?.known ? fact.value : byDefault;
    if (value === undefined) {
      const reason = `the value of ${name} is not in the host's facts, and kernels differ`;
      return spread({ known: false, fact: `host.sysctl.${name}`, reason }, "host.sysctls", [
        holds("", null),
        blocked([`sysctl:${name}`], "", null),
      ]);
    }
    const ref = fact?.known ? `host.sysctls.${name}` : null;
    const text = fact?.known ? `${name} is ${value}` : `${name} is taken at the kernel's default, ${value}`;
    return values.includes(value) ? holds(text, ref) : blocked([`sysctl:${name}=${value}`], text, ref);
  },
});
