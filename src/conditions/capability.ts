import { hasCapability, hasInitialCapability } from "./parts/privilege.ts";
import { mayCreateUserNamespace } from "./parts/user-namespaces.ts";
import { defineCondition } from "./types.ts";
import { anyOf } from "./verdict.ts";

type Argument = string | { readonly name: string; readonly in: "initial" | "own" | "held" };

const nameOf = (argument: Argument): string => (typeof argument === "string" ? argument : argument.name);
const scopeOf = (argument: Argument): "initial" | "own" | "held" =>
  typeof argument === "string" ? "initial" : argument.in;

const scopes = {
  initial: "in the initial user namespace",
  held: "over the namespaces that it was given",
  own: "over namespaces of its own",
} as const;

/**
 * A capability in the initial user namespace (`capable()`), or over namespaces that a user namespace of its own owns
 * (`ns_capable()`; `own`), which whoever may create a user namespace has too (user_namespaces(7)); or over those that the container was given (`held`): its
 * network namespace belongs to its user namespace, and a new one has another network.
 */
export const capability = defineCondition<Argument>({
  id: "capability",
  summary: "holds a capability in the initial user namespace, or (in: own) over namespaces of its own",
  schema: (z) => {
    const name = z.string().check(z.regex(/^CAP_[A-Z_]+$/));
    return z.union([name, z.strictObject({ name, in: z.enum(["initial", "own", "held"]) })]);
  },
  describe: (argument) => `${nameOf(argument)} ${scopes[scopeOf(argument)]}`,
  evaluate: (argument, context) => {
    const name = nameOf(argument);
    switch (scopeOf(argument)) {
      case "initial":
        return hasInitialCapability(context, name);
      case "held":
        return hasCapability(context, name);
      case "own":
        return anyOf([hasCapability(context, name), mayCreateUserNamespace(context)]);
    }
  },
});
