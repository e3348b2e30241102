import type { Fact } from "../../boundary/fact.ts";
import { assumed, defaulted, unknown } from "../../boundary/fact.ts";
import type { Said } from "../spec.ts";
import type { Setting } from "./setting.ts";
import { followsFrom } from "./setting.ts";

/** Stands for a user id that is not 0 and not known otherwise. */
export const someOtherUser = -1;

export interface IdentityFacts {
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  readonly groups: Fact<readonly number[]>;
}

/**
 * Who the first process runs as. `user` wins over the image's USER; without both it is root. Names are looked up in the
 * image's /etc/passwd, where a name other than root can stand for 0 as well.
 * @see moby daemon/oci_linux.go getUser; containerd internal/cri/server/container_create_linux.go; kubernetes
 * pkg/kubelet/kuberuntime/security_context.go verifyRunAsNonRoot
 */
export function identityFacts(setting: Setting): IdentityFacts {
  const uid = userOf(setting);
  return { uid, gid: groupOf(setting, uid), groups: supplementaryGroups(setting) };
}

function userOf(setting: Setting): Fact<number> {
  const { spec, context, by } = setting;
  const said = nonEmpty(spec.user);
  if (said) return userNamed(said);
  // keep-id gives the caller's own id; Podman runs the container as it (security_linux.go).
  if (spec.userns && /^keep-id\b/.test(spec.userns.value)) return followsFrom(spec.userns, someOtherUser);
  const wish = context.assume.get("image-user");
  if (wish !== undefined && wish !== "unknown") return assumed(Number(wish), `--assume image-user=${wish}`);
  if (spec.imageUser) return imageUser(spec.imageUser, setting);
  if (spec.runAsNonRoot?.value === true) return followsFrom(spec.runAsNonRoot, someOtherUser);
  if (wish === "unknown")
    return unknown("image.user", "the image's USER says who it runs as; without one it is root", [
      0,
      someOtherUser,
    ]);
  // Most images leave USER out, and a verdict that waits for every image decides nothing: so the engine's default
  // stands, its evidence says on what, and `--assume image-user` settles it.
  return defaulted(
    0,
    `${by} (root, unless the image's USER says otherwise)`,
    "OCI image-spec config.md, User",
  );
}

function imageUser(said: Said<string>, { spec, by }: Setting): Fact<number> {
  if (said.value === "") return defaulted(0, by, "an image without USER runs as root");
  const fact = userNamed(said);
  if (!fact.known && spec.runAsNonRoot?.value === true) return followsFrom(spec.runAsNonRoot, someOtherUser);
  return fact;
}

function nonEmpty(said: Said<string> | undefined): Said<string> | undefined {
  return said === undefined || said.value === "" || said.value.startsWith(":") ? undefined : said;
}

function userNamed(said: Said<string>): Fact<number> {
  const [user = ""] = said.value.split(":");
  if (/^\d+$/.test(user)) return followsFrom(said, Number(user));
  if (user === "root") return followsFrom(said, 0);
  return unknown(
    "image.passwd",
    `user ${user} is looked up in the image's /etc/passwd, which is not in the input`,
    [0, someOtherUser],
    said.at,
  );
}

function groupOf(setting: Setting, uid: Fact<number>): Fact<number> {
  const { spec, by } = setting;
  const said =
    spec.group ?? withGroup(spec.user) ?? (nonEmpty(spec.user) ? undefined : withGroup(spec.imageUser));
  if (said === undefined) {
    if (uid.known && uid.value === 0) return defaulted(0, by, "root's group in /etc/passwd");
    return unknown(
      "image.passwd",
      "the primary group comes from the image's /etc/passwd; without an entry it is 0",
    );
  }
  const group = said.value.split(":").at(-1) ?? "";
  if (/^\d+$/.test(group)) return followsFrom(said, Number(group));
  if (group === "root") return followsFrom(said, 0);
  return unknown("image.group", `group ${group} is looked up in the image's /etc/group`, undefined, said.at);
}

function withGroup(said: Said<string> | undefined): Said<string> | undefined {
  return said !== undefined && /:./.test(said.value) ? said : undefined;
}

function supplementaryGroups({ spec, by }: Setting): Fact<readonly number[]> {
  const said = spec.groupAdd ?? [];
  const [first] = said;
  if (first === undefined) return defaulted([], by, "groups of the image's /etc/group are the image's own");
  const named = said.find(({ value }) => !/^\d+$/.test(value) && value !== "root");
  if (named)
    return unknown(
      "image.group",
      `group ${named.value} is looked up in the image's /etc/group`,
      undefined,
      named.at,
    );
  return followsFrom(
    first,
    said.map(({ value }) => (value === "root" ? 0 : Number(value))),
  );
}
