import * as z from "zod/mini";
import type { HostPath } from "../boundary/host-paths.ts";
import { hostPathGains } from "../boundary/host-paths.ts";
import { normalisePath } from "../boundary/paths.ts";

/** One thing that is wrong with the list of host paths, and where in it. */
interface HostPathProblem {
  readonly path: string;
  readonly message: string;
}

const text = z.string().check(z.minLength(1));
const gain = z.optional(z.enum(hostPathGains));
const entry = z.strictObject({
  path: z.string().check(z.regex(/^\//)),
  what: text,
  read: gain,
  write: gain,
  connect: gain,
  below: z._default(z.enum(["same", "unjudged", "nothing"]), "unjudged"),
  permission: z._default(z.enum(["root", "group", "everyone", "owner"]), "root"),
  group: z.optional(text),
  component: z.optional(text),
  engines: z.optional(
    z.array(z.enum(["docker", "podman", "containerd", "cri-o", "nerdctl", "oci", "kubernetes", "none"])),
  ),
  source: text,
});

/** The file's shape: entries name a source by its key in `sources`, or state it in place. */
export const hostPathsFile = z.strictObject({
  sources: z.record(z.string(), text),
  paths: z.array(entry).check(z.minLength(1)),
});

/**
 * knowledge/host-paths.yaml, from its parsed YAML: entries in order, defaults filled in (`below: unjudged`,
 * `permission: root`), sources looked up. Problems name the entry; with one, there is no value.
 */
export function parseHostPaths(data: unknown): {
  readonly value?: readonly HostPath[];
  readonly problems: readonly HostPathProblem[];
} {
  const result = hostPathsFile.safeParse(data);
  if (!result.success) {
    return {
      problems: result.error.issues.map((issue) => ({
        path: issue.path.map(String).join("."),
        message: issue.message,
      })),
    };
  }
  const { sources, paths } = result.data;
  const value = paths.map((path) => ({ ...path, source: sources[path.source] ?? path.source }));
  const problems = checkEntries(value);
  return problems.length > 0 ? { problems } : { value, problems };
}

function checkEntries(paths: readonly HostPath[]): readonly HostPathProblem[] {
  const seen = new Set<string>();
  const problems: HostPathProblem[] = [];
  for (const [index, { path, permission, group }] of paths.entries()) {
    const at = `paths.${String(index)}`;
    if (normalisePath(path) !== path)
      problems.push({ path: at, message: `expected a normalised path, found ${path}` });
    if (seen.has(path)) problems.push({ path: at, message: `expected each path once, found ${path} again` });
    if ((permission === "group") !== (group !== undefined)) {
      problems.push({
        path: at,
        message: `expected a group exactly where permission is group, found otherwise at ${path}`,
      });
    }
    seen.add(path);
  }
  return problems;
}
