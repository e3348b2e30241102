import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, decide, holds, spread } from "./verdict.ts";

interface Argument {
  readonly name: string;
  /** The values under which the way stays open. */
  readonly in: readonly string[];
  /** Taken when the host does not say: the engine's own default, with its source in the technique. Absent: unknown then. */
  readonly default?: string | undefined;
}

/**
 * How an engine, a runtime or the kubelet of the host is configured. A setting that the host's facts do not hold is taken at the
 * engine's default where the technique names one, and said to be; else it is unknown.
 */
export const engineSetting = defineCondition<Argument>({
  id: "engine-setting",
  summary: "an engine or runtime of the host is configured in one of the given ways",
  schema: (z) =>
    z.strictObject({
      name: z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)),
      in: z.array(z.string()).check(z.minLength(1)),
      default: z.optional(z.string()),
    }),
  describe: ({ name, in: values }) => `${name} is ${values.join(" or ")}`,
  evaluate: ({ name, in: values, default: byDefault }, { boundary }) => {
    const ref = `host.settings.${name}`;
    const judge = (text: string, from: string | null, value: string): Verdict =>
      values.includes(value) ? holds(text, from) : absent(`setting:${name}=${value}`, text, from);
    const fact = boundary.host.settings.get(name);
    if (fact) return decide(fact, ref, (value) => judge(`${name} is ${value}`, ref, value));
    if (byDefault !== undefined)
      return judge(`${name} is taken at its default, ${byDefault}`, null, byDefault);
    const reason = `the host's setting ${name} is not in the input`;
    return spread({ known: false, fact: ref, reason }, ref, [
      holds(reason, null),
      absent(`setting:${name}`, reason, ref),
    ]);
  },
});
