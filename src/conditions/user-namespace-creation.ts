import { mayCreateUserNamespace } from "./parts/user-namespaces.ts";
import { defineCondition } from "./types.ts";

/** Unprivileged code inside can create a user namespace of its own. */
export const userNamespaceCreation = defineCondition<"allowed">({
  id: "user-namespace-creation",
  summary: "unprivileged code can create a user namespace",
  schema: (z) => z.literal("allowed"),
  describe: () => "may create a user namespace",
  evaluate: (_, context) => mayCreateUserNamespace(context),
});
