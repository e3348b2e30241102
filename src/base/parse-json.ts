import type { Node as JsonNode, ParseError } from "jsonc-parser";
import { parseTree, printParseErrorCode } from "jsonc-parser";
import type { Entry, Node } from "./document.ts";
import type { SourceText } from "./location.ts";
import type { Problem } from "./problems.ts";

const maxDepth = 500;

/** Parses JSON (with `comments: true`, also comments and trailing commas) into a Node. */
export function parseJson(
  source: SourceText,
  options: { comments?: boolean } = {},
): { document: Node | null; problems: readonly Problem[] } {
  const errors: ParseError[] = [];
  let tree: JsonNode | undefined;
  try {
    tree = parseTree(source.text, errors, {
      disallowComments: options.comments !== true,
      allowTrailingComma: options.comments === true,
    });
  } catch {
    return { document: null, problems: [tooDeep(source, 0)] };
  }
  const [first] = errors;
  if (first) {
    return {
      document: null,
      problems: [
        {
          code: "json-syntax",
          message: `expected JSON, found ${printParseErrorCode(first.error)
            .replace(/([A-Z])/g, " $1")
            .trim()
            .toLowerCase()}`,
          at: { source, offset: first.offset },
        },
      ],
    };
  }
  if (!tree) return { document: null, problems: [] };
  const problems: Problem[] = [];
  const document = convert(tree, source, problems, 0);
  return problems.length > 0 ? { document: null, problems } : { document, problems };
}

function tooDeep(source: SourceText, offset: number): Problem {
  return {
    code: "too-deep",
    message: `expected JSON nested at most ${String(maxDepth)} levels deep, found more`,
    at: { source, offset },
  };
}

function convert(node: JsonNode, source: SourceText, problems: Problem[], depth: number): Node {
  const { offset } = node;
  if (depth > maxDepth) {
    if (problems.length === 0) problems.push(tooDeep(source, offset));
    return { kind: "scalar", source, offset, value: null, raw: "", quoted: false };
  }
  if (node.type === "object") {
    const entries = new Map<string, Entry>();
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (!key || !value) continue;
      const name = String(key.value);
      // Go's encoding/json takes the last of duplicate keys, and so does every engine that reads these files.
      entries.set(name, {
        key: name,
        keyOffset: key.offset,
        value: convert(value, source, problems, depth + 1),
      });
    }
    return { kind: "map", source, offset, entries };
  }
  if (node.type === "array") {
    return {
      kind: "seq",
      source,
      offset,
      items: (node.children ?? []).map((item) => convert(item, source, problems, depth + 1)),
    };
  }
  const value = node.value as string | number | boolean | null;
  const raw = typeof value === "string" ? value : source.text.slice(offset, offset + node.length);
  return { kind: "scalar", source, offset, value, raw, quoted: typeof value === "string" };
}
