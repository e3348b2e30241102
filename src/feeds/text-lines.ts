import { feedProblem } from "./problem.ts";

const longest = 64 * 1024;

/** The lines of a text, counted from 1. @throws FeedProblem for a line that no file of lines has */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly text: string; readonly number: number }> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield { text: line.trimEnd(), number: ++number };
    if (rest.length > longest)
      throw feedProblem(
        `expected line ${String(number + 1)} to have at most ${String(longest)} characters, found more`,
      );
  }
  if (rest !== "") yield { text: rest.trimEnd(), number: ++number };
}
