import { Option } from "commander";
import type { Command } from "commander";
import type { ScanRequest } from "../assess/request.ts";
import { usageProblem } from "../assess/request.ts";
import { quote } from "../base/text.ts";
import { defaultStore } from "../feeds/default-store.ts";
import type { Goal } from "../knowledge/types.ts";
import { goals } from "../knowledge/types.ts";
import type { OutputWord } from "./outputs.ts";

/** Options of the commands that assess something, as commander hands them over. */
export interface AssessOptions {
  readonly host?: string;
  readonly goal?: readonly Goal[];
  readonly failOn: number;
  readonly judge: "worst" | "best";
  readonly assume?: ReadonlyMap<string, string>;
  readonly knowledge?: string;
  /** False: not even the default store. */
  readonly feeds?: string | false;
  readonly boundary: boolean;
  readonly order: number;
  readonly profile?: readonly string[];
}

export interface OutputOptions {
  readonly color: "auto" | "always" | "never";
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly progress: boolean;
}

/** Adds `--host`, `--goal` … to a command. */
export function addAssessOptions(command: Command, defaults: { readonly order: number }): Command {
  return command
    .addOption(
      new Option(
        "--host <host>",
        "host facts: patched, unknown, live, a file (holdfast host --output), or a preset (--presets)",
      ),
    )
    .addOption(new Option("--goal <goal>", `${goals.join("|")}|any; repeatable`).argParser(addGoal))
    .addOption(
      new Option("--fail-on <n>", "fall short when a margin is below this; 0 never fails")
        .default(1)
        .argParser(wholeNumber("--fail-on", 0, 9)),
    )
    .addOption(
      new Option("--judge <case>", "which margin counts while facts are unknown: worst|best")
        .default("worst")
        .argParser(oneOf("--judge", ["worst", "best"])),
    )
    .addOption(
      new Option(
        "--assume <key=value>",
        "settle an unknown fact, such as apparmor=docker-default; repeatable",
      ).argParser(addAssumption),
    )
    .addOption(new Option("--knowledge <dir>", "add techniques of your own"))
    .addOption(new Option("--feeds <dir>", "fixed versions from a store that `holdfast kb update` wrote"))
    .addOption(new Option("--no-feeds", "leave the default store of feeds out"))
    .addOption(
      new Option("--order <n>", "list closed ways that need at most this many failures")
        .default(defaults.order)
        .argParser(wholeNumber("--order", 1, 6)),
    )
    .addOption(
      new Option("--profile <name>", "a profile of the Compose file to turn on; repeatable").argParser(
        append,
      ),
    )
    .addOption(new Option("--no-boundary", "leave the boundary itself out of JSON"));
}

/** Adds `--format`, `--output`, `--color` …; what was said of formats and files is collected in `words`, in order. */
export function addOutputOptions(command: Command, words: OutputWord[], formats: string): Command {
  return command
    .addOption(
      new Option("--format <format>", `${formats}; repeatable, each with an --output of its own`).argParser(
        (format: string) => words.push({ format }),
      ),
    )
    .addOption(
      new Option(
        "--output <file>",
        "write the report to a file; the n-th belongs to the n-th --format",
      ).argParser((file: string) => words.push({ file })),
    )
    .addOption(
      new Option("--color <when>", "auto|always|never")
        .default("auto")
        .argParser(oneOf("--color", ["auto", "always", "never"])),
    )
    .addOption(new Option("--quiet", "only what falls short, a line each").conflicts("verbose"))
    .addOption(new Option("--verbose", "every subject, closed ways too"))
    .addOption(new Option("--no-progress", "no progress line"));
}

/** What the pipeline is asked for, but for the targets. */
export function requestOf(options: AssessOptions): Omit<ScanRequest, "targets"> {
  return {
    host: options.host,
    goals: options.goal ?? goals,
    failOn: options.failOn,
    judge: options.judge,
    assume: options.assume ?? new Map<string, string>(),
    knowledgeDir: options.knowledge,
    feeds: feedsOf(options),
    order: options.order,
    boundary: options.boundary,
    profiles: options.profile ?? [],
  };
}

function feedsOf({ feeds }: AssessOptions): ScanRequest["feeds"] {
  if (feeds === false) return undefined;
  const store = feeds ?? defaultStore();
  return store === undefined ? undefined : { store, required: feeds !== undefined };
}

function wholeNumber(name: string, least: number, most: number): (value: string) => number {
  return (value) => {
    if (/^\d$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    throw usageProblem(
      `expected \`${name}\` to be a whole number from ${String(least)} to ${String(most)}, found ${quote(value)}`,
    );
  };
}

function oneOf(name: string, values: readonly string[]): (value: string) => string {
  return (value) => {
    if (values.includes(value)) return value;
    throw usageProblem(
      `expected \`${name}\` to be ${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}, found ${quote(value)}`,
    );
  };
}

function addGoal(value: string, previous: readonly Goal[] | undefined): readonly Goal[] {
  if (value === "any") return goals;
  const goal = goals.find((known) => known === value);
  if (!goal)
    throw usageProblem(`expected \`--goal\` to be one of ${goals.join(", ")}, any, found ${quote(value)}`);
  return [...new Set([...(previous ?? []), goal])];
}

function addAssumption(
  value: string,
  previous: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const equals = value.indexOf("=");
  if (equals < 1) throw usageProblem(`expected \`--assume\` to be KEY=VALUE, found ${quote(value)}`);
  return new Map([...(previous ?? []), [value.slice(0, equals), value.slice(equals + 1)]]);
}

function append(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
