import { quote } from "../../base/text.ts";
import type { ProfileRequest, Said } from "../spec.ts";
import type { Field } from "./read/fields.ts";
import { child, report, structOf, textOf, wrong } from "./read/fields.ts";

const apparmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
const seccompPrefixes = [
  "seccomp.security.alpha.kubernetes.io/",
  "container.seccomp.security.alpha.kubernetes.io/",
];

/**
 * AppArmor profiles by container, from the annotations that came before the field; the kubelet asks them after the container's
 * field and before the pod's. The seccomp annotations are only warned of: no kubelet since 1.27 reads them.
 * @see kubernetes pkg/security/apparmor/helpers.go GetProfile; KEP-135 (seccomp)
 */
export function annotatedProfiles(metadata: Field): ReadonlyMap<string, Said<ProfileRequest>> {
  const profiles = new Map<string, Said<ProfileRequest>>();
  const annotations = structOf(child(metadata, "annotations"));
  if (annotations.node?.kind !== "map") return profiles;
  for (const key of annotations.node.entries.keys()) {
    if (key.startsWith(apparmorPrefix)) {
      const said = profileIn(child(annotations, key));
      if (said) profiles.set(key.slice(apparmorPrefix.length), said);
    } else if (seccompPrefixes.some((prefix) => key.startsWith(prefix))) {
      report(
        child(annotations, key),
        "wrong-value",
        "expected securityContext.seccompProfile, found an annotation that has no effect since Kubernetes 1.27",
        { severity: "warning" },
      );
    }
  }
  return profiles;
}

function profileIn(field: Field): Said<ProfileRequest> | undefined {
  const said = textOf(field);
  if (!said) return undefined;
  const { value, at } = said;
  if (value === "runtime/default") return { value: { kind: "default" }, at };
  if (value === "unconfined") return { value: { kind: "unconfined" }, at };
  if (value.startsWith("localhost/"))
    return { value: { kind: "named", name: value.slice("localhost/".length) }, at };
  wrong(field, "runtime/default, unconfined or localhost/PROFILE", "wrong-value");
  return undefined;
}

/** Reports profiles for containers that the pod does not have: the API server refuses such a pod. */
export function reportUnmatched(
  profiles: ReadonlyMap<string, Said<ProfileRequest>>,
  metadata: Field,
  names: ReadonlySet<string>,
): void {
  for (const name of profiles.keys()) {
    if (names.has(name)) continue;
    report(
      child(child(metadata, "annotations"), apparmorPrefix + name),
      "missing-reference",
      `expected the name of a container of the pod, found ${quote(name)}`,
    );
  }
}
