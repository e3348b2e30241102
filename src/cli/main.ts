import { isUsageProblem } from "../assess/request.ts";
import { terminalSafe } from "../base/text.ts";
import { exitStatus } from "./exit.ts";
import { isQueued } from "./standard-output.ts";
import { createProgram, isDone, usageMessage } from "./program.ts";

/** The entry point of the command. Everything else is loaded by the command that needs it. */
process.on("uncaughtException", fail);

void run(process.argv.slice(2)).then(leave);

async function run(words: readonly string[]): Promise<void> {
  const split = words.indexOf("--");
  const passthrough = split === -1 ? undefined : words.slice(split + 1);
  const own = split === -1 ? words : words.slice(0, split);
  const exit = (status: number): void => {
    process.exitCode = status;
  };
  const program = createProgram({ passthrough, exit }, own[0]);
  try {
    await program.parseAsync(own, { from: "user" });
  } catch (error) {
    if (isDone(error)) return;
    const message = isUsageProblem(error) ? error.message : usageMessage(error);
    if (message === undefined) fail(error);
    for (const line of message.split("\n")) process.stderr.write(`holdfast: ${terminalSafe(line)}\n`);
    process.exitCode = exitStatus.input;
  }
}

/** Everything is written: what Node would still take down by itself goes with the process, and sooner. */
function leave(): void {
  if (!isQueued()) process.exit();
}

/** A fault of our own: everything that helps to find it, and a status that no verdict has. */
function fail(error: unknown): never {
  process.stderr.write(
    `${terminalLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}\nthis is a bug in holdfast\n`,
  );
  process.exit(exitStatus.internal);
}

function terminalLines(text: string): string {
  return text.split("\n").map(terminalSafe).join("\n");
}
