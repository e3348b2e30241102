import type { Node } from "../../../base/document.ts";
import { get } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import type { Field } from "./fields.ts";
import {
  child,
  elementsOf,
  missing,
  report,
  rootField,
  structOf,
  structsOf,
  textOf,
  wrong,
} from "./fields.ts";

/** One object of the API. `group` is empty for the core group; `namespace` is undefined where the manifest leaves it out. */
export interface ApiObject {
  readonly root: Field;
  readonly metadata: Field;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

const maxNesting = 8;

/** The text of a key, where it is a string. */
function stringAt(node: Node | undefined, key: string): string | undefined {
  const value = get(node, key);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

/** Whether a document is an object of a Kubernetes-like API: `apiVersion` and `kind` are strings. */
export function isApiObject(node: Node): boolean {
  return stringAt(node, "apiVersion") !== undefined && stringAt(node, "kind") !== undefined;
}

/**
 * The objects of documents; lists (`List`, `PodList`, OpenShift's `Template`) are taken apart, also within one another.
 * An item of a typed list may leave out its kind, as the API server's answers do.
 */
export function objectsOf(documents: readonly Node[], problems: Problem[]): readonly ApiObject[] {
  const objects: ApiObject[] = [];
  for (const document of documents) collect(rootField(document, problems), objects, 0);
  return objects;
}

interface Type {
  readonly apiVersion: string;
  readonly kind: string;
}

function typeOf(root: Field, implied: Type | undefined): Type | undefined {
  const apiVersion = stringAt(root.node, "apiVersion") ?? implied?.apiVersion;
  const kind = stringAt(root.node, "kind") ?? implied?.kind;
  if (apiVersion !== undefined && kind !== undefined) return { apiVersion, kind };
  missing(
    child(root, apiVersion === undefined ? "apiVersion" : "kind"),
    apiVersion === undefined ? "an API version" : "a kind",
  );
  return undefined;
}

function collect(root: Field, objects: ApiObject[], depth: number, implied?: Type): void {
  const type = typeOf(root, implied);
  if (type === undefined) return;
  const items = itemsOf(root, type.kind);
  if (items === undefined) {
    objects.push(objectOf(root, type));
    return;
  }
  if (depth >= maxNesting) {
    report(root, "internal-limit", `expected lists nested at most ${String(maxNesting)} deep, found more`);
    return;
  }
  const itemType =
    type.kind !== "List" && type.kind.endsWith("List")
      ? { ...type, kind: type.kind.slice(0, -4) }
      : undefined;
  for (const item of items) collect(item, objects, depth + 1, itemType);
}

function itemsOf(root: Field, kind: string): readonly Field[] | undefined {
  if (kind === "List") {
    const items = child(root, "items");
    if (items.node === undefined) return [];
    if (items.node.kind !== "seq") {
      wrong(items, "a list");
      return [];
    }
    return structsOf(items);
  }
  const key = kind.endsWith("List") ? "items" : kind === "Template" ? "objects" : undefined;
  const items = key === undefined ? undefined : child(root, key);
  return items?.node?.kind === "seq"
    ? elementsOf(items).filter((item) => item.node?.kind === "map")
    : undefined;
}

function objectOf(root: Field, { apiVersion, kind }: Type): ApiObject {
  const metadata = structOf(child(root, "metadata"));
  const generated = textOf(child(metadata, "generateName"))?.value;
  const name =
    textOf(child(metadata, "name"))?.value ?? (generated === undefined ? "(unnamed)" : `${generated}*`);
  const slash = apiVersion.indexOf("/");
  return {
    root,
    metadata,
    kind,
    name,
    group: slash === -1 ? "" : apiVersion.slice(0, slash),
    namespace: textOf(child(metadata, "namespace"))?.value,
  };
}
