import type { Node } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import type { Problem } from "../base/problems.ts";
import type { SourceId } from "../sources/registry.ts";
import { sources } from "../sources/registry.ts";
import type { Source, SourceContext, SourceResult } from "../sources/types.ts";
import { isTemplate, likelySources, parseText, wasMeantAsInput } from "./parse.ts";

/** How an input came to be read: named by the user (then it must be something), or found in a folder. */
export type Origin = "named" | "found";

const loaded = new Map<SourceId, Source>();

async function loadSources(ids: readonly SourceId[]): Promise<readonly Source[]> {
  for (const id of ids) if (!loaded.has(id)) loaded.set(id, await sources[id]());
  return ids.flatMap((id) => loaded.get(id) ?? []);
}

const nothing: SourceResult = { subjects: [], problems: [] };

/**
 * Reads every subject of one text. A text that is none of ours is passed over when it was found in a folder, and an
 * error when the user named it. `beside` are documents of the same folder that say more (RBAC, namespaces).
 */
export async function readSubjects(
  source: SourceText,
  origin: Origin,
  context: SourceContext,
  beside: readonly Node[],
): Promise<SourceResult> {
  const { file, text } = source;
  const likely = likelySources(file, text);
  if (likely.length === 0) return origin === "found" ? nothing : readScriptOr(source, context);
  const { documents, problems } = await parseText(source);
  if (problems.length > 0 && isTemplate(text))
    return { subjects: [], problems: origin === "named" ? problems.map(templateHint) : [notRendered(file)] };
  const recognised = await sortDocuments(file, documents, likely);
  if (recognised.size === 0) return unrecognised(source, origin, problems, context);
  const results = [...recognised].map(([reader, own]) =>
    reader.read({ file, documents: own, beside }, context),
  );
  return {
    subjects: results.flatMap((r) => r.subjects),
    problems: [...problems, ...results.flatMap((r) => r.problems)],
  };
}

/** The documents of a file by the source that recognises them; those that none does are left out. */
async function sortDocuments(
  file: string,
  documents: readonly Node[],
  likely: readonly SourceId[],
): Promise<ReadonlyMap<Source, Node[]>> {
  const all = documents.length === 0 ? [] : await loadSources(likely);
  const recognised = new Map<Source, Node[]>();
  for (const document of documents) {
    const reader = all.find((candidate) => candidate.recognises({ file, document }));
    if (!reader) continue;
    const list = recognised.get(reader);
    if (list) list.push(document);
    else recognised.set(reader, [document]);
  }
  return recognised;
}

/** A text that holds nothing of ours: passed over where it was found, an error where it was named or clearly meant. */
async function unrecognised(
  source: SourceText,
  origin: Origin,
  problems: readonly Problem[],
  context: SourceContext,
): Promise<SourceResult> {
  if (problems.length === 0) return origin === "named" ? readScriptOr(source, context) : nothing;
  return {
    subjects: [],
    problems: origin === "named" || wasMeantAsInput(source.file, source.text) ? problems : [],
  };
}

/** A script with `docker run` lines, or an error that says what would have been understood. */
async function readScriptOr(source: SourceText, context: SourceContext): Promise<SourceResult> {
  const { readScript, recognisesScript } = await import("../sources/command-line/command-line.ts");
  if (recognisesScript(source.text)) return readScript(source, context);
  return {
    subjects: [],
    problems: [
      {
        code: "unrecognised",
        message:
          "expected a Compose file, a Kubernetes manifest, an OCI config.json, docker inspect output, or docker run lines, found none of these",
        file: source.file,
      },
    ],
  };
}

function templateHint(problem: Problem): Problem {
  return { ...problem, hint: "this looks like a template: render it first (helm template)" };
}

function notRendered(file: string): Problem {
  return {
    code: "yaml-syntax",
    severity: "warning",
    message: "passed over: a template that only becomes YAML when it is rendered (helm template)",
    file,
  };
}
