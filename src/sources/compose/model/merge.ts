import type { Entry, MapNode, Node, SeqNode } from "../../../base/document.ts";
import { describe } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import { dataKey, mapLike, nullLike, seqLike, tagOf, withText } from "./nodes.ts";

/**
 * How two values of one field become one. `replace`: the later stands alone. `keyed`: a map, or a list of NAME=VALUE,
 * merged by name. `sequence`: a text or a list, appended. `mapping`: a list of names stands for a map. `build`: a text
 * stands for its context. Every other map is merged, every other list appended without repeats, every other value replaced.
 * @see Compose specification, 13-merge.md; compose-go override/merge.go mergeSpecials
 */
type Rule = "replace" | "keyed" | "sequence" | "mapping" | "build";

const serviceRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["command", "replace"],
  ["entrypoint", "replace"],
  ["healthcheck.test", "replace"],
  ["annotations", "keyed"],
  ["environment", "keyed"],
  ["labels", "keyed"],
  ["sysctls", "keyed"],
  ["build.args", "keyed"],
  ["build.additional_contexts", "keyed"],
  ["build.labels", "keyed"],
  ["deploy.labels", "keyed"],
  ["build.extra_hosts", "sequence"],
  ["dns", "sequence"],
  ["dns_opt", "sequence"],
  ["dns_search", "sequence"],
  ["env_file", "sequence"],
  ["label_file", "sequence"],
  ["extra_hosts", "sequence"],
  ["tmpfs", "sequence"],
  ["depends_on", "mapping"],
  ["models", "mapping"],
  ["networks", "mapping"],
  ["build", "build"],
]);

function ruleFor(path: readonly string[]): Rule | undefined {
  const [section, , ...field] = path;
  if (section === "services" || section === "jobs") {
    return field[0] === "ulimits" && field.length === 2 ? "replace" : serviceRules.get(field.join("."));
  }
  return field.length === 1 && field[0] === "labels" ? "keyed" : undefined;
}

/** Merges a later document over an earlier one; `path` says where both stand, such as `["services", "web"]`. */
export function mergeNodes(base: Node, over: Node, path: readonly string[], problems: Problem[]): Node {
  const rule = ruleFor(path);
  if (rule !== undefined) return mergeSpecial(rule, base, over, path, problems);
  if (over.kind === "scalar" && over.value === null) return base;
  if (base.kind === "scalar") return over;
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over, path, problems);
  if (base.kind === "seq" && over.kind === "seq") return append(base, over.items);
  return refuse(
    base,
    over,
    base.kind === "map"
      ? "a mapping, as in the file or service that it is merged with"
      : "a list, as in the file or service that it is merged with",
    path,
    problems,
  );
}

function refuse(base: Node, over: Node, what: string, path: readonly string[], problems: Problem[]): Node {
  problems.push({
    code: "wrong-type",
    message: expected(what, describe(over)),
    at: over,
    path: path.join("."),
  });
  return base;
}

function mergeSpecial(
  rule: Rule,
  base: Node,
  over: Node,
  path: readonly string[],
  problems: Problem[],
): Node {
  switch (rule) {
    case "replace":
      // Limits of one name merge when both sides state soft and hard apart.
      return path[2] === "ulimits" && base.kind === "map" && over.kind === "map"
        ? mergeMaps(base, over, path, problems)
        : over;
    case "sequence":
      return append(asList(base), asList(over).items);
    case "keyed":
      return mergeMaps(asKeyed(base), asKeyed(over), path, problems);
    case "mapping":
      return mergeMaps(asMapping(base), asMapping(over), path, problems);
    case "build":
      return mergeMaps(asBuild(base), asBuild(over), path, problems);
  }
}

function mergeMaps(base: MapNode, over: MapNode, path: readonly string[], problems: Problem[]): MapNode {
  const entries = new Map(base.entries);
  for (const entry of over.entries.values()) {
    const earlier = entries.get(entry.key);
    entries.set(entry.key, earlier ? mergeEntry(earlier, entry, [...path, entry.key], problems) : entry);
  }
  return mapLike(base, entries);
}

function mergeEntry(base: Entry, over: Entry, path: readonly string[], problems: Problem[]): Entry {
  if (tagOf(over.value) !== undefined || tagOf(base.value) === "reset") return over;
  const value = mergeNodes(base.value, over.value, path, problems);
  // A key is found in the text of its value, so the two must come from the same file.
  return value.source === over.value.source && value === over.value ? over : { ...base, value };
}

/** Items that are the same data as one that is there already add nothing. */
function append(base: SeqNode, items: readonly Node[]): SeqNode {
  const seen = new Set(base.items.map(dataKey));
  const added = items.filter((item) => {
    const key = dataKey(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return seqLike(base, [...base.items, ...added]);
}

function asList(node: Node): SeqNode {
  if (node.kind === "seq") return node;
  if (node.kind === "map") {
    return seqLike(
      node,
      [...node.entries.values()].map(({ key, value }) =>
        value.kind === "scalar" ? withText(value, `${key}=${value.raw}`) : value,
      ),
    );
  }
  return seqLike(node, node.value === null ? [] : [node]);
}

/** `NAME=VALUE` items as a map; the last of one name counts. A list and a map then merge alike. */
export function asKeyed(node: Node): MapNode {
  if (node.kind === "map") return node;
  const entries = new Map<string, Entry>();
  for (const item of node.kind === "seq" ? node.items : [node]) {
    if (item.kind !== "scalar" || item.value === null) continue;
    const text = typeof item.value === "string" ? item.value : item.raw;
    const equals = text.indexOf("=");
    const key = equals === -1 ? text : text.slice(0, equals);
    entries.set(key, {
      key,
      keyOffset: item.offset,
      value: equals === -1 ? nullLike(item) : withText(item, text.slice(equals + 1)),
    });
  }
  return mapLike(node, entries);
}

/** A list of names as a map without values. */
export function asMapping(node: Node): MapNode {
  if (node.kind === "map") return node;
  const entries = new Map<string, Entry>();
  for (const item of node.kind === "seq" ? node.items : [node]) {
    if (item.kind !== "scalar" || item.value === null) continue;
    const key = typeof item.value === "string" ? item.value : item.raw;
    entries.set(key, { key, keyOffset: item.offset, value: nullLike(item) });
  }
  return mapLike(node, entries);
}

function asBuild(node: Node): MapNode {
  if (node.kind === "map") return node;
  const context: Entry = { key: "context", keyOffset: node.offset, value: node };
  return mapLike(
    node,
    node.kind === "scalar" && node.value !== null ? new Map([["context", context]]) : new Map(),
  );
}

/** The document without the values that are tagged `!reset`. */
export function withoutReset(node: Node): Node {
  if (node.kind !== "map") return node;
  const entries = new Map<string, Entry>();
  let changed = false;
  for (const entry of node.entries.values()) {
    if (tagOf(entry.value) === "reset") {
      changed = true;
      continue;
    }
    const value = withoutReset(entry.value);
    changed ||= value !== entry.value;
    entries.set(entry.key, { ...entry, value });
  }
  return changed ? mapLike(node, entries) : node;
}
