import type { Entry, Node } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import type { ResolvedScalar } from "./nodes.ts";
import { mapLike, seqLike, withText } from "./nodes.ts";
import type { Lookup } from "./template.ts";
import { substitute } from "./template.ts";

interface Walk {
  readonly lookup: Lookup;
  readonly problems: Problem[];
  /** Aliases are one node in many places: it is resolved once, so that the document does not grow. */
  readonly done: Map<Node, Node>;
  /** Variables that were already reported for a field that no verdict depends on. */
  readonly reported: Set<string>;
}

/** Fields whose value decides something about the boundary: an unset variable is reported for each of them. */
const relevant =
  /^(?:services|jobs)\.[^.]+\.(?:privileged|user|group_add|cap_add|cap_drop|security_opt|pid|ipc|uts|userns_mode|network_mode|cgroup|cgroup_parent|volumes|volumes_from|tmpfs|read_only|devices|device_cgroup_rules|gpus|sysctls|runtime|image|secrets|configs|extends|use_api_socket)\b|^(?:volumes|networks|secrets|configs|include)\b/;

/**
 * A document with the variables in its scalar values replaced; keys are left alone. An unset variable is a warning that
 * names the field; a required one that is missing is an error of that field only.
 * @see Compose specification, 12-interpolation.md
 */
export function interpolate(document: Node, lookup: Lookup, problems: Problem[]): Node {
  if (!document.source.text.includes("$")) return document;
  return resolve(document, "", { lookup, problems, done: new Map(), reported: new Set() });
}

function resolve(node: Node, path: string, walk: Walk): Node {
  if (node.kind === "scalar") {
    return typeof node.value === "string" && node.value.includes("$") ? scalar(node, path, walk) : node;
  }
  const known = walk.done.get(node);
  if (known) return known;
  const result = node.kind === "seq" ? list(node, path, walk) : map(node, path, walk);
  walk.done.set(node, result);
  return result;
}

function list(node: Node & { kind: "seq" }, path: string, walk: Walk): Node {
  const items = node.items.map((item, index) => resolve(item, `${path}[${String(index)}]`, walk));
  return items.some((item, index) => item !== node.items[index]) ? seqLike(node, items) : node;
}

function map(node: Node & { kind: "map" }, path: string, walk: Walk): Node {
  let changed = false;
  const entries = new Map<string, Entry>();
  for (const entry of node.entries.values()) {
    // Extensions are no part of the model; what an anchor in one is used for is reported where it is used.
    const value =
      path === "" && entry.key.startsWith("x-")
        ? entry.value
        : resolve(entry.value, path === "" ? entry.key : `${path}.${entry.key}`, walk);
    changed ||= value !== entry.value;
    entries.set(entry.key, value === entry.value ? entry : { ...entry, value });
  }
  return changed ? mapLike(node, entries) : node;
}

function scalar(node: Node & { kind: "scalar" }, path: string, walk: Walk): Node {
  const known = walk.done.get(node);
  if (known) return known;
  const written = String(node.value);
  const { text, unset, used, failure } = substitute(written, walk.lookup);
  report(node, path, unset, walk);
  let result: ResolvedScalar;
  if (failure?.kind === "invalid") {
    walk.problems.push({
      code: "wrong-value",
      message: expected("a variable such as ${NAME}, or $$ for a dollar sign", written),
      at: node,
      path,
    });
    result = node;
  } else if (failure) {
    const reason = failure.reason === "" ? "" : ` (${failure.reason})`;
    walk.problems.push({
      code: "unset-variable",
      message: `${expected(`a value for $${failure.variable}`, undefined)}${reason}`,
      at: node,
      path,
    });
    result = { ...withText(node, ""), template: { text: written, unset: [failure.variable], used } };
  } else {
    result = { ...withText(node, text), template: { text: written, unset, used } };
  }
  walk.done.set(node, result);
  return result;
}

function report(node: Node, path: string, unset: readonly string[], walk: Walk): void {
  const decides = relevant.test(path);
  for (const variable of new Set(unset)) {
    if (!decides && walk.reported.has(variable)) continue;
    walk.reported.add(variable);
    walk.problems.push({
      code: "unset-variable",
      message: `${expected(`a value for $${variable}`, undefined)}: it is taken as empty`,
      at: node,
      path,
      severity: "warning",
    });
  }
}
