import type { Node } from "../../base/document.ts";
import { get } from "../../base/document.ts";
import type { Position } from "../../base/location.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { Field } from "../oci/fields.ts";
import { field, flagOf, rootField, textOf, textsOf } from "../oci/fields.ts";
import type { DaemonFacts, Said, SeccompRequest } from "../spec.ts";

/** What `info` and `version` records in the input say about the daemon. */
export interface Daemon {
  readonly engine: "docker" | "podman" | undefined;
  readonly version: Said<string> | undefined;
  readonly facts: DaemonFacts;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the daemon's records; of two that say the same thing the first one counts. */
export function readDaemon(records: readonly Node[], problems: Problem[]): Daemon {
  let daemon: Daemon = { engine: undefined, version: undefined, facts: {} };
  for (const record of records) {
    const root = rootField(record, problems);
    const read = get(record, "host")
      ? podmanInfo(root)
      : get(record, "Server")
        ? dockerVersion(root)
        : dockerInfo(root);
    daemon = {
      engine: daemon.engine ?? read.engine,
      version: daemon.version ?? read.version,
      facts: { ...read.facts, ...daemon.facts },
    };
  }
  return daemon;
}

function observedFact<T>(value: T, at: Position, from: string): Said<T> {
  return { value, at: { source: at.source, offset: at.offset }, observedFrom: from };
}

function text(of: Field, from: string): Said<string> | undefined {
  const value = textOf(of);
  return value ? observedFact(value, of.at, from) : undefined;
}

/** `SecurityOptions` lists what is on (moby daemon/info_unix.go): an option that is not there is off. */
function dockerInfo(root: Field): Daemon {
  const from = "docker info";
  const list = field(root, "SecurityOptions");
  const options = new Map(
    textsOf(list).map(({ value, at }) => [/^name=([\w-]+)/.exec(value)?.[1] ?? value, { value, at }]),
  );
  const facts: Writable<DaemonFacts> = {};
  if (list.node?.kind === "seq") {
    const on = (name: string): Said<boolean> =>
      observedFact(options.has(name), options.get(name)?.at ?? list.at, from);
    facts.apparmor = on("apparmor");
    facts.selinux = on("selinux");
    facts.usernsRemap = on("userns");
    facts.rootless = on("rootless");
    facts.noNewPrivileges = on("no-new-privileges");
    const seccomp = options.get("seccomp");
    facts.seccompProfile = observedFact(seccompProfile(seccomp?.value), seccomp?.at ?? list.at, from);
  }
  facts.cgroupVersion = cgroupVersion(field(root, "CgroupVersion"), from);
  facts.kernelRelease = text(field(root, "KernelVersion"), from);
  facts.defaultRuntime = text(field(root, "DefaultRuntime"), from);
  return { engine: "docker", version: text(field(root, "ServerVersion"), from), facts: defined(facts) };
}

/** Absent: the daemon has no seccomp. `profile=default` is how engines before 23.0 called the built-in one. */
function seccompProfile(option: string | undefined): SeccompRequest {
  if (option === undefined) return { kind: "unconfined" };
  const profile = /profile=([^,]*)/.exec(option)?.[1] ?? "builtin";
  if (profile === "unconfined") return { kind: "unconfined" };
  return profile === "builtin" || profile === "default"
    ? { kind: "default" }
    : { kind: "profile", name: profile, profile: undefined };
}

function cgroupVersion(of: Field, from: string): Said<"v1" | "v2"> | undefined {
  const value = textOf(of)?.replace(/^v/, "");
  if (value === undefined || value === "") return undefined;
  if (value === "1" || value === "2") return observedFact(value === "1" ? "v1" : "v2", of.at, from);
  of.problems.push({ code: "wrong-value", message: expected("1 or 2", value), at: of.at, path: of.path });
  return undefined;
}

function dockerVersion(root: Field): Daemon {
  const from = "docker version";
  const server = field(root, "Server");
  const facts: DaemonFacts = { kernelRelease: text(field(server, "KernelVersion"), from) };
  return { engine: "docker", version: text(field(server, "Version"), from), facts: defined(facts) };
}

/** `podman info --format json` (libpod/define/info.go). */
function podmanInfo(root: Field): Daemon {
  const from = "podman info";
  const host = field(root, "host");
  const security = field(host, "security");
  const flag = (key: string): Said<boolean> | undefined => {
    const of = field(security, key);
    const value = flagOf(of);
    return value === undefined ? undefined : observedFact(value, of.at, from);
  };
  const facts: DaemonFacts = {
    rootless: flag("rootless"),
    apparmor: flag("apparmorEnabled"),
    selinux: flag("selinuxEnabled"),
    cgroupVersion: cgroupVersion(field(host, "cgroupVersion"), from),
    kernelRelease: text(field(host, "kernel"), from),
    defaultRuntime: text(field(host, "ociRuntime", "name"), from),
  };
  return { engine: "podman", version: text(field(root, "version", "Version"), from), facts: defined(facts) };
}

function defined(facts: DaemonFacts): DaemonFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
