import { parseJson } from "../../base/parse-json.ts";
import { toData } from "../../base/document.ts";
import type { ProfileRequest, Said, SeccompRequest, SelinuxRequest } from "../spec.ts";
import type { SourceContext } from "../types.ts";
import type { Field } from "./read/fields.ts";
import {
  child,
  choiceOf,
  flagOf,
  integerOf,
  missing,
  report,
  structOf,
  structsOf,
  textOf,
  textsOf,
  wrong,
} from "./read/fields.ts";

/** What a pod and a container may both say; the container's word wins field by field. */
export interface CommonSecurity {
  readonly user: Said<string> | undefined;
  readonly group: Said<string> | undefined;
  readonly runAsNonRoot: Said<boolean> | undefined;
  readonly seccomp: Said<SeccompRequest> | undefined;
  readonly apparmor: Said<ProfileRequest> | undefined;
  /** `null`: options without a type, which take the place of the pod's all the same. */
  readonly selinux: Said<SelinuxRequest> | null | undefined;
  readonly hostProcess: Said<boolean> | undefined;
}

export interface PodSecurity extends CommonSecurity {
  readonly groups: readonly Said<string>[];
  readonly sysctls: readonly Said<{ name: string; value: string }>[];
}

export interface ContainerSecurity extends CommonSecurity {
  readonly privileged: Said<boolean> | undefined;
  readonly capAdd: readonly Said<string>[];
  readonly capDrop: readonly Said<string>[];
  readonly noNewPrivileges: Said<boolean> | undefined;
  readonly unmasked: Said<boolean> | undefined;
  readonly readonlyRootfs: Said<boolean> | undefined;
}

/** Fields that only a container's security context has: at the pod's level the API server drops them. */
const containerOnly = [
  "privileged",
  "capabilities",
  "allowPrivilegeEscalation",
  "readOnlyRootFilesystem",
  "procMount",
];

/** The pod's `securityContext` (PodSecurityContext, core/v1). */
export function podSecurity(field: Field, context: SourceContext): PodSecurity {
  const security = structOf(field);
  for (const key of containerOnly) {
    const misplaced = child(security, key);
    if (misplaced.node)
      report(
        misplaced,
        "wrong-value",
        `expected ${key} in a container's securityContext, found it in the pod's, where it has no effect`,
        { severity: "warning" },
      );
  }
  const fsGroup = numberText(child(security, "fsGroup"));
  const groups = elements(child(security, "supplementalGroups"));
  return {
    ...common(security, context),
    groups: fsGroup ? [fsGroup, ...groups] : groups,
    sysctls: sysctlsOf(child(security, "sysctls")),
  };
}

function elements(field: Field): readonly Said<string>[] {
  if (field.node?.kind === "seq")
    return field.node.items.flatMap(
      (node, key) => numberText({ node, parent: field, key, problems: field.problems }) ?? [],
    );
  if (field.node) wrong(field, "a list");
  return [];
}

function sysctlsOf(field: Field): PodSecurity["sysctls"] {
  return structsOf(field).flatMap((sysctl) => {
    const name = textOf(child(sysctl, "name"));
    const value = textOf(child(sysctl, "value"));
    if (!name) missing(child(sysctl, "name"), "the name of a sysctl");
    return name ? [{ value: { name: name.value, value: value?.value ?? "" }, at: name.at }] : [];
  });
}

/**
 * A container's `securityContext` (SecurityContext, core/v1). What contradicts itself is refused by the API server, and is
 * read as the weaker of the two.
 * @see kubernetes pkg/apis/core/validation ValidateSecurityContext; pkg/securitycontext AddNoNewPrivileges
 */
export function containerSecurity(field: Field, context: SourceContext): ContainerSecurity {
  const security = structOf(field);
  const privileged = flagOf(child(security, "privileged"));
  const capabilities = structOf(child(security, "capabilities"));
  const capAdd = textsOf(child(capabilities, "add"));
  const procMount = choiceOf(child(security, "procMount"), ["Default", "Unmasked"]);
  return {
    ...common(security, context),
    privileged,
    capAdd,
    capDrop: textsOf(child(capabilities, "drop")),
    noNewPrivileges: noNewPrivileges(security, privileged, capAdd),
    unmasked: procMount && { value: procMount.value === "Unmasked", at: procMount.at },
    readonlyRootfs: flagOf(child(security, "readOnlyRootFilesystem")),
  };
}

