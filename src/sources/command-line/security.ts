import type { Position } from "../../base/location.ts";
import { expected } from "../../base/problems.ts";
import type { ProfileRequest, SeccompRequest } from "../spec.ts";
import type { Draft } from "./draft.ts";
import { append, parseBool, said, saidPiece, wrongValue } from "./draft.ts";
import type { Piece } from "./piece.ts";
import { cutPiece, positionIn, splitPiece } from "./piece.ts";

const path = "--security-opt";

/**
 * One `--security-opt`, with either separator. Docker: docker/cli opts.go parseSecurityOpts and parseSystemPaths, moby
 * daemon/daemon_unix.go parseSecurityOpt; Podman: pkg/specgenutil/specgen.go; nerdctl: run_security_linux.go.
 */
export function addSecurityOption(draft: Draft, piece: Piece): void {
  const separator = piece.value.includes("=") ? "=" : ":";
  const { key, rest } = cutPiece(piece, separator);
  const read = Object.hasOwn(options, key.value) ? options[key.value] : undefined;
  const engines = onlyIn[key.value];
  if (!read || (engines && !engines.includes(draft.engine))) {
    wrongValue(
      draft,
      "a security option such as seccomp=, apparmor=, label= or no-new-privileges",
      piece,
      path,
    );
    return;
  }
  if (!rest?.value && !flagOptions.has(key.value)) {
    draft.problems.push({
      code: "missing-field",
      message: expected(`a value after ${key.value}`, piece.value),
      at: positionIn(piece),
      path,
    });
    return;
  }
  read(draft, rest, positionIn(piece));
}

/** Options that stand for `true` without a value. */
const flagOptions = new Set([
  "no-new-privileges",
  "writable-cgroups",
  "privileged-without-host-devices",
  "disable",
]);
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  mask: ["podman"],
  unmask: ["podman"],
  "proc-opts": ["podman"],
  disable: ["docker"],
  "writable-cgroups": ["docker", "nerdctl"],
  "privileged-without-host-devices": ["nerdctl"],
};

type Read = (draft: Draft, value: Piece | undefined, at: Position) => void;
const options: Readonly<Record<string, Read>> = {
  seccomp: (draft, value) => {
    if (value) draft.spec.seccomp = said(draft, readSeccomp(draft, value), positionIn(value));
  },
  apparmor: (draft, value) => {
    if (value) draft.spec.apparmor = said(draft, profileRequest(value.value), positionIn(value));
  },
  label: (draft, value) => {
    if (value) readLabel(draft, value);
  },
  disable: (draft, _value, at) => {
    draft.spec.selinux = said(draft, { kind: "disabled" }, at);
  },
  "no-new-privileges": (draft, value, at) => {
    draft.spec.noNewPrivileges = flag(draft, value, at) ?? draft.spec.noNewPrivileges;
  },
  "writable-cgroups": (draft, value, at) => {
    draft.spec.writableCgroups = flag(draft, value, at) ?? draft.spec.writableCgroups;
  },
  "privileged-without-host-devices": (draft, value, at) => {
    draft.spec.privilegedWithoutHostDevices =
      flag(draft, value, at) ?? draft.spec.privilegedWithoutHostDevices;
  },
  systempaths: (draft, value) => {
    if (value?.value === "unconfined") draft.spec.unmasked = said(draft, true, positionIn(value));
    else if (value) wrongValue(draft, "unconfined", value, `${path} systempaths`);
  },
  mask: (draft, value) => {
    for (const part of value ? splitPiece(value, ":") : [])
      append(draft, "maskPaths", saidPiece(draft, part));
  },
  unmask: (draft, value) => {
    for (const part of value ? splitPiece(value, ":") : [])
      append(draft, "unmaskPaths", saidPiece(draft, part));
  },
  // Mount options of /proc (hidepid, subset) only take away; nothing here judges them yet.
  "proc-opts": () => undefined,
};

function flag(
  draft: Draft,
  value: Piece | undefined,
  at: Position,
): ReturnType<typeof said<boolean>> | undefined {
  const parsed = value ? parseBool(value.value) : true;
  if (parsed === undefined && value) wrongValue(draft, "true or false", value, path);
  return parsed === undefined ? undefined : said(draft, parsed, at);
}

/** `label=disable`, `label=type:T`, and user, role and level, which leave the type alone. */
function readLabel(draft: Draft, value: Piece): void {
  const { key, rest } = cutPiece(value, ":");
  if (key.value === "disable") draft.spec.selinux = said(draft, { kind: "disabled" }, positionIn(value));
  else if (key.value === "type" && rest?.value) {
    draft.spec.selinux = said(draft, { kind: "type", type: rest.value }, positionIn(rest));
  } else if (!/^(?:user|role|level|filetype|nested)$/.test(key.value)) {
    wrongValue(draft, "disable, type:T, user:U, role:R, level:L or filetype:T", value, `${path} label`);
  }
}

/** `unconfined`, or the name of a profile. */
export function profileRequest(name: string): ProfileRequest {
  return name === "unconfined" ? { kind: "unconfined" } : { kind: "named", name };
}

function readSeccomp(draft: Draft, value: Piece): SeccompRequest {
  const name = value.value;
  if (name === "unconfined") return { kind: "unconfined" };
  if (name === "builtin" || (name === "default" && draft.engine === "podman")) return { kind: "default" };
  // The API, and so `docker inspect`, holds the profile itself.
  if (name.trimStart().startsWith("{"))
    return { kind: "profile", name: "custom", profile: parseProfile(draft, name, value) };
  const file = draft.context.readText(name);
  if (!file) {
    draft.problems.push({
      code: "missing-reference",
      message: expected("a readable seccomp profile", name),
      at: positionIn(value),
      path,
    });
    return { kind: "profile", name, profile: undefined };
  }
  return { kind: "profile", name, profile: parseProfile(draft, file.text, value) };
}

function parseProfile(draft: Draft, text: string, value: Piece): unknown {
  try {
    const profile: unknown = JSON.parse(text);
    if (typeof profile === "object" && profile !== null && !Array.isArray(profile)) return profile;
  } catch {
    // Reported below, together with JSON that is no object.
  }
  draft.problems.push({
    code: "json-syntax",
    message: expected("a seccomp profile in JSON", text),
    at: positionIn(value),
    path,
  });
  return undefined;
}
