import type { Command as Program } from "commander";

/** One command of the command line: thin, its work is loaded when it runs. */
export interface Command {
  readonly name: string;
  readonly register: (program: Program, context: CommandContext) => void;
}

export interface CommandContext {
  /** What stood after `--`; undefined when there was none. */
  readonly passthrough: readonly string[] | undefined;
  /** Hands over the status the process ends with. */
  readonly exit: (status: number) => void;
}
