import type { DefaultProfile, VersionRange } from "./default-profile.ts";
import { applyEdits, readEdit } from "./edits.ts";
import type { ProfileEdit } from "./edits.ts";
import { at, expected, field, readList, readObject, readOneOf, readString } from "./json.ts";
import type { JsonObject, Reader } from "./json.ts";
import { parseSeccompProfile } from "./parse.ts";
import type { ProfileProblem, SeccompProfile } from "./types.ts";

interface ProfileDocument extends Omit<DefaultProfile, "profile"> {
  readonly base?: string;
  readonly edits: readonly ProfileEdit[];
  readonly profile?: SeccompProfile;
  /** How many (system call, rule) pairs there must be in the end: a guard against an edit that went astray. */
  readonly rules?: number;
}

const readRange = (reader: Reader, value: unknown): VersionRange | undefined => {
  const object = readObject(reader, value);
  const since = object && readString(at(reader, "since"), field(object, "since"));
  const until = object && field(object, "until");
  if (since === undefined) return undefined;
  return typeof until === "string" ? { since, until } : { since };
};

const readSource = (reader: Reader, value: unknown): DefaultProfile["source"] | undefined => {
  const object = readObject(reader, value);
  if (!object) return undefined;
  const repository = readString(at(reader, "repository"), field(object, "repository"));
  const path = readString(at(reader, "path"), field(object, "path"));
  const version = readString(at(reader, "version"), field(object, "version"));
  const also = field(object, "also");
  if (repository === undefined || path === undefined || version === undefined) return undefined;
  return { repository, path, version, ...(typeof also === "string" && { also }) };
};

const readContents = (
  reader: Reader,
  object: JsonObject,
): Pick<ProfileDocument, "base" | "edits" | "profile"> => {
  const edits = readList(at(reader, "edits"), field(object, "edits"), readEdit);
  const base = field(object, "base");
  if (base !== undefined) return { edits, base: readString(at(reader, "base"), base) ?? "" };
  const { profile, problems } = parseSeccompProfile(field(object, "profile"));
  for (const { path, message } of problems)
    reader.problems.push({ path: at(reader, `profile.${path}`).path, message });
  return { edits, ...(profile && { profile }) };
};

const readDocument = (reader: Reader, value: unknown): ProfileDocument | undefined => {
  const object = readObject(reader, value);
  if (!object) return undefined;
  const name = readString(at(reader, "name"), field(object, "name"));
  const engine = readString(at(reader, "engine"), field(object, "engine"));
  const source = readSource(at(reader, "source"), field(object, "source"));
  const levels = ["verified", "derived", "hypothesis"] as const;
  const confidence = readOneOf(at(reader, "confidence"), field(object, "confidence"), levels, "a confidence");
  const ranges = readList(at(reader, "ranges"), field(object, "ranges"), readRange);
  const note = field(object, "note");
  const rules = field(object, "rules");
  if (name === undefined || engine === undefined || source === undefined || confidence === undefined)
    return undefined;
  return {
    ...{ name, engine, source, confidence, ranges },
    ...readContents(reader, object),
    ...(typeof note === "string" && { note }),
    ...(typeof rules === "number" && { rules }),
  };
};

const countRules = (profile: SeccompProfile): number =>
  profile.syscalls.reduce((sum, rule) => sum + rule.names.length, 0);

/**
 * Builds the default profiles from the documents of `knowledge/profiles/`, in any order: each is either whole or a base and
 * the edits that lead from it to the next release. A document that does not work out is left out and reported.
 */
export const assembleDefaultProfiles = (
  documents: readonly unknown[],
): { profiles: readonly DefaultProfile[]; problems: readonly ProfileProblem[] } => {
  const problems: ProfileProblem[] = [];
  const read = documents
    .map((document, index) => readDocument({ path: `[${String(index)}]`, problems }, document))
    .filter((document) => document !== undefined);
  const byName = new Map(read.map((document) => [document.name, document]));

  const contents = (document: ProfileDocument, seen: readonly string[]): SeccompProfile | undefined => {
    const reader: Reader = { path: document.name, problems };
    if (document.base === undefined) return document.profile;
    const base = seen.includes(document.base) ? undefined : byName.get(document.base);
    const profile = base && contents(base, [...seen, base.name]);
    if (!profile) return expected(at(reader, "base"), "the name of another readable profile", document.base);
    return applyEdits(at(reader, "edits"), profile, document.edits);
  };

  const profiles = read.flatMap((document) => {
    const { name, engine, ranges, source, confidence, note, rules } = document;
    const profile = contents(document, [name]);
    if (!profile) return [];
    if (rules !== undefined && rules !== countRules(profile)) {
      expected({ path: `${name}.rules`, problems }, String(countRules(profile)), rules);
    }
    return [{ name, engine, ranges, source, confidence, ...(note !== undefined && { note }), profile }];
  });
  return { profiles, problems };
};
