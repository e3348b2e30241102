import { defineCondition } from "./types.ts";
import { allOf, blocked, decide, holds } from "./verdict.ts";

/** The host's kernel loads modules, unsigned ones too (`kernel.modules_disabled`, `module.sig_enforce`, lockdown). */
export const moduleLoading = defineCondition<"unsigned">({
  id: "module-loading",
  summary: "the host's kernel loads unsigned modules",
  schema: (z) => z.literal("unsigned"),
  describe: () => "the kernel loads unsigned modules",
  evaluate: (_, { boundary: { host } }) =>
    allOf([
      decide(host.modulesEnabled, "host.modulesEnabled", (enabled) =>
        enabled
          ? holds("the kernel loads modules", "host.modulesEnabled")
          : blocked(
              ["sysctl:kernel.modules_disabled=1"],
              "the kernel loads no modules",
              "host.modulesEnabled",
            ),
      ),
      decide(host.moduleSignatureEnforced, "host.moduleSignatureEnforced", (enforced) =>
        enforced
          ? blocked(
              ["module-signatures"],
              "the kernel loads signed modules only",
              "host.moduleSignatureEnforced",
            )
          : holds("module signatures are not enforced", "host.moduleSignatureEnforced"),
      ),
    ]),
});
