import { at, expected, field, readObject } from "./json.ts";
import type { Reader } from "./json.ts";
import { readRule } from "./parse-rule.ts";
import { readMapping } from "./parse.ts";
import type { ArchitectureMapping, SeccompProfile, SeccompRule } from "./types.ts";

/** A step from one release's profile to the next. */
export type ProfileEdit =
  | { readonly op: "add"; readonly rule: SeccompRule }
  | { readonly op: "remove"; readonly rule: SeccompRule }
  | { readonly op: "addArch"; readonly arch: ArchitectureMapping }
  | { readonly op: "defaultErrnoRet"; readonly value: number };

/** One entry of a document's `edits`. */
export const readEdit = (reader: Reader, value: unknown): ProfileEdit | undefined => {
  const object = readObject(reader, value);
  const op = object && field(object, "op");
  if (op === "add" || op === "remove") {
    const rule = readRule(at(reader, "rule"), field(object ?? {}, "rule"));
    return rule && { op, rule };
  }
  if (op === "addArch") {
    const arch = readMapping(at(reader, "arch"), field(object ?? {}, "arch"));
    return arch && { op, arch };
  }
  const errno = field(object ?? {}, "value");
  if (op === "defaultErrnoRet" && typeof errno === "number") return { op, value: errno };
  return expected(at(reader, "op"), "add, remove, addArch or defaultErrnoRet", op);
};

// Two rules do the same when everything but the names is equal; the keys are written in one order by readRule.
const deed = (rule: SeccompRule): string =>
  JSON.stringify({ ...rule, names: undefined }, (_key, value: unknown) =>
    typeof value === "bigint" ? `${String(value)}n` : value,
  );

const remove = (reader: Reader, profile: SeccompProfile, wanted: SeccompRule): SeccompProfile => {
  const gone = new Set<string>();
  const syscalls = profile.syscalls.flatMap((rule) => {
    if (deed(rule) !== deed(wanted)) return [rule];
    const names = rule.names.filter((name) => !wanted.names.includes(name));
    for (const name of rule.names) if (wanted.names.includes(name)) gone.add(name);
    return names.length === 0 ? [] : [{ ...rule, names }];
  });
  for (const name of wanted.names) if (!gone.has(name)) expected(reader, "a rule to remove", name);
  return { ...profile, syscalls };
};

/** Applies edits in order. A removal that finds nothing is a problem: the document no longer fits its base. */
export const applyEdits = (
  reader: Reader,
  base: SeccompProfile,
  edits: readonly ProfileEdit[],
): SeccompProfile =>
  edits.reduce((profile, edit, index) => {
    switch (edit.op) {
      case "add":
        return { ...profile, syscalls: [...profile.syscalls, edit.rule] };
      case "remove":
        return remove(at(reader, index), profile, edit.rule);
      case "addArch":
        return { ...profile, archMap: [...(profile.archMap ?? []), edit.arch] };
      case "defaultErrnoRet":
        return { ...profile, defaultErrnoRet: edit.value };
    }
  }, base);