/** no_new_privs is set only where escalation is refused in so many words: absent means allowed. */
function noNewPrivileges(
  security: Field,
  privileged: Said<boolean> | undefined,
  capAdd: readonly Said<string>[],
): Said<boolean> | undefined {
  const field = child(security, "allowPrivilegeEscalation");
  const allowed = flagOf(field);
  if (!allowed) return undefined;
  const contradicts =
    privileged?.value === true
      ? "privileged"
      : capAdd.some(({ value }) => value === "CAP_SYS_ADMIN")
        ? "CAP_SYS_ADMIN"
        : undefined;
  if (!allowed.value && contradicts !== undefined) {
    report(field, "wrong-value", `expected true or nothing beside ${contradicts}, found false`);
    return { value: false, at: allowed.at };
  }
  return { value: !allowed.value, at: allowed.at };
}

function common(security: Field, context: SourceContext): CommonSecurity {
  return {
    user: numberText(child(security, "runAsUser")),
    group: numberText(child(security, "runAsGroup")),
    runAsNonRoot: flagOf(child(security, "runAsNonRoot")),
    seccomp: seccompOf(child(security, "seccompProfile"), context),
    apparmor: apparmorOf(child(security, "appArmorProfile")),
    selinux: selinuxOf(child(security, "seLinuxOptions")),
    hostProcess: flagOf(child(structOf(child(security, "windowsOptions")), "hostProcess")),
  };
}

function numberText(field: Field): Said<string> | undefined {
  const number = integerOf(field);
  return number && { value: String(number.value), at: number.at };
}

const profileTypes = ["RuntimeDefault", "Unconfined", "Localhost"] as const;

interface Profile {
  readonly type: Said<(typeof profileTypes)[number]>;
  readonly localhost: string;
}

/** The form that seccomp and AppArmor profiles share; a Localhost profile needs a name, no other may have one. */
function profileOf(field: Field): Profile | undefined {
  const profile = structOf(field);
  if (profile.node === undefined) return undefined;
  const typeField = child(profile, "type");
  const type = choiceOf(typeField, profileTypes);
  if (!type) {
    if (typeField.node === undefined) missing(typeField, "RuntimeDefault, Unconfined or Localhost");
    return undefined;
  }
  const nameField = child(profile, "localhostProfile");
  const name = textOf(nameField);
  if (type.value === "Localhost" && !name?.value) missing(nameField, "the name of a profile");
  if (type.value !== "Localhost" && name)
    wrong(nameField, `nothing beside type ${type.value}`, "wrong-value");
  return { type, localhost: name?.value ?? "" };
}

function seccompOf(field: Field, context: SourceContext): Said<SeccompRequest> | undefined {
  const profile = profileOf(field);
  if (!profile) return undefined;
  const { type, localhost } = profile;
  if (type.value === "RuntimeDefault") return { value: { kind: "default" }, at: type.at };
  if (type.value === "Unconfined") return { value: { kind: "unconfined" }, at: type.at };
  const leaves = localhost.startsWith("/") || localhost.split("/").includes("..");
  if (leaves)
    wrong(child(field, "localhostProfile"), "a path below the kubelet's seccomp folder", "wrong-value");
  return {
    value: {
      kind: "profile",
      name: localhost,
      profile: leaves ? undefined : profileText(localhost, context),
    },
    at: type.at,
  };
}

/** The profile's contents are on the node; some projects keep the file beside the manifest under the same name. */
function profileText(name: string, context: SourceContext): unknown {
  const text = name === "" ? undefined : context.readText(name);
  const document = text && parseJson(text).document;
  return document ? toData(document) : undefined;
}

function apparmorOf(field: Field): Said<ProfileRequest> | undefined {
  const profile = profileOf(field);
  if (!profile) return undefined;
  const { type, localhost } = profile;
  const request: ProfileRequest =
    type.value === "RuntimeDefault"
      ? { kind: "default" }
      : type.value === "Unconfined"
        ? { kind: "unconfined" }
        : { kind: "named", name: localhost };
  return { value: request, at: type.at };
}

function selinuxOf(field: Field): Said<SelinuxRequest> | null | undefined {
  const options = structOf(field);
  if (options.node === undefined) return undefined;
  const type = textOf(child(options, "type"));
  return type?.value ? { value: { kind: "type", type: type.value }, at: type.at } : null;
}
