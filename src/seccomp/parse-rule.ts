import {
  at,
  expected,
  field,
  isObject,
  readList,
  readObject,
  readOneOf,
  readSmall,
  readString,
  readUint64,
} from "./json.ts";
import type { JsonObject, Reader } from "./json.ts";
import { seccompActions, seccompOperators } from "./types.ts";
import type {
  ArgumentIndex,
  KernelVersion,
  RuleCondition,
  SeccompAction,
  SeccompComparison,
  SeccompRule,
} from "./types.ts";

// The errno names that containers/common writes beside or instead of the number (pkg/seccomp, "errno").
const errnoNames: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EACCES: 13,
  EINVAL: 22,
  ENOSYS: 38,
};

const highestErrno = 4095; // MAX_ERRNO, include/linux/err.h

export const readAction = (reader: Reader, value: unknown): SeccompAction | undefined =>
  readOneOf(reader, value, seccompActions, "a seccomp action (SCMP_ACT_*)");

/** `errnoRet` (a number) or `errno` (a name); the number wins, as in containers/common. */
export const readErrno = (
  reader: Reader,
  object: JsonObject,
  numberKey: string,
  nameKey: string,
): number | undefined => {
  const number = field(object, numberKey);
  if (number !== undefined) return readSmall(at(reader, numberKey), number, highestErrno);
  const name = field(object, nameKey);
  if (name === undefined || name === "") return undefined;
  return typeof name === "string" && Object.hasOwn(errnoNames, name)
    ? errnoNames[name]
    : expected(at(reader, nameKey), `one of ${Object.keys(errnoNames).join(", ")}`, name);
};

const isIndex = (value: unknown): value is ArgumentIndex =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 5;

const readComparison = (reader: Reader, value: unknown): SeccompComparison | undefined => {
  const object = readObject(reader, value);
  if (!object) return undefined;
  const index = field(object, "index") ?? 0;
  const op = readOneOf(at(reader, "op"), field(object, "op"), seccompOperators, "an operator (SCMP_CMP_*)");
  const first = readUint64(at(reader, "value"), field(object, "value") ?? 0);
  const second = readUint64(at(reader, "valueTwo"), field(object, "valueTwo") ?? 0);
  if (!isIndex(index)) return expected(at(reader, "index"), "an argument index from 0 to 5", index);
  return op === undefined || first === undefined || second === undefined
    ? undefined
    : { index, op, value: first, valueTwo: second };
};

// A condition's lists are names of capabilities and architectures; null and [] both mean "no condition".
const readKernel = (reader: Reader, value: unknown): KernelVersion | undefined => {
  const match = typeof value === "string" ? /^(\d{1,4})\.(\d{1,4})$/.exec(value) : null;
  return match
    ? [Number(match[1]), Number(match[2])]
    : expected(reader, 'a kernel version such as "4.8"', value);
};

const readCondition = (reader: Reader, value: unknown): RuleCondition | undefined => {
  if (value === undefined) return undefined;
  const object = readObject(reader, value);
  if (!object) return undefined;
  const caps = readList(at(reader, "caps"), field(object, "caps"), readString);
  const arches = readList(at(reader, "arches"), field(object, "arches"), readString);
  const kernel = field(object, "minKernel");
  const minKernel =
    kernel === undefined || kernel === "" ? undefined : readKernel(at(reader, "minKernel"), kernel);
  if (caps.length === 0 && arches.length === 0 && minKernel === undefined) return undefined;
  return {
    ...(caps.length > 0 && { caps }),
    ...(arches.length > 0 && { arches }),
    ...(minKernel && { minKernel }),
  };
};

const readNames = (reader: Reader, object: JsonObject): readonly string[] => {
  const old = field(object, "name");
  const names = readList(at(reader, "names"), field(object, "names"), readString);
  if (old === undefined || old === "") return names;
  if (names.length > 0) return expected(at(reader, "name"), "either name or names", old) ?? names;
  const name = readString(at(reader, "name"), old);
  return name === undefined ? [] : [name];
};

/**
 * One entry of `syscalls`. A rule with any unreadable part is left out whole: half of its conditions would make it match
 * calls that it was not written for.
 */
export const readRule = (reader: Reader, value: unknown): SeccompRule | undefined => {
  const before = reader.problems.length;
  const object = readObject(reader, value);
  if (!object) return undefined;
  const names = readNames(reader, object);
  const action = readAction(at(reader, "action"), field(object, "action"));
  const errnoRet = readErrno(reader, object, "errnoRet", "errno");
  const args = readList(at(reader, "args"), field(object, "args"), readComparison);
  const includes = readCondition(at(reader, "includes"), field(object, "includes"));
  const excludes = readCondition(at(reader, "excludes"), field(object, "excludes"));
  if (names.length === 0 && isObject(value))
    expected(at(reader, "names"), "at least one system call", field(object, "names"));
  if (action === undefined || reader.problems.length > before) return undefined;
  return {
    names,
    action,
    ...(errnoRet !== undefined && { errnoRet }),
    args,
    ...(includes && { includes }),
    ...(excludes && { excludes }),
  };
};
