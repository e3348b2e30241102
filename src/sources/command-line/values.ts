import { expected } from "../../base/problems.ts";
import type { PublishedPort } from "../../boundary/boundary.ts";
import type { DeviceRequest } from "../spec.ts";
import type { Draft } from "./draft.ts";
import { append, said, saidPiece, warn, wrongValue } from "./draft.ts";
import type { Piece } from "./piece.ts";
import { csvPieces, cutPiece, positionIn, slicePiece, splitPiece } from "./piece.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/** Bytes as docker/go-units RAMInBytes reads them: `512m`, `1.5g`, `1GiB`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([kmgtp]?)(?:i?b)?$/i.exec(text);
  if (!match) return undefined;
  return Math.floor(Number(match[1]) * (units[(match[2] ?? "").toLowerCase()] ?? 1));
}

/** `--publish`: `[IP:][HOST:]CONTAINER[/PROTOCOL]`, or Docker's `published=…,target=…`. */
export function addPort(draft: Draft, piece: Piece): void {
  const at = positionIn(piece);
  if (piece.value.includes("=")) {
    append(draft, "published", said(draft, longPort(piece.value), at));
    return;
  }
  const match = /^(?:(\[[^\]]*\]|[^:]*):)??(?:([^:]*):)?([^:/]+)(?:\/(\w+))?$/.exec(piece.value);
  const [, ip = "", hostPort = "", containerPort = "", protocol = "tcp"] = match ?? [];
  if (
    !match ||
    (piece.holes.length === 0 && !(portRange.test(containerPort) && /^$|^\d+(?:-\d+)?$/.test(hostPort)))
  ) {
    wrongValue(draft, "[IP:][HOST-PORT:]CONTAINER-PORT[/PROTOCOL]", piece, "--publish");
    return;
  }
  const hostIp = ip.replace(/^\[|\]$/g, "") || "0.0.0.0";
  append(
    draft,
    "published",
    said(draft, { hostIp, hostPort, containerPort, protocol: protocol.toLowerCase() }, at),
  );
}

const portRange = /^\d+(?:-\d+)?$/;

function longPort(text: string): PublishedPort {
  const fields = new Map(text.split(",").map((part) => part.split("=", 2) as [string, string]));
  return {
    hostIp: "0.0.0.0",
    hostPort: fields.get("published") ?? "",
    containerPort: fields.get("target") ?? "",
    protocol: fields.get("protocol") ?? "tcp",
  };
}

/** `--ulimit TYPE=SOFT[:HARD]`; -1 is unlimited. Podman also takes `host`, which copies the engine's own limits. */
export function addUlimit(draft: Draft, piece: Piece): void {
  if (piece.value === "host" && draft.engine === "podman") return;
  const match = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(piece.value);
  if (!match) {
    wrongValue(draft, "TYPE=SOFT[:HARD]", piece, "--ulimit");
    return;
  }
  const [, type = "", soft = "", hard = soft] = match;
  const limit = (text: string): number => (Number(text) < 0 ? Infinity : Number(text));
  append(draft, "rlimits", said(draft, { type, soft: limit(soft), hard: limit(hard) }, positionIn(piece)));
}

/** `--sysctl NAME=VALUE`. */
export function addSysctl(draft: Draft, piece: Piece): void {
  const { key, rest } = cutPiece(piece, "=");
  if (!rest) {
    wrongValue(draft, "NAME=VALUE", piece, "--sysctl");
    return;
  }
  append(draft, "sysctls", said(draft, { name: key.value, value: rest.value }, positionIn(piece)));
}

/** `--env NAME[=VALUE]`: only the name is kept, and whether a value was written here. */
export function addEnvironment(draft: Draft, piece: Piece): void {
  const { key, rest } = cutPiece(piece, "=");
  if (key.value === "") {
    wrongValue(draft, "NAME[=VALUE]", piece, "--env");
    return;
  }
  const literal = rest !== undefined && rest.value !== "" && rest.holes.length === 0;
  append(draft, "environment", said(draft, { name: key.value, literal }, positionIn(piece)));
}

