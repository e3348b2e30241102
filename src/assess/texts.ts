import { basename } from "node:path";
import type { Node } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import type { SourceContext } from "../sources/types.ts";
import type { Progress } from "./progress.ts";
import { finish } from "./progress.ts";
import { sourceContext } from "./source-context.ts";
import type { Origin } from "./sources.ts";
import { readSubjects } from "./sources.ts";

/** Assesses every subject of one text. */
export async function scanText(
  source: SourceText,
  origin: Origin,
  root: string,
  beside: readonly Node[],
  target: string,
  progress: Progress,
): Promise<void> {
  if (origin === "found" && isOverride(source.file)) return;
  const context = sourceContext(source.file, root, origin, given(progress));
  // The same array for every file: sources index it once, by identity; their own documents among it do no harm.
  finish(await readSubjects(source, origin, context, beside), target, progress);
}

/** Compose merges an override file into its main file: alone it is no subject of a folder. */
function isOverride(file: string): boolean {
  return /^(docker-)?compose\.override\.ya?ml$/.test(basename(file));
}

/** What every source is given whatever it reads. */
export function given({ request }: Progress): Pick<SourceContext, "environment" | "profiles"> {
  return { environment: environment(), profiles: request.profiles };
}

let environmentMap: ReadonlyMap<string, string> | undefined;

function environment(): SourceContext["environment"] {
  environmentMap ??= new Map(
    Object.entries(process.env).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    ),
  );
  return environmentMap;
}
