import type { OperatorAction } from "../../boundary/boundary.ts";
import type { Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, flagOf, listOf, say, textOf } from "./fields.ts";

/**
 * What the configuration has done to the running container: health checks and hooks are execs, `develop.watch` copies.
 * @see Compose specification, 05-services.md, "healthcheck", "post_start", "pre_stop"; develop.md, "action"
 */
export function readOperatorActions(service: Field): readonly Said<OperatorAction>[] {
  const hooks = ["post_start", "pre_stop"].flatMap((key) => listOf(child(service, key)));
  const watched = listOf(child(child(service, "develop"), "watch")).filter((item) =>
    /^sync/.test(textOf(child(item, "action")) ?? ""),
  );
  return [
    ...healthCheck(child(service, "healthcheck")),
    ...hooks.map((hook) => say<OperatorAction>(hook, "exec")),
    ...watched.slice(0, 1).map((item) => say<OperatorAction>(item, "cp")),
  ];
}

function healthCheck(field: Field): readonly Said<OperatorAction>[] {
  const test = child(field, "test");
  if (test.node === undefined || flagOf(child(field, "disable")) === true) return [];
  const list =
    test.node.kind === "seq"
      ? listOf(test).map((item) => textOf(item))
      : [textOf(test, "a command, as a text or a list")];
  const [first] = list;
  return first === undefined || (test.node.kind === "seq" && first === "NONE") ? [] : [say(test, "exec")];
}

/** Hooks that run as a privileged exec, each with its name. */
export function privilegedHooks(
  service: Field,
): readonly { readonly name: string; readonly hook: Field; readonly privileged: Field }[] {
  return ["post_start", "pre_stop"].flatMap((key) =>
    listOf(child(service, key)).flatMap((hook, index) => {
      const privileged = child(hook, "privileged");
      return flagOf(privileged) === true ? [{ name: `${key}[${String(index)}]`, hook, privileged }] : [];
    }),
  );
}
