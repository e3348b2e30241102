import type { Node } from "../base/document.ts";
import { asString, get, items } from "../base/document.ts";
import type { SourceText } from "../base/location.ts";
import { parseText } from "./parse.ts";

/** Kinds of Kubernetes objects that say more about workloads in other files of the same folder. */
const kinds = [
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ServiceAccount",
  "Namespace",
  "NetworkPolicy",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "RuntimeClass",
];
const mention = new RegExp(`kind["']?\\s*:\\s*["']?(${kinds.join("|")})["']?\\s*(\\r?\\n|,|}|$)`, "m");

/** The documents of a text that other files' workloads need to know of. A cheap look keeps the rest from being parsed. */
export async function documentsBeside(source: SourceText): Promise<readonly Node[]> {
  if (!mention.test(source.text)) return [];
  const { documents } = await parseText(source);
  return documents
    .flatMap((document) =>
      asString(get(document, "kind")) === "List" ? items(get(document, "items")) : [document],
    )
    .filter((document) => kinds.includes(asString(get(document, "kind")) ?? ""));
}