/** `--env-file PATH`: names from each line; a name without a value is taken from the environment of the command. */
export function addEnvironmentFile(draft: Draft, piece: Piece): void {
  const file = draft.context.readText(piece.value);
  if (!file) {
    warn(
      draft,
      "missing-reference",
      expected("a readable environment file", piece.value),
      positionIn(piece),
      "--env-file",
    );
    return;
  }
  for (const match of file.text.matchAll(/^[ \t]*([^\s#=][^\s=]*)[ \t]*(=[^\n]*)?$/gm)) {
    const at = { source: file, offset: match.index + match[0].length - match[0].trimStart().length };
    append(
      draft,
      "environment",
      said(draft, { name: match[1] ?? "", literal: (match[2] ?? "").trim().length > 1 }, at),
    );
  }
}

/** Podman `--secret NAME[,type=mount|env][,target=…]`. */
export function addSecret(draft: Draft, piece: Piece): void {
  const [name = piece, ...rest] = splitPiece(piece, ",");
  const option = (key: string): string | undefined =>
    rest.find((part) => part.value.startsWith(`${key}=`))?.value.slice(key.length + 1);
  if (option("type") === "env") {
    append(
      draft,
      "environment",
      said(draft, { name: option("target") ?? name.value, literal: false }, positionIn(name)),
    );
  } else append(draft, "secrets", saidPiece(draft, name));
}

/** Fully qualified CDI names, `vendor.com/class=name` (Container Device Interface specification, "Kind"). */
const cdiName = /^[A-Za-z][\w.-]*\/[A-Za-z][\w-]*=[\w.:-]+$/;

/** `--device HOST[:CONTAINER][:ACCESS]`, where a second part of the letters `rwm` alone is the access. */
export function addDevice(draft: Draft, piece: Piece): void {
  if (cdiName.test(piece.value)) {
    draft.spec.gpus ??= saidPiece(draft, piece);
    return;
  }
  const [host = piece] = splitPiece(piece, ":");
  const request = deviceOf(piece.value);
  // Docker and nerdctl want absolute paths; Podman resolves what it is given.
  const relative = draft.engine !== "podman" && !/^[/$]/.test(host.value);
  if (!request || relative)
    wrongValue(draft, "HOST[:CONTAINER][:ACCESS] with ACCESS of the letters rwm", piece, "--device");
  if (host.value === "") return;
  const asked = request ?? { hostPath: host.value, containerPath: host.value, access: "rwm" };
  append(draft, "devices", said(draft, asked, positionIn(host)));
}

function deviceOf(text: string): DeviceRequest | undefined {
  const parts = text.split(":");
  const [hostPath = "", second = "", third] = parts;
  const mode = /^[rwm]+$/;
  if (parts.length > 3 || hostPath === "") return undefined;
  if (third === undefined && mode.test(second)) return { hostPath, containerPath: hostPath, access: second };
  const access = third ?? "rwm";
  return mode.test(access) ? { hostPath, containerPath: second || hostPath, access } : undefined;
}

/** `--device-cgroup-rule "c 1:3 rwm"` (docker/cli opts.go, deviceCgroupRuleRegexp). */
export function addDeviceRule(draft: Draft, piece: Piece): void {
  if (!/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/.test(piece.value)) {
    wrongValue(draft, 'a rule such as "c 1:3 rwm"', piece, "--device-cgroup-rule");
  }
  append(draft, "deviceCgroupRules", saidPiece(draft, piece));
}

/** `--network`: the first one decides the mode; the names of networks are kept for the blast radius. */
export function addNetwork(draft: Draft, piece: Piece): void {
  const name = networkName(draft, piece);
  draft.spec.network ??= saidPiece(draft, name);
  const special =
    /^(?:host|none|bridge|default|private|slirp4netns|pasta|pod|nat)$|^(?:container|ns|slirp4netns|pasta|bridge):/;
  if (!special.test(name.value)) append(draft, "networks", saidPiece(draft, name));
}

function networkName(draft: Draft, piece: Piece): Piece {
  if (draft.engine === "podman") {
    const keep = /^(?:container|ns|slirp4netns|pasta|bridge)(?::|$)/.test(piece.value);
    return keep ? piece : (splitPiece(splitPiece(piece, ":")[0] ?? piece, ",")[0] ?? piece);
  }
  if (!/^\w[\w-]*=/.test(piece.value)) return piece;
  const named = csvPieces(piece).find((field) => /^name=/i.test(field.value));
  if (named) return slicePiece(named, "name=".length);
  draft.problems.push({
    code: "missing-field",
    message: expected("name=NETWORK", piece.value),
    at: positionIn(piece),
    path: "--network",
  });
  return piece;
}

/** `--uidmap CONTAINER:HOST:SIZE`. Podman's `@` and rootless intermediate ids are not host ids and are left out. */
export function addUidMap(draft: Draft, piece: Piece): void {
  const match = /^(\d+):(\d+)(?::(\d+))?$/.exec(piece.value);
  if (!match) {
    if (!/^[+ugUG]*\d+:@?\d+(?::\d+)?(?:#.*)?$/.test(piece.value))
      wrongValue(draft, "CONTAINER:HOST[:SIZE]", piece, "--uidmap");
    return;
  }
  const map = { containerId: Number(match[1]), hostId: Number(match[2]), size: Number(match[3] ?? 1) };
  append(draft, "uidMap", said(draft, map, positionIn(piece)));
}
