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
    addOutputOptions(addAssessOptions(command, { order: 2 }), words, formats.join("|"));
    command.action(async (targets: readonly string[], options: AssessOptions & OutputOptions) => {
      const outputs = pairOutputs(words, formats);
      // The boundary is read from JSON only; drawing it up for every subject would cost half the time.
      const boundary = options.boundary && outputs.some(({ format }) => format !== "text");
      const request = { ...requestOf(options), boundary, targets: readTargets(targets, passthrough) };
      const { errors, short } = await assessAndReport(request, outputs, options);
      exit(statusOf(errors, short));
    });
  },
};
