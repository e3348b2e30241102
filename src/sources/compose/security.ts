import type { Draft } from "../command-line/draft.ts";
import { newDraft } from "../command-line/draft.ts";
import { pieceAt } from "../command-line/piece.ts";
import { addSecurityOption } from "../command-line/security.ts";
import { addPort } from "../command-line/values.ts";
import type { ContainerSpec } from "../spec.ts";
import type { SourceContext } from "../types.ts";
import type { Field } from "./fields.ts";
import { child, listOf, say, textOf, wrong } from "./fields.ts";

type Security = Pick<
  ContainerSpec,
  "seccomp" | "apparmor" | "selinux" | "noNewPrivileges" | "unmasked" | "writableCgroups"
>;
type Published = NonNullable<ContainerSpec["published"]>;

/**
 * `security_opt`: the options of `docker run --security-opt`, which Compose hands on; a seccomp profile is read from the
 * project's folder. @see docker/compose pkg/compose/create.go parseSecurityOpts
 */
export function readSecurity(service: Field, context: SourceContext): Security {
  const draft = newDraft("docker", context);
  for (const item of listOf(child(service, "security_opt"))) {
    const text = textOf(item, "a security option such as no-new-privileges:true");
    if (text !== undefined) withPath(draft, item, () => { addSecurityOption(draft, pieceAt(text, item.at)); }); // prettier-ignore
  }
  const { seccomp, apparmor, selinux, noNewPrivileges, unmasked, writableCgroups } = draft.spec;
  return { seccomp, apparmor, selinux, noNewPrivileges, unmasked, writableCgroups };
}

/** What the reader of a command line says about its flag is said here about the field. */
function withPath(draft: Draft, item: Field, read: () => void): void {
  read();
  for (const problem of draft.problems.splice(0)) item.problems.push({ ...problem, path: item.path });
}

/** `ports`, short and long. @see Compose specification, 05-services.md, "ports" */
export function readPorts(service: Field, context: SourceContext): Published {
  const draft = newDraft("docker", context);
  const all = listOf(child(service, "ports")).flatMap((item) => {
    if (item.node?.kind === "map") return longPort(item);
    const text = textOf(item, "a port, as [[IP:]HOST:]CONTAINER[/PROTOCOL] or as a mapping");
    if (text === undefined) return [];
    withPath(draft, item, () => { addPort(draft, pieceAt(text, item.at)); }); // prettier-ignore
    return draft.lists.published?.splice(0) ?? [];
  });
  return [...new Map(all.map((port) => [Object.values(port.value).join(" "), port])).values()];
}

function longPort(item: Field): Published {
  const containerPort = textOf(child(item, "target"));
  if (containerPort === undefined) {
    wrong(child(item, "target"), "missing-field", "the port in the container");
    return [];
  }
  const text = (key: string): string | undefined => textOf(child(item, key));
  return [
    say(item, {
      hostIp: text("host_ip") ?? "0.0.0.0",
      hostPort: text("published") ?? "",
      containerPort,
      protocol: text("protocol") ?? "tcp",
    }),
  ];
}
