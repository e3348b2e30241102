import { parseSeccompProfile } from "../seccomp/parse.ts";
import { resolveProfile } from "../seccomp/resolve.ts";
import type { KernelVersion, ResolvedFilter, SeccompProfile } from "../seccomp/types.ts";
import type { FilterContext, FilterStore } from "../sources/types.ts";

/** A store whose filters the engine can look up by the keys that boundaries carry. */
export interface Filters extends FilterStore {
  readonly filters: ReadonlyMap<string, ResolvedFilter>;
}

/**
 * An empty store. A profile of the knowledge base (`isParsed`) is known by identity; any other is JSON of an input, and
 * equal contents are one profile. Equal profile and equal context give one filter and one key.
 */
export function createFilterStore(isParsed: (profile: object) => profile is SeccompProfile): Filters {
  const filters = new Map<string, ResolvedFilter>();
  const ids = new WeakMap<object, string>();
  const byContents = new Map<string, string>();
  let shipped = 0;
  const idOf = (profile: object): string => {
    const known = ids.get(profile);
    if (known !== undefined) return known;
    const id = isParsed(profile)
      ? `k${String(shipped++)}`
      : idOfContents(JSON.stringify(profile), byContents);
    ids.set(profile, id);
    return id;
  };
  const read = (profile: object): SeccompProfile | undefined =>
    isParsed(profile) ? profile : parseSeccompProfile(profile).profile;
  return {
    filters,
    add(name, profile, context) {
      if (typeof profile !== "object" || profile === null) return `unread:${name}`;
      const key = [
        name,
        idOf(profile),
        context.architecture ?? "",
        context.kernel ?? "",
        context.capabilities.join(","),
      ].join("|");
      if (filters.has(key)) return key;
      const contents = read(profile);
      if (!contents) return `unread:${name}`;
      filters.set(key, resolveProfile(contents, resolveContext(context)));
      return key;
    },
  };
}

function idOfContents(contents: string, known: Map<string, string>): string {
  const id = known.get(contents) ?? `i${String(known.size)}`;
  known.set(contents, id);
  return id;
}

function resolveContext(context: FilterContext): Parameters<typeof resolveProfile>[1] {
  const kernel = context.kernel === undefined ? undefined : /^(\d+)\.(\d+)/.exec(context.kernel);
  const version: KernelVersion | undefined = kernel ? [Number(kernel[1]), Number(kernel[2])] : undefined;
  // An unknown architecture is taken as amd64: its filters let the most sub-architectures (x86, x32) through.
  return {
    capabilities: new Set(context.capabilities),
    arch: context.architecture ?? "amd64",
    kernel: version,
  };
}
