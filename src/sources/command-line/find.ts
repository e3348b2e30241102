import type { SourceText } from "../../base/location.ts";
import type { Engine } from "./flags.ts";
import { globalFlags } from "./flags.ts";
import type { FlagUse } from "./parse-flags.ts";
import { parseFlags } from "./parse-flags.ts";
import type { Piece } from "./piece.ts";
import { positionIn, slicePiece } from "./piece.ts";
import type { Stream, Word } from "./lexer.ts";
import { lexShell } from "./shell.ts";
import type { Variables } from "./variables.ts";
import { settledVariables } from "./variables.ts";

/** One `run` or `create` command: what stands before its flags, and the words from there on. */
export interface Invocation {
  readonly engine: Engine;
  /** The engine's own word. */
  readonly program: Piece;
  readonly words: readonly Piece[];
  /** Index of the first word after the sub-command. */
  readonly first: number;
  readonly globals: readonly FlagUse[];
  /** `sudo` without another user, or `doas`: the engine runs as root. */
  readonly asRoot: Piece | undefined;
  readonly environment: readonly Piece[];
}

const maxNesting = 5;
const mentions = /(?:docker|podman|nerdctl|container|engine|runtime)/i;

/** The container commands of a shell script, a Makefile, a unit file or the fenced blocks of a Markdown text. */
export function findInvocations(source: SourceText): readonly Invocation[] {
  const found: Invocation[] = [];
  for (const stream of blocks(source)) {
    const variables = settle(stream);
    collect(stream, variables, 0, found);
  }
  return found.sort((a, b) => positionIn(a.program).offset - positionIn(b.program).offset);
}

