import type { Node } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import { parseJson } from "../base/parse-json.ts";
import { parseYaml } from "../base/parse-yaml.ts";
import type { Problem } from "../base/problems.ts";

/** What a cheap look at the text says it may be: only such files are parsed when a folder is walked. */
const looksLike = {
  kubernetes: /(^|[\s"'{,])apiVersion["']?\s*:/m,
  compose: /(^|[\s"'{,])(services|include)["']?\s*:/m,
  oci: /"ociVersion"/,
  inspect: /"HostConfig"/,
};

/** Whether a text may hold something that a source reads. */
export function mayBeInput(text: string): boolean {
  return Object.values(looksLike).some((pattern) => pattern.test(text));
}

/** Whether a text that does not parse was clearly meant to be one of ours: then that is an error, else it is passed over. */
export function wasMeantAsInput(file: string, text: string): boolean {
  if (/(^|\/)(docker-)?compose[^/]*\.ya?ml$/.test(file)) return true;
  if (looksLike.kubernetes.test(text) && /(^|[\s"'{,])kind["']?\s*:/m.test(text)) return true;
  return looksLike.oci.test(text) || looksLike.inspect.test(text);
}

/** A template that only becomes YAML when it is rendered. */
export function isTemplate(text: string): boolean {
  return /\{\{[-\s]*(\.|include|range|if|with|define|template|end|toYaml|\$|\/\*|tpl|printf)/.test(text);
}

/** Parses YAML or JSON, by the first character that is not white space. */
export function parseText(source: SourceText): { documents: readonly Node[]; problems: readonly Problem[] } {
  const first = /\S/.exec(source.text)?.[0];
  if (first === "{" || first === "[") {
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
