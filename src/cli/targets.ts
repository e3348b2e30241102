import { usageProblem } from "../assess/request.ts";
import type { Target } from "../assess/request.ts";
import { quote } from "../base/text.ts";

const live = /^(docker:|podman:|k8s:|pid:)|^self$/;

/**
 * TARGETs as they were given, and the container command after `--`; none of either is the current folder.
 * @throws UsageProblem for a live target, and for a `--` with nothing after it
 */
export function readTargets(
  words: readonly string[],
  command: readonly string[] | undefined,
): readonly Target[] {
  if (command?.length === 0) throw usageProblem("expected a container command after `--`, found nothing");
  const named = words.map(readTarget);
  const targets = command === undefined ? named : [...named, { kind: "command", argv: command } as const];
  return targets.length === 0 ? [{ kind: "path", path: "." }] : targets;
}

function readTarget(word: string): Target {
  if (word === "-") return { kind: "stdin" };
  if (word === "") throw usageProblem('expected TARGET to be a file, a folder or `-`, found ""');
  if (live.test(word)) {
    throw usageProblem(
      `live targets are not in this release: expected a file, a folder or \`-\`, found ${quote(word)} (a file of that name: ${quote(`./${word}`)})`,
    );
  }
  return { kind: "path", path: word };
}
