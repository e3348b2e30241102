import type { Said } from "../spec.ts";
import type { Field } from "./read/fields.ts";
import { child, childIn, missing, structOf, structsOf, textOf } from "./read/fields.ts";
import type { Surroundings } from "./cluster/surroundings.ts";
import { dataKeys } from "./cluster/surroundings.ts";

/** The environment of a container: names, which of them have their value in the file, and the secrets it comes from. */
export interface Environment {
  readonly variables: readonly Said<{ name: string; literal: boolean }>[];
  readonly secrets: readonly Said<string>[];
  /** Values, for subPathExpr only. */
  readonly literals: ReadonlyMap<string, string>;
}

/** Reads `env` and `envFrom`; the keys of ConfigMaps and Secrets that are in the input become names too. */
export function environmentOf(
  container: Field,
  namespace: string | undefined,
  surroundings: Surroundings,
): Environment {
  const variables: Said<{ name: string; literal: boolean }>[] = [];
  const secrets: Said<string>[] = [];
  const literals = new Map<string, string>();
  for (const field of structsOf(child(container, "envFrom")))
    addFrom(field, namespace, surroundings, variables, secrets);
  for (const field of structsOf(child(container, "env"))) {
    const name = textOf(child(field, "name"));
    if (!name?.value) {
      if (name || child(field, "name").node === undefined)
        missing(child(field, "name"), "the name of a variable");
      continue;
    }
    const { node: value } = child(field, "value");
    variables.push({ value: { name: name.value, literal: value !== undefined }, at: name.at });
    if (value?.kind === "scalar" && typeof value.value === "string") literals.set(name.value, value.value);
    const secret = textOf(childIn(structOf(child(field, "valueFrom")), "secretKeyRef", "name"));
    if (secret) secrets.push(secret);
  }
  return { variables, secrets, literals };
}

function addFrom(
  field: Field,
  namespace: string | undefined,
  surroundings: Surroundings,
  variables: Said<{ name: string; literal: boolean }>[],
  secrets: Said<string>[],
): void {
  const prefix = textOf(child(field, "prefix"))?.value ?? "";
  const secret = textOf(child(structOf(child(field, "secretRef")), "name"));
  const map = textOf(child(structOf(child(field, "configMapRef")), "name"));
  if (secret) secrets.push(secret);
  const keys = [
    ...(secret ? dataKeys(surroundings, "Secret", namespace, secret.value) : []),
    ...(map ? dataKeys(surroundings, "ConfigMap", namespace, map.value) : []),
  ];
  for (const { value, at } of keys) variables.push({ value: { name: prefix + value, literal: true }, at });
}
