import type { SourceText } from "../../base/location.ts";
import { sourceText } from "../../base/location.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { MountRequest } from "../spec.ts";
import type { SourceContext, SourceResult, SubjectSpec } from "../types.ts";
import { applyFlag } from "./apply.ts";
import type { Draft } from "./draft.ts";
import { finishDraft, newDraft, parseBool, said, saidPiece } from "./draft.ts";
import type { Invocation } from "./find.ts";
import { findInvocations } from "./find.ts";
import { runFlags } from "./flags.ts";
import type { FlagUse, ParsedFlags } from "./parse-flags.ts";
import { parseFlags } from "./parse-flags.ts";
import type { Piece } from "./piece.ts";
import { positionIn } from "./piece.ts";

/**
 * Reads `docker run …`, `podman run …` and `nerdctl run …` (and `create`) as they were given after `--` on our own
 * command line. Positions refer to a text named "command line": the arguments, quoted for a shell.
 */
export function readArguments(argv: readonly string[], context: SourceContext): SourceResult {
  const source = sourceText("command line", argv.map(quoteWord).join(" "));
  const result = readScript(source, context);
  if (result.subjects.length > 0) return result;
  const what = "a docker, podman or nerdctl command with run or create";
  const problem: Problem = {
    code: "unrecognised",
    message: expected(what, argv.slice(0, 3).join(" ")),
    at: { source, offset: 0 },
  };
  return { subjects: [], problems: [...result.problems, problem] };
}

