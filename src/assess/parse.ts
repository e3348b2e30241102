import type { Node } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import { parseYaml } from "../base/parse-yaml.ts";
import type { SourceId } from "../sources/registry.ts";
import type { Problem } from "../base/problems.ts";

/** What a cheap look at the text says it may be: only such files are parsed when a folder is walked. */
const looksLike: Readonly<Record<SourceId, RegExp>> = {
  kubernetes: /(^|[\s"'{,])apiVersion["']?\s*:/m,
  compose: /(^|[\s"'{,])(services|include)["']?\s*:/m,
  oci: /"ociVersion"/,
  "docker-inspect": /"HostConfig"/,
};
const composeName = /(^|\/)(docker-)?compose[^/]*\.ya?ml$/;

/** The sources that may read something of a text, by a cheap look; a file named like a Compose file is always looked into. */
export function likelySources(file: string, text: string): readonly SourceId[] {
  const ids = Object.keys(looksLike) as SourceId[];
  return ids.filter((id) => looksLike[id].test(text) || (id === "compose" && composeName.test(file)));
}

/** Whether a text that does not parse was clearly meant to be one of ours: then that is an error, else it is passed over. */
export function wasMeantAsInput(file: string, text: string): boolean {
  if (composeName.test(file)) return true;
  if (looksLike.kubernetes.test(text) && /(^|[\s"'{,])kind["']?\s*:/m.test(text)) return true;
  return looksLike.oci.test(text) || looksLike["docker-inspect"].test(text);
}

/** A template that only becomes YAML when it is rendered. */
export function isTemplate(text: string): boolean {
  return /\{\{[-\s]*(\.|include|range|if|with|define|template|end|toYaml|\$|\/\*|tpl|printf)/.test(text);
}

/** Parses YAML or JSON, by the first character that is not white space; the parser of JSON is loaded for the first text that is. */
export async function parseText(
  source: SourceText,
): Promise<{ documents: readonly Node[]; problems: readonly Problem[] }> {
  const first = /\S/.exec(source.text)?.[0];
  if (first === "{" || first === "[") {
    const { parseJson } = await import("../base/parse-json.ts");
    const { document, problems } = parseJson(source);
    if (document) return { documents: [document], problems };
    // A flow mapping is YAML too: only when that fails as well is the JSON error the better one.
    const yaml = parseYaml(source);
    if (yaml.problems.length > 0) return { documents: [], problems };
    return { documents: yaml.documents.filter((d) => d !== null), problems: [] };
  }
  const { documents, problems } = parseYaml(source);
  return { documents: documents.filter((d) => d !== null), problems };
}
