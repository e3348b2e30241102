import type { Node } from "../base/document.ts";
import { get, toData } from "../base/document.ts";
import { expected } from "../base/problems.ts";
import type { Problem } from "../base/problems.ts";
import { quote } from "../base/text.ts";
import { closest } from "../knowledge/closest.ts";
import { loadFolder } from "../knowledge/load-folder.ts";
import { checkTechnique } from "../knowledge/technique-schema.ts";
import type { Formula, Technique } from "../knowledge/types.ts";
import { socketFamilies } from "../seccomp/socket-families.ts";
import { allCapabilities } from "../sources/defaults/capability-names.ts";

/** The keys and indexes that lead to a field. */
type Path = readonly (string | number)[];
interface Finding {
  readonly path: Path;
  readonly message: string;
}

/**
 * What is wrong with technique files that are right each by itself, as far as their schema goes: an id or alias that another
 * one has, a reference that is not https, a capability, socket family or system call that does not exist (`syscalls`: the names of
 * those, where they are at hand).
 */
export function reviewTechniques(
  folders: readonly string[],
  syscalls?: readonly string[],
): readonly Problem[] {
  const names = new Map<string, string>();
  const vocabularies: Vocabularies = new Map([
    ["capability", allCapabilities],
    ["socket-family", Object.keys(socketFamilies)],
    ...(syscalls ? [["syscall", syscalls] as const] : []),
  ]);
  return folders.flatMap((folder) =>
    loadFolder(folder).files.flatMap(({ file, name, document }) => {
      const { value } = checkTechnique(toData(document), name);
      if (!value) return [];
      const findings = [
        ...takenNames(value, file, names),
        ...openReferences(value),
        ...unresolved(value, vocabularies),
      ];
      return findings.map(({ path, message }): Problem => ({
        code: "wrong-value",
        message,
        path: spoken(path),
        at: nodeAt(document, path),
      }));
    }),
  );
}

/** Ids and aliases name one technique each. `names` grows: name → the file that has it. */
function takenNames(
  { id, aliases = [] }: Technique,
  file: string,
  names: Map<string, string>,
): readonly Finding[] {
  const own: readonly (readonly [Path, string])[] = [
    [["id"], id],
    ...aliases.map((alias, index): readonly [Path, string] => [["aliases", index], alias]),
  ];
  return own.flatMap(([path, name]) => {
    const other = names.get(name);
    names.set(name, other ?? file);
    return other === undefined
      ? []
      : [{ path, message: `expected a name of its own, found ${quote(name)}, which ${quote(other)} has` }];
  });
}

function openReferences({ references }: Technique): readonly Finding[] {
  return references.flatMap(({ url }, index) =>
    url.startsWith("https://")
      ? []
      : [
          {
            path: ["references", index, "url"],
            message: expected("an address that starts with https://", url),
          },
        ],
  );
}

/** Conditions whose schema knows only what a name looks like → the names that there are. */
type Vocabularies = ReadonlyMap<string, readonly string[]>;

function unresolved({ requires }: Technique, vocabularies: Vocabularies): readonly Finding[] {
  return conditionsIn(requires, ["requires"]).flatMap(([path, argument]) => {
    const known = vocabularies.get(String(path.at(-1)));
    const isName = typeof argument === "string";
    const named = isName ? argument : (argument as { readonly name?: unknown }).name;
    if (!known || typeof named !== "string" || known.includes(named)) return [];
    const message = expected(closest(named, known) ?? "one that Linux has", named);
    return [{ path: isName ? path : [...path, "name"], message }];
  });
}

/** Every condition of a formula, with where it stands. */
function conditionsIn(formula: Formula, path: Path): readonly (readonly [Path, unknown])[] {
  return Object.entries(formula).flatMap(([key, value]: [string, unknown]) =>
    (key === "all" || key === "any") && Array.isArray(value)
      ? (value as Formula[]).flatMap((part, index) => conditionsIn(part, [...path, key, index]))
      : [[[...path, key], value] as const],
  );
}

/** `requires.all[0].capability`. */
function spoken(path: Path): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${String(part)}]` : text === "" ? part : `${text}.${part}`,
    "",
  );
}

/** The node at a path, or the closest one above it that exists. */
function nodeAt(root: Node, path: Path): Node {
  let node = root;
  for (const part of path) {
    const next = node.kind === "seq" ? node.items[Number(part)] : get(node, String(part));
    if (!next) return node;
    node = next;
  }
  return node;
}