function quoteWord(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Whether a text has at least one container command in it. */
export function recognisesScript(text: string): boolean {
  if (!/\b(?:run|create)\b/.test(text)) return false;
  return findInvocations(sourceText("", text)).length > 0;
}

/**
 * Reads every container command of a shell script, Makefile, systemd unit or Markdown text; each is a subject. Variables
 * have the value that the text gives them, `$PWD` is the project's folder (a relative path), `$HOME` stays as it is.
 */
export function readScript(source: SourceText, context: SourceContext): SourceResult {
  const problems: Problem[] = [];
  const names = new Map<string, number>();
  const read = findInvocations(source).map((invocation) => readInvocation(invocation, context));
  for (const { draft } of read) inheritVolumes(draft, read);
  const subjects = read.map(({ draft, name, image, program }): SubjectSpec => {
    problems.push(...draft.problems);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const unique = count === 1 ? name : `${name}-${String(count)}`;
    return { name: unique, kind: "command", at: positionIn(program), image, spec: finishDraft(draft) };
  });
  return { subjects, problems };
}

interface ReadInvocation {
  readonly draft: Draft;
  readonly name: string;
  readonly image: string | null;
  readonly program: Piece;
}

function readInvocation(invocation: Invocation, context: SourceContext): ReadInvocation {
  const { engine, words, program, globals } = invocation;
  const draft = newDraft(engine, context);
  const parsed = parseFlags(words, invocation.first, runFlags[engine]);
  draft.problems.push(...parsed.problems);
  applyEngineUser(draft, invocation);
  const uses = [...globals.filter((use) => engine === "podman" && use.name === "runtime"), ...parsed.uses];
  // Flags that name a namespace win over the pod's, wherever they stand.
  const isPod = (use: FlagUse): boolean => use.name === "pod";
  for (const use of [...uses.filter((one) => !isPod(one)), ...uses.filter(isPod)]) applyFlag(draft, use);
  applyIdMaps(draft, parsed);
  applyImage(draft, invocation, parsed);
  const image = words[parsed.next]?.value;
  const named = parsed.uses.find((use) => use.name === "name" && use.value?.value)?.value?.value;
  const name = named ?? (image === undefined ? "container" : baseName(image));
  return { draft, name, image: draft.spec.image?.value ?? null, program };
}

/** `sudo podman` is not rootless; a socket below /run/user is a rootless Docker's (docs.docker.com, rootless mode). */
function applyEngineUser(draft: Draft, { engine, asRoot, environment, globals }: Invocation): void {
  if (engine !== "docker") {
    if (asRoot) draft.spec.rootless = said(draft, false, positionIn(asRoot));
    return;
  }
  const hosts = globals.filter((use) => use.name === "host").map((use) => use.value);
  const variable = environment.find((word) => word.value.startsWith("DOCKER_HOST="));
  const host = hosts.at(-1) ?? variable;
  if (host && /unix:\/\/(?:\/run\/user\/|\$XDG_RUNTIME_DIR\/)/.test(host.value)) {
    draft.spec.rootless = said(draft, true, positionIn(host));
  }
}

/** Explicit mappings imply a user namespace of the container's own (podman-run(1), --uidmap and --subuidname). */
function applyIdMaps(draft: Draft, parsed: ParsedFlags): void {
  const mapped = parsed.uses.find((use) => /^(?:uidmap|gidmap|subuidname|subgidname)$/.test(use.name));
  if (mapped && draft.engine === "podman") draft.spec.userns ??= said(draft, "private", mapped.at);
}

const initPrograms = new Set(["/sbin/init", "/usr/sbin/init", "/usr/local/sbin/init"]);

function applyImage(draft: Draft, { words, program }: Invocation, parsed: ParsedFlags): void {
  const image = words[parsed.next];
  if (!image) {
    const message = "expected an image after the options, found the end of the command";
    draft.problems.push({ code: "missing-field", message, at: positionIn(program) });
    return;
  }
  if (isOn(parsed, "rootfs")) draft.mounts.unshift(rootMount(draft, image));
  else draft.spec.image = saidPiece(draft, image);
  if (image.value === "" || /\s/.test(image.value)) {
    draft.problems.push({
      code: "wrong-value",
      message: expected("an image reference", image.value),
      at: positionIn(image),
    });
  }
  const command = words[parsed.next + 1];
  if (draft.engine === "podman" && command) applySystemdMode(draft, command, parsed);
}

function isOn(parsed: ParsedFlags, name: string): boolean {
  const last = parsed.uses.findLast((use) => use.name === name);
  return last !== undefined && (last.value === undefined || parseBool(last.value.value) === true);
}

/** Podman's systemd mode: /sys/fs/cgroup is mounted writable for an init program (podman-run(1), --systemd). */
function applySystemdMode(draft: Draft, command: Piece, parsed: ParsedFlags): void {
  const mode = parsed.uses.findLast((use) => use.name === "systemd")?.value?.value ?? "true";
  const isInit = initPrograms.has(command.value) || /(?:^|\/)systemd$/.test(command.value);
  if (mode === "true" && isInit) draft.spec.writableCgroups ??= said(draft, true, positionIn(command));
}

/** `--rootfs`: the first argument is a folder of the host, and the container's root; `:O` puts an overlay over it. */
function rootMount(draft: Draft, root: Piece): MountRequest {
  const [path = "", ...options] = root.value.split(":");
  const overlay = options.includes("O");
  return {
    kind: "bind",
    source: said(draft, path, positionIn(root)),
    target: said(draft, "/", positionIn(root)),
    readOnly: overlay ? said(draft, true, positionIn(root)) : draft.spec.readonlyRootfs,
    ...(overlay ? { fsType: "overlay" } : {}),
  };
}

function baseName(image: string): string {
  const [name = ""] = image.replace(/^.*\//, "").split(/[:@]/);
  return name || "container";
}

/** Takes over the mounts of containers that the same text creates; of any other they are not known. */
function inheritVolumes(draft: Draft, all: readonly ReadInvocation[]): void {
  for (const { name, readOnly, at } of draft.volumesFrom) {
    const other = all.find((candidate) => candidate.name === name && candidate.draft !== draft);
    if (!other) {
      draft.problems.push({
        code: "missing-reference",
        message: `${expected("a container created in the same input", name)}, whose volumes are not judged`,
        at,
        path: "--volumes-from",
      });
      continue;
    }
    for (const mount of other.draft.mounts) {
      if (mount.kind !== "bind" && mount.kind !== "volume") continue;
      draft.mounts.push(readOnly ? { ...mount, readOnly: said(draft, true, at) } : mount);
    }
  }
}
