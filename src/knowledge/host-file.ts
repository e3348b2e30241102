import type { Fact } from "../boundary/fact.ts";
import { assumed, observed, unknown } from "../boundary/fact.ts";
import type { HostFacts } from "../boundary/host.ts";
import { expected } from "../base/problems.ts";

/** The format of `holdfast host --output FILE`. */
export const hostFileSchema = "holdfast.host/1";

type Reading = { readonly value: unknown; readonly from: string } | { readonly unknown: string };

const booleans = [true, false] as const;
/** The facts that are one value: the name that reports use, and what it may be. */
const single = {
  architecture: { name: "host.architecture" },
  kernelRelease: { name: "host.kernel.release" },
  lockdown: { name: "host.lockdown", values: ["none", "integrity", "confidentiality"] },
  apparmor: { name: "host.apparmor", values: booleans },
  selinux: { name: "host.selinux", values: ["absent", "permissive", "enforcing"] },
  cgroupVersion: { name: "host.cgroup-version", values: ["v1", "hybrid", "v2"] },
  cgroupV1Mountable: { name: "host.cgroup-v1-mountable", values: booleans },
  modulesEnabled: { name: "host.modules-enabled", values: booleans },
  moduleSignatureEnforced: { name: "host.module-signatures", values: booleans },
  usernsRemap: { name: "host.userns-remap", values: booleans },
  rootlessEngine: { name: "engine.rootless", values: booleans },
  kubeletSeccompDefault: { name: "host.kubelet.seccomp-default", values: booleans },
  cri: { name: "host.cri", values: ["containerd", "cri-o", "cri-dockerd"] },
  metadata: { name: "host.metadata", values: ["open", "limited", "none"] },
  distribution: { name: "host.distribution" },
} as const satisfies Partial<
  Record<keyof HostFacts, { name: string; values?: readonly (string | boolean)[] }>
>;
type Single = keyof typeof single;
const singles = Object.keys(single) as Single[];

const tables = ["kernelConfig", "sysctls", "versions", "runtimeHandlers", "settings"] as const;

/** Host facts as a file that a scan elsewhere reads with `--host FILE`. `collectedAt`: ISO 8601. */
export function writeHostFile(host: HostFacts, collectedAt: string): string {
  const facts = Object.fromEntries(singles.map((key) => [key, reading(host[key])]));
  const maps = Object.fromEntries(
    tables.map((key) => [
      key,
      Object.fromEntries([...host[key]].map(([name, fact]) => [name, reading(fact)])),
    ]),
  );
  const links = Object.fromEntries(host.links);
  return `${JSON.stringify({ schema: hostFileSchema, collectedAt, facts, ...maps, links }, undefined, 2)}\n`;
}

function reading(fact: Fact<unknown>): Reading {
  if (!fact.known) return { unknown: fact.reason };
  const { provenance } = fact;
  const from =
    provenance.kind === "observed" ? provenance.from : "by" in provenance ? provenance.by : provenance.kind;
  return { value: fact.value, from };
}

/**
 * Reads such a file. A field that is not as expected makes the file unusable: facts that are half read would be guesses.
 * @returns the facts, or what is wrong, naming the field
 */
export function readHostFile(
  text: string,
  file: string,
): { readonly host: HostFacts } | { readonly problem: string } {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return { problem: `expected JSON, found ${error instanceof Error ? error.message : "something else"}` };
  }
  try {
    return { host: hostOf(objectAt(root, ""), file) };
  } catch (error) {
    if (error instanceof FieldError) return { problem: error.message };
    throw error;
  }
}

/** Carries the first field that is wrong out of the reader; never leaves this file. */
class FieldError extends Error {}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FieldError(`${path === "" ? "" : `${path}: `}${expected("an object", value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function hostOf(root: Readonly<Record<string, unknown>>, file: string): HostFacts {
  if (root["schema"] !== hostFileSchema)
    throw new FieldError(`schema: ${expected(`"${hostFileSchema}"`, root["schema"])}`);
  const facts = objectAt(root["facts"], "facts");
  const one = (key: Single): Fact<never> => {
    const { name, ...rest } = single[key];
    const values = "values" in rest ? rest.values : undefined;
    return factAt(facts[key], { path: `facts.${key}`, name, file, values }) as Fact<never>;
  };
  const table = (key: (typeof tables)[number]): ReadonlyMap<string, Fact<string>> =>
    new Map(
      Object.entries(objectAt(root[key] ?? {}, key)).map(([name, value]) => [
        name,
        factAt(value, {
          path: `${key}.${name}`,
          name: `host.${key}.${name}`,
          file,
          values: undefined,
        }) as Fact<string>,
      ]),
    );
  const links = Object.entries(objectAt(root["links"] ?? {}, "links")).map(([path, target]) => {
    if (typeof target !== "string") throw new FieldError(`links.${path}: ${expected("a path", target)}`);
    return [path, target] as const;
  });
  return {
    ...(Object.fromEntries(singles.map((key) => [key, one(key)])) as Pick<HostFacts, Single>),
    ...(Object.fromEntries(tables.map((key) => [key, table(key)])) as Pick<
      HostFacts,
      (typeof tables)[number]
    >),
    settings: withProduct(table("settings"), table("versions")),
    source: file,
    assumedPatched: false,
    links: new Map(links),
    untrustedInputs: assumed([], "the default threat model"),
  };
}

/** Where Docker Desktop is installed, it is the engine: its own bugs ask for that (engine-setting docker.product). */
function withProduct(
  settings: HostFacts["settings"],
  versions: HostFacts["versions"],
): HostFacts["settings"] {
  const desktop = versions.get("docker-desktop");
  if (!desktop?.known || settings.has("docker.product")) return settings;
  return new Map([...settings, ["docker.product", { ...desktop, value: "desktop" }]]);
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly file: string;
  readonly values: readonly (string | boolean)[] | undefined;
}

function factAt(value: unknown, { path, name, file, values }: Place): Fact<unknown> {
  if (value === undefined) return unknown(name, `${file} does not say`, values);
  const read = objectAt(value, path);
  if (typeof read["unknown"] === "string") return unknown(name, read["unknown"], values);
  const found = read["value"];
  const fits = values ? values.some((allowed) => allowed === found) : typeof found === "string";
  if (!fits)
    throw new FieldError(
      `${path}.value: ${expected(values ? values.map(String).join(", ") : "a text", found)}`,
    );
  const from = typeof read["from"] === "string" ? read["from"] : "an unnamed interface";
  return observed(found, `${file}: ${from}`);
}
