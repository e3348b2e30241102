import { describe, test } from "vitest";
import { unknown } from "../../src/boundary/fact.ts";
import type { Overrides } from "../helpers/boundary.ts";
import { capabilities, dockerCapabilities, known, namespaceIs } from "../helpers/boundary.ts";
import type { Row } from "../helpers/evaluate.ts";
import { check } from "../helpers/evaluate.ts";

const withCaps = (...names: string[]): Overrides => ({
  process: { capabilities: capabilities([...dockerCapabilities, ...names]) },
});
const remapped: Overrides = {
  namespaces: {
    user: namespaceIs.private,
    uidMap: known([{ containerId: 0, hostId: 100_000, size: 65_536 }]),
  },
};
const other: Overrides = {
  process: { uid: known(1000), capabilities: capabilities(dockerCapabilities, []) },
};
const unconfined: Overrides = { process: { seccomp: known({ kind: "unconfined" }) } };
const restricted = new Map([["kernel.apparmor_restrict_unprivileged_userns", known("1")]]);

const rows: readonly Row[] = [
  { name: "a capability that is held", condition: "capability", argument: "CAP_CHOWN", want: "holds" },
  {
    name: "a capability that is not",
    condition: "capability",
    argument: "CAP_SYS_ADMIN",
    want: [["capability:CAP_SYS_ADMIN"]],
  },
  {
    name: "a capability in a user namespace of its own",
    condition: "capability",
    argument: "CAP_CHOWN",
    of: remapped,
    want: [["user-namespace"]],
  },
  {
    name: "a capability over its own namespaces, in a user namespace",
    condition: "capability",
    argument: { name: "CAP_CHOWN", in: "own" },
    of: remapped,
    want: "holds",
  },
  {
    name: "a capability over namespaces that it may make",
    condition: "capability",
    argument: { name: "CAP_NET_ADMIN", in: "own" },
    of: unconfined,
    want: "holds",
  },
  {
    name: "the same behind Docker's filter",
    condition: "capability",
    argument: { name: "CAP_NET_ADMIN", in: "own" },
    want: [["capability:CAP_NET_ADMIN"], ["seccomp"]],
  },
  {
    name: "another user has none of the bounding set",
    condition: "capability",
    argument: "CAP_CHOWN",
    of: other,
    want: [["capability:CAP_CHOWN"]],
  },
  {
    name: "container root has all of it",
    condition: "capability",
    argument: "CAP_CHOWN",
    of: other,
    actor: "container-root",
    want: "holds",
  },
  {
    name: "sets that are not known",
    condition: "capability",
    argument: "CAP_CHOWN",
    of: {
      process: {
        capabilities: {
          ...capabilities([]),
          permitted: unknown("engine.version", "not said", [["CAP_CHOWN"], []]),
        },
      },
    },
    want: "unknown",
    names: "engine.version",
  },
  { name: "uid 0", condition: "uid", argument: "container-root", want: "holds" },
  { name: "another uid", condition: "uid", argument: "container-root", of: other, want: [["non-root"]] },
  {
    name: "another uid with CAP_SETUID in its own sets",
    condition: "uid",
    argument: "container-root",
    of: { process: { uid: known(1000), capabilities: capabilities(["CAP_SETUID"]) } },
    want: "holds",
  },
  {
    name: "uid 0 of a user namespace",
    condition: "uid",
    argument: "host-root",
    of: remapped,
    want: [["user-namespace"]],
  },
  {
    name: "uid 0 that maps to the host's uid 0",
    condition: "uid",
    argument: "host-root",
    of: {
      namespaces: { user: namespaceIs.private, uidMap: known([{ containerId: 0, hostId: 0, size: 1 }]) },
    },
    want: "holds",
  },
  {
    name: "uid 0 under a rootless engine",
    condition: "uid",
    argument: "host-root",
    of: { ...remapped, rootless: known(true) },
    want: [["rootless-engine", "user-namespace"]],
  },
  {
    name: "an unknown uid",
    condition: "uid",
    argument: "host-root",
    of: { process: { uid: unknown("image.user", "not said", [0, -1]) } },
    want: "unknown",
    names: "image.user",
  },
  { name: "set-uid programs", condition: "setuid", argument: "honoured", want: "holds" },
  {
    name: "no_new_privs",
    condition: "setuid",
    argument: "honoured",
    of: { process: { noNewPrivileges: known(true) } },
    want: [["no-new-privs"]],
  },
  {
    name: "an image without set-uid programs",
    condition: "setuid",
    argument: "honoured",
    of: { image: { setuidPrograms: known(false) } },
    want: [],
    names: "image:no-setuid-programs",
  },
  { name: "a call that Docker's filter allows", condition: "syscall", argument: "ptrace", want: "holds" },
  { name: "a call that it denies", condition: "syscall", argument: "kexec_load", want: [["seccomp"]] },
  {
    name: "a call that a capability opens",
    condition: "syscall",
    argument: "mount",
    of: withCaps("CAP_SYS_ADMIN"),
    want: "holds",
  },
  { name: "no filter", condition: "syscall", argument: "kexec_load", of: unconfined, want: "holds" },
  {
    name: "a filter whose contents nobody has",
    condition: "syscall",
    argument: "mount",
    of: { process: { seccomp: known({ kind: "filter", name: "mine.json", filter: "unread:mine.json" }) } },
    want: "unknown",
    names: "seccomp-profile:mine.json",
  },
  { name: "a socket family below the test", condition: "socket-family", argument: "AF_INET", want: "holds" },
  {
    name: "user namespaces behind Docker's filter",
    condition: "user-namespace-creation",
    argument: "allowed",
    want: [["seccomp"]],
  },
  {
    name: "user namespaces without a filter",
    condition: "user-namespace-creation",
    argument: "allowed",
    of: unconfined,
    want: "holds",
  },
  {
    name: "user namespaces where a sysctl forbids them",
    condition: "user-namespace-creation",
    argument: "allowed",
    of: { ...unconfined, host: { sysctls: new Map([["user.max_user_namespaces", known("0")]]) } },
    want: [["sysctl:user.max_user_namespaces=0"]],
  },
  {
    name: "Ubuntu's restriction, and no AppArmor profile",
    condition: "user-namespace-creation",
    argument: "allowed",
    of: {
      process: { ...unconfined.process, apparmor: known({ kind: "unconfined" }) },
      host: { sysctls: restricted },
    },
    want: [["sysctl:kernel.apparmor_restrict_unprivileged_userns=1"]],
  },
  {
    name: "Ubuntu's restriction, and the engine's profile, whose ABI does not mediate it",
    condition: "user-namespace-creation",
    argument: "allowed",
    of: {
      process: { ...unconfined.process, apparmor: known({ kind: "profile", name: "docker-default" }) },
      host: { sysctls: restricted },
    },
    want: "holds",
  },
  {
    name: "a host of which neither the restriction nor the distribution is known",
    condition: "user-namespace-creation",
    argument: "allowed",
    of: {
      process: { ...unconfined.process, apparmor: known({ kind: "unconfined" }) },
      host: { sysctls: new Map(), distribution: unknown("host.distribution", "not said") },
    },
    want: "unknown",
    names: "host.sysctl.kernel.apparmor_restrict_unprivileged_userns",
  },
];

describe("privileges, identity and filters", () => {
  test.each(rows)("$condition: $name → $want", check);
});
