import { Command as Program, CommanderError } from "commander";
import { version } from "../assess/version.ts";
import { explain } from "./commands/explain.ts";
import { host } from "./commands/host.ts";
import { kb } from "./commands/kb.ts";
import { later } from "./commands/later.ts";
import { scan } from "./commands/scan.ts";
import type { Command, CommandContext } from "./commands/types.ts";

const commands: readonly Command[] = [scan, explain, kb, host, ...later];

/**
 * The command line, no command loaded: only the one that `first` names is registered, or all where it names none (help, a
 * misspelt command). Failures are thrown, never printed here.
 */
export function createProgram(context: CommandContext, first?: string): Program {
  const program = new Program("holdfast")
    .description("Every way out of a container, and what stands in its way.")
    .version(version, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText(
      "after",
      "\nExit status: 0 the wanted margin is met, 1 some subject falls short, 2 a usage error or an unreadable input, 3 a fault of holdfast.",
    );
  const named = commands.filter(({ name }) => name === first);
  for (const command of named.length > 0 ? named : commands) command.register(program, context);
  return program;
}

/** Whether commander stopped because it had printed what was asked for (help, version). */
export function isDone(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** What was wrong with the command line, in the grammar of all messages; undefined when the error is not of that kind. */
export function usageMessage(error: unknown): string | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  const text = error.message.replace(/^error: /, "");
  const named = /'([^']*)'/.exec(text)?.[1] ?? "";
  const suggestion = /\(Did you mean (?:one of )?(.*?)\?\)/.exec(text)?.[1];
  const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
  const messages: Readonly<Record<string, string>> = {
    "commander.help": "expected a command, found nothing; `holdfast --help` lists them",
    "commander.unknownCommand": `expected a command, found ${JSON.stringify(named)}${hint}`,
    "commander.unknownOption": `expected an option of this command, found \`${named}\`${hint}`,
    "commander.missingArgument": `expected an argument \`${named}\`, found nothing`,
    "commander.optionMissingArgument": `expected a value for \`${named}\`, found nothing`,
  };
  return messages[error.code] ?? text;
}
