import { at, expected, field, isObject, readList, readObject, readString } from "./json.ts";
import type { JsonObject, Reader } from "./json.ts";
import { readAction, readErrno, readRule } from "./parse-rule.ts";
import type { ArchitectureMapping, ProfileProblem, SeccompAction, SeccompProfile } from "./types.ts";

export interface ParsedProfile {
  /** Present when the document is a profile at all; rules that could not be read are missing from it. */
  readonly profile?: SeccompProfile;
  readonly problems: readonly ProfileProblem[];
}

/** One entry of `archMap`. */
export const readMapping = (reader: Reader, value: unknown): ArchitectureMapping | undefined => {
  const object = readObject(reader, value);
  if (!object) return undefined;
  const architecture = readString(at(reader, "architecture"), field(object, "architecture"));
  const subArchitectures = readList(
    at(reader, "subArchitectures"),
    field(object, "subArchitectures"),
    readString,
  );
  return architecture === undefined ? undefined : { architecture, subArchitectures };
};

/**
 * Reads a profile from parsed JSON: Docker's conditional format, or a plain OCI `linux.seccomp`. Types are strict,
 * unknown keys are ignored, and nothing is thrown whatever the value is.
 *
 * An engine refuses a document with any of these problems outright, so a caller that judges a container by the readable
 * rest should say so.
 * @see OCI runtime-spec config-linux.md, "Seccomp"; moby/profiles seccomp/seccomp.go and seccomp_linux.go
 */
export const parseSeccompProfile = (value: unknown): ParsedProfile => {
  const problems: ProfileProblem[] = [];
  const reader: Reader = { path: "", problems };
  if (!isObject(value)) {
    expected(reader, "a seccomp profile (an object)", value);
    return { problems };
  }
  const syscalls = readList(at(reader, "syscalls"), field(value, "syscalls"), readRule);
  const defaultAction = readDefaultAction(reader, field(value, "defaultAction"), syscalls.length > 0);
  const architectures = readArchitectures(reader, value);
  const defaultErrnoRet = readErrno(reader, value, "defaultErrnoRet", "defaultErrno");
  if (defaultAction === "unreadable") return { problems };
  return {
    profile: {
      ...(defaultAction !== undefined && { defaultAction }),
      ...(defaultErrnoRet !== undefined && { defaultErrnoRet }),
      ...architectures,
      syscalls,
    },
    problems,
  };
};

// Without a default and without rules seccomp is off; without a default but with rules no runtime accepts it.
const readDefaultAction = (
  reader: Reader,
  value: unknown,
  hasRules: boolean,
): SeccompAction | "unreadable" | undefined => {
  if ((value === undefined || value === "") && !hasRules) return undefined;
  return readAction(at(reader, "defaultAction"), value) ?? "unreadable";
};

const readArchitectures = (
  reader: Reader,
  object: JsonObject,
): Pick<SeccompProfile, "architectures" | "archMap"> => {
  const architectures = readList(at(reader, "architectures"), field(object, "architectures"), readString);
  const archMap = readList(at(reader, "archMap"), field(object, "archMap"), readMapping);
  if (architectures.length > 0 && archMap.length > 0) {
    expected(at(reader, "archMap"), "either architectures or archMap", field(object, "archMap"));
  }
  return { ...(architectures.length > 0 && { architectures }), ...(archMap.length > 0 && { archMap }) };
};
