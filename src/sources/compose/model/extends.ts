import { posix } from "node:path";
import type { Entry, MapNode, Node } from "../../../base/document.ts";
import { asString, describe, get, isNull } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import { interpolate } from "./interpolate.ts";
import type { Loading, Scope } from "./loading.ts";
import { missing, openFile, resolveIn, wayTo } from "./loading.ts";
import { mergeNodes } from "./merge.ts";
import { mapLike, nullLike, withoutKey, withEntry } from "./nodes.ts";
import { relocate } from "./paths.ts";

/** A longer chain of `extends` is a mistake or an attack. */
const maxChain = 100;

interface Resolved {
  readonly node: Node;
  /** How many services it builds on. */
  readonly depth: number;
}
interface Services {
  readonly path: string;
  readonly services: MapNode;
  readonly resolved: Map<string, Resolved>;
}
interface Extending {
  readonly scope: Scope;
  readonly loading: Loading;
  readonly files: Map<string, Services | undefined>;
}

/**
 * The model with every `extends` carried out: the extended service's values, from this or another file, with the own ones
 * merged over them. What cannot be found or leads back to itself is a problem, and the service keeps its own values.
 * @see Compose specification, 05-services.md, "extends"; compose-go loader/extends.go
 */
export function applyExtends(model: MapNode, path: string, scope: Scope, loading: Loading): MapNode {
  const extending: Extending = { scope, loading, files: new Map() };
  let result = model;
  for (const section of ["services", "jobs"]) {
    const entry = result.entries.get(section);
    if (
      entry?.value.kind !== "map" ||
      ![...entry.value.entries.values()].some((e) => get(e.value, "extends"))
    )
      continue;
    const file: Services = { path, services: entry.value, resolved: new Map() };
    const entries = new Map<string, Entry>();
    for (const service of entry.value.entries.values()) {
      const { node } = resolve(service, file, [], extending);
      entries.set(service.key, { ...service, value: node });
    }
    result = withEntry(result, section, { ...entry, value: mapLike(entry.value, entries) });
  }
  return result;
}

function resolve(service: Entry, file: Services, trail: readonly string[], extending: Extending): Resolved {
  const known = file.resolved.get(service.key);
  if (known) return known;
  const result = resolveNew(service, file, trail, extending);
  file.resolved.set(service.key, result);
  return result;
}

function resolveNew(
  service: Entry,
  file: Services,
  trail: readonly string[],
  extending: Extending,
): Resolved {
  const own = service.value;
  const wish = get(own, "extends");
  if (own.kind !== "map" || wish === undefined) return { node: own, depth: 0 };
  const bare = withoutKey(own, "extends");
  const alone: Resolved = { node: bare, depth: 0 };
  const field = `services.${service.key}.extends`;
  const { problems } = extending.loading;
  const here = `${file.path}\0${service.key}`;
  if (trail.includes(here) || trail.length >= maxChain) {
    const cycle = trail.includes(here);
    problems.push({
      code: cycle ? "reference-cycle" : "internal-limit",
      message: cycle
        ? `expected a chain that ends, found that ${JSON.stringify(service.key)} extends itself`
        : tooLong,
      at: wish,
      path: field,
    });
    return alone;
  }
  const base = findBase(wish, field, file, extending);
  if (base === undefined) return alone;
  const { node, depth } = resolve(base.entry, base.file, [...trail, here], extending);
  if (depth >= maxChain) {
    problems.push({ code: "internal-limit", message: tooLong, at: wish, path: field });
    return alone;
  }
  if (node.kind !== "map") return alone;
  const merged = mergeNodes(withoutKey(node, "extends"), bare, ["services", service.key], problems);
  return { node: merged.kind === "map" ? mapLike(own, merged.entries) : merged, depth: depth + 1 };
}

const tooLong = `expected a chain of at most ${String(maxChain)} services, found a longer one`;

function findBase(
  wish: Node,
  field: string,
  file: Services,
  extending: Extending,
): { entry: Entry; file: Services } | undefined {
  const { problems } = extending.loading;
  const service = (wish.kind === "map" ? get(wish, "service") : wish) ?? nullLike(wish);
  const name = asString(service);
  if (name === undefined) {
    const code = isNull(service) ? "missing-field" : "wrong-type";
    problems.push({
      code,
      message: expected("the name of a service", describe(service)),
      at: service,
      path: field,
    });
    return undefined;
  }
  const fileNode = get(wish, "file") ?? nullLike(wish);
  const target = isNull(fileNode) ? file : baseFile(fileNode, field, extending);
  if (target === undefined) return undefined;
  const entry = target.services.entries.get(name);
  if (entry) return { entry, file: target };
  const where = target === file ? "this file" : target.path;
  missing(`a service of ${where}`, name, service, field, problems);
  return undefined;
}

function baseFile(node: Node, field: string, extending: Extending): Services | undefined {
  const { scope, loading, files } = extending;
  const name = asString(node);
  if (name === undefined || name === "") {
    loading.problems.push({
      code: "wrong-type",
      message: expected("the path of a file", describe(node)),
      at: node,
      path: `${field}.file`,
    });
    return undefined;
  }
  const path = resolveIn(scope, name);
  if (!files.has(path)) files.set(path, readServices(path, node, field, extending));
  return files.get(path);
}

function readServices(
  path: string,
  at: Node,
  field: string,
  { scope, loading }: Extending,
): Services | undefined {
  const file = openFile(path, at, `${field}.file`, loading);
  if (file === undefined) return undefined;
  const folder = wayTo(scope, posix.dirname(path));
  const model = mergeDocuments(file.documents, scope, loading.problems);
  const services = model && get(relocate(model, folder), "services");
  if (services?.kind !== "map") {
    missing("a file with services", path, at, `${field}.file`, loading.problems);
    return undefined;
  }
  return { path, services, resolved: new Map() };
}

function mergeDocuments(documents: readonly Node[], scope: Scope, problems: Problem[]): MapNode | undefined {
  let model: MapNode | undefined;
  for (const document of documents) {
    const resolved = interpolate(document, scope.lookup, problems);
    if (resolved.kind !== "map") continue;
    const merged: Node = model ? mergeNodes(model, resolved, [], problems) : resolved;
    if (merged.kind === "map") model = merged;
  }
  return model;
}
