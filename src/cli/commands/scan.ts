import type { Target } from "../../assess/request.ts";
import { assessAndReport } from "../assess.ts";
import { statusOf } from "../exit.ts";
import type { AssessOptions, OutputOptions } from "../options.ts";
import { addAssessOptions, addOutputOptions, requestOf } from "../options.ts";
import type { OutputWord } from "../outputs.ts";
import { pairOutputs } from "../outputs.ts";
import { readTargets } from "../targets.ts";
import { reporters } from "../../reporters/registry.ts";
import type { Command } from "./types.ts";

/** `holdfast scan`: the main job. */
export const scan: Command = {
  name: "scan",
  register(program, { passthrough, exit }) {
    const words: OutputWord[] = [];
    const formats = Object.keys(reporters);
    const command = program
      .command("scan")
      .summary("every way from a container to its host, and what closes each")
      .description(
        "Reads Compose files, Kubernetes manifests, OCI config.json, docker inspect output and docker run lines; a folder is walked.\n" +
          "No TARGET: the current folder. `-`: standard input. After `--`: a docker, podman or nerdctl command.",
      )
      .argument("[target...]", "files, folders or -");
    command.option(
      "-f, --file <path>",
      "a Compose file; several are merged in order, as by docker compose -f",
      gathered,
      [],
    );
    addOutputOptions(addAssessOptions(command, { order: 2 }), words, formats.join("|"));
    command.action(
      async (
        targets: readonly string[],
        options: AssessOptions & OutputOptions & { file: readonly string[] },
      ) => {
        const outputs = pairOutputs(words, formats);
        // The boundary is read from JSON only; drawing it up for every subject would cost half the time.
        const boundary = options.boundary && outputs.some(({ format }) => format !== "text");
        const request = {
          ...requestOf(options),
          boundary,
          targets: targetsOf(targets, options.file, passthrough),
        };
        const { errors, short } = await assessAndReport(request, outputs, options);
        exit(statusOf(errors, short));
      },
    );
  },
};

function gathered(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** What to scan: with `--file` one merged Compose project, beside whatever else is named. */
function targetsOf(
  targets: readonly string[],
  files: readonly string[],
  passthrough: readonly string[] | undefined,
): readonly Target[] {
  if (files.length === 0) return readTargets(targets, passthrough);
  const named = targets.length === 0 && passthrough === undefined ? [] : readTargets(targets, passthrough);
  return [{ kind: "compose", paths: files }, ...named];
}
