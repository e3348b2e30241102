import { hasCapability, hasInitialCapability } from "./parts/privilege.ts";
import { mayCreateUserNamespace } from "./parts/user-namespaces.ts";
import { defineCondition } from "./types.ts";
import { anyOf } from "./verdict.ts";

type Argument = string | { readonly name: string; readonly in: "initial" | "own" };

const nameOf = (argument: Argument): string => (typeof argument === "string" ? argument : argument.name);
const scopeOf = (argument: Argument): "initial" | "own" =>
  typeof argument === "string" ? "initial" : argument.in;

/**
 * A capability in the initial user namespace (`capable()`), or over namespaces that a user namespace of its own owns
 * (`ns_capable()`; `own`), which whoever may create a user namespace has too (user_namespaces(7)).
 */
export const capability = defineCondition<Argument>({
  id: "capability",
  summary: "holds a capability in the initial user namespace, or (in: own) over namespaces of its own",
  schema: (z) => {
    const name = z.string().check(z.regex(/^CAP_[A-Z_]+$/));
    return z.union([name, z.strictObject({ name, in: z.enum(["initial", "own"]) })]);
  },
  describe: (argument) =>
    `${nameOf(argument)} ${scopeOf(argument) === "initial" ? "in the initial user namespace" : "over namespaces of its own"}`,
  evaluate: (argument, context) =>
    scopeOf(argument) === "initial"
      ? hasInitialCapability(context, nameOf(argument))
      : anyOf([hasCapability(context, nameOf(argument)), mayCreateUserNamespace(context)]),
});