/** In a Markdown text only what stands between fences is commands. */
function blocks(source: SourceText): readonly Stream[] {
  const fence = /^[ \t]*(?:`{3,}|~{3,})[^\n]*$/gm;
  const marks = [...source.text.matchAll(fence)];
  if (marks.length < 2) return [{ source, text: source.text }];
  const streams: Stream[] = [];
  for (let i = 0; i + 1 < marks.length; i += 2) {
    const start = (marks[i]?.index ?? 0) + (marks[i]?.[0].length ?? 0);
    const end = marks[i + 1]?.index ?? start;
    const offsets = Array.from({ length: end - start }, (_, k) => start + k);
    streams.push({ source, text: source.text.slice(start, end), offsets });
  }
  return streams;
}

/** Variables may be built from others; three rounds reach what real scripts do. */
function settle(stream: Stream): Variables {
  let variables: Variables = new Map();
  for (let round = 0; round < 3; round++) {
    const next = settledVariables(lexShell(stream, variables).assignments, stream.text, variables);
    const stable = next.size === variables.size;
    variables = next;
    if (stable) break;
  }
  return variables;
}

function collect(stream: Stream, variables: Variables, depth: number, found: Invocation[]): void {
  const { commands, assignments, documents } = lexShell(stream, variables);
  for (const words of commands) {
    const invocation = asInvocation(words);
    if (invocation) found.push(invocation);
    if (depth < maxNesting) nested(words, variables, depth, found);
  }
  if (depth >= maxNesting) return;
  for (const { words, array } of assignments) if (array) nested(words, variables, depth, found);
  for (const document of documents)
    if (mentions.test(document.text)) collect(document, variables, depth + 1, found);
}

/** Programs whose quoted argument is a command line. */
const shells =
  /^(?:(?:ba|z|da|a|k)?sh|su|ssh|eval|watch|xargs|parallel|tmux|screen|timeout|trap|crontab|wsl|Exec\w+=.*)$/;

function nested(words: readonly Word[], variables: Variables, depth: number, found: Invocation[]): void {
  const runsText = words.some((word) => shells.test(word.value.replace(/^.*\//, "")));
  for (const word of words) {
    for (const stream of word.nested)
      if (mentions.test(stream.text)) collect(stream, variables, depth + 1, found);
    // A text over several lines may be a script for another program, or an apostrophe that was none.
    const isText = word.quoted && /\s/.test(word.value) && (runsText || word.value.includes("\n"));
    if (isText && mentions.test(word.value)) {
      collect({ source: word.source, text: word.value, offsets: word.offsets }, variables, depth + 1, found);
    }
  }
}

/** Reserved words, list marks and YAML keys, and programs that run the words behind them. */
const prefixes = /^(?:if|then|elif|else|do|while|until|!|\{|-|\$|%|\w[\w-]*:)$/;
/** Each wrapper with those of its options that take the next word. */
const wrappers: Readonly<Record<string, RegExp>> = {
  sudo: /^-(?:[ugCpshTDRtUr]|-user|-group|-host|-chdir|-prompt)$/,
  doas: /^-[uC]$/,
  env: /^-(?:[uSC]|-unset|-chdir)$/,
  timeout: /^-(?:[ks]|-signal|-kill-after)$/,
  nice: /^-(?:n|-adjustment)$/,
  ionice: /^-[cn]$/,
  stdbuf: /^-[ioe]$/,
  exec: /^-a$/,
  time: /^-[fo]$/,
  command: /^$/,
  nohup: /^$/,
  setsid: /^$/,
  eval: /^$/,
};

interface Prefix {
  readonly environment: Piece[];
  asRoot: Piece | undefined;
  wrapper: string;
}

function asInvocation(words: readonly Word[]): Invocation | undefined {
  const prefix: Prefix = { environment: [], asRoot: undefined, wrapper: "" };
  for (let i = 0; i < words.length;) {
    const word = words[i];
    if (!word) return undefined;
    const program = stripped(word);
    const engine = engineOf(program);
    if (engine)
      return withSubcommand(engine, words, i, {
        program,
        asRoot: prefix.asRoot,
        environment: prefix.environment,
      });
    const taken = takePrefix(prefix, word, program, words[i + 1]?.value ?? "");
    if (taken === 0) return undefined;
    i += taken;
  }
  return undefined;
}

/** How many words belong to what stands before the engine; 0 when this is another command. */
function takePrefix(prefix: Prefix, word: Word, program: Piece, next: string): number {
  if (/^[A-Za-z_]\w*=/.test(word.value)) {
    prefix.environment.push(word);
    return 1;
  }
  const name = program.value.replace(/^.*\//, "");
  if (Object.hasOwn(wrappers, name)) {
    prefix.wrapper = name;
    if (name === "sudo" || name === "doas") prefix.asRoot = program;
    return 1;
  }
  if (prefix.wrapper !== "" && /^-./.test(word.value)) return takeOption(prefix, word.value, next);
  if (prefix.wrapper === "timeout" && /^[\d.]+[smhd]?$/.test(word.value)) return 1;
  return prefixes.test(program.value) || prefixes.test(word.value) ? 1 : 0;
}

function takeOption(prefix: Prefix, option: string, next: string): number {
  const other = /^(?:-u$|--user$)/.test(option)
    ? next !== "root"
    : /^(?:-u|--user=)(?!root$|0$)/.test(option);
  // Another user than root runs the engine.
  if (other) prefix.asRoot = undefined;
  return wrappers[prefix.wrapper]?.test(option) === true ? 2 : 1;
}

/** Without what Make and systemd put before a command. */
function stripped(word: Word): Piece {
  const [prefix = ""] = /^(?:Exec\w+=)?[-@+:!|]*(?=[\w./$])/.exec(word.value) ?? [];
  return prefix === "" ? word : slicePiece(word, prefix.length);
}

function engineOf(word: Piece): Engine | undefined {
  const name = word.value.replace(/^.*\//, "").replace(/\.exe$/, "");
  if (name === "docker" || name === "podman" || name === "nerdctl") return name;
  const [hole] = word.holes;
  if (!hole || hole.end !== word.value.length || hole.start !== 0) return undefined;
  if (
    !/docker|podman|nerdctl|container_?(?:engine|tool|cmd|cli|runtime|bin)|^engine$|^oci_bin$/i.test(
      hole.name,
    )
  )
    return undefined;
  return /podman/i.test(hole.name) ? "podman" : /nerdctl/i.test(hole.name) ? "nerdctl" : "docker";
}

function withSubcommand(
  engine: Engine,
  words: readonly Word[],
  index: number,
  rest: Pick<Invocation, "program" | "asRoot" | "environment">,
): Invocation | undefined {
  const globals = parseFlags(words, index + 1, globalFlags[engine]);
  let next = globals.next;
  if (words[next]?.value === "container") next++;
  const subcommand = words[next]?.value;
  if (subcommand !== "run" && subcommand !== "create") return undefined;
  const argument = words[next + 1];
  // A synopsis, a mention of the manual, or a bare word in a sentence starts no container.
  if (!argument || /^(?:\[|--help$)/.test(argument.value)) return undefined;
  return { engine, words, first: next + 1, globals: globals.uses, ...rest };
}
