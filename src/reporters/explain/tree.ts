import type { ReportedCondition } from "../../engine/assessment.ts";

/** A technique's formula as it was written, with the verdict of each condition at its place. */
export type Tree =
  | { readonly kind: "condition"; readonly condition: ReportedCondition }
  | { readonly kind: "all" | "any"; readonly children: readonly Tree[] };

interface Branch {
  readonly kind: "all" | "any";
  readonly children: Map<number, Branch | ReportedCondition>;
}

/**
 * Rebuilds the nesting from the places that conditions carry (`all[1].any[0]`). Conditions without a place stand beside
 * the formula: all of them must hold too.
 */
export function treeOf(conditions: readonly ReportedCondition[]): Tree {
  const outside: Tree[] = [];
  let root: Branch | undefined;
  for (const condition of conditions) {
    const way = parsePlace(condition.formula);
    if (way.length === 0) {
      outside.push({ kind: "condition", condition });
      continue;
    }
    root ??= { kind: way[0]?.kind ?? "all", children: new Map() };
    insert(root, way, condition);
  }
  return beside(outside, root ? single(freeze(root)) : undefined);
}

/** One condition needs no `all of` around it. */
function single(tree: Tree): Tree {
  return tree.kind !== "condition" && tree.children.length === 1 && tree.children[0]
    ? tree.children[0]
    : tree;
}

function beside(outside: readonly Tree[], formula: Tree | undefined): Tree {
  if (!formula) return single({ kind: "all", children: outside });
  if (outside.length === 0) return formula;
  return { kind: "all", children: [...outside, ...(formula.kind === "all" ? formula.children : [formula])] };
}

interface Turn {
  readonly kind: "all" | "any";
  readonly index: number;
}

function parsePlace(place: string): readonly Turn[] {
  return [...place.matchAll(/(all|any)\[(\d+)\]/g)].map(([, kind, index]) => ({
    kind: kind === "any" ? "any" : "all",
    index: Number(index),
  }));
}

function insert(root: Branch, way: readonly Turn[], condition: ReportedCondition): void {
  let branch = root;
  for (const [depth, { index }] of way.entries()) {
    const next = way[depth + 1];
    if (!next) {
      branch.children.set(index, condition);
      return;
    }
    const known = branch.children.get(index);
    const child: Branch = known && "children" in known ? known : { kind: next.kind, children: new Map() };
    branch.children.set(index, child);
    branch = child;
  }
}

function freeze(branch: Branch): Tree & { kind: "all" | "any" } {
  const children = [...branch.children]
    .sort(([a], [b]) => a - b)
    .map(([, child]): Tree =>
      "children" in child ? freeze(child) : { kind: "condition", condition: child },
    );
  return { kind: branch.kind, children };
}
