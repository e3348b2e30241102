import type { Node } from "../base/document.ts";
import type { Position, SourceText } from "../base/location.ts";
import type { Problem } from "../base/problems.ts";
import type { Boundary } from "../boundary/boundary.ts";
import type { HostFacts } from "../boundary/host.ts";
import type { ContainerSpec } from "./spec.ts";

/**
 * One place a boundary is read from. A source knows its format and nothing of techniques, conditions or reports; it
 * never throws on an input, whatever its bytes: what it cannot read becomes a Problem, and the rest is still read.
 */
export interface Source {
  readonly id: string;
  /** Whether a parsed document is of this source's kind: by its contents, never by its file's name alone. */
  readonly recognises: (input: Recognisable) => boolean;
  /** Reads all documents of one input that this source recognised. */
  readonly read: (input: SourceInput, context: SourceContext) => SourceResult;
}

/** `document` is one YAML or JSON document; `file` is its name. */
export interface Recognisable {
  readonly file: string;
  readonly document: Node;
}

export interface SourceInput {
  readonly file: string;
  readonly documents: readonly Node[];
  /** Documents of the same folder that are no subjects here, but say more about those (RBAC, namespaces, volumes). */
  readonly beside?: readonly Node[] | undefined;
}

/** How a source asks for what lies outside its input. All reads go through here, so limits and confinement are in one place. */
export interface SourceContext {
  /** Reads a file beside the input (an extended Compose file, an env file, a seccomp profile). Undefined when it cannot be read. */
  readonly readText: (path: string) => SourceText | undefined;
  /** The environment that interpolation sees (Compose). */
  readonly environment: ReadonlyMap<string, string>;
  /** The absolute folder that relative paths of the input are taken from; absent for standard input. */
  readonly projectDirectory?: string | undefined;
  /** `--profile`-like choices; empty means the tool's default. */
  readonly profiles: readonly string[];
  /** The input was found in a folder, not named: then a tool's own defaults apply (Compose merges `compose.override.yaml`). */
  readonly foundInFolder?: boolean | undefined;
}

export interface SourceResult {
  readonly subjects: readonly SubjectSpec[];
  readonly problems: readonly Problem[];
}

/** One container as its source saw it: either a spec that still lacks the engine's defaults, or a whole boundary. */
export interface SubjectSpec {
  /** Unique within its file: the service's name, `Deployment/web/app`. */
  readonly name: string;
  readonly kind: "compose" | "kubernetes" | "docker" | "oci" | "process" | "command";
  readonly at: Position | null;
  readonly image: string | null;
  readonly spec?: ContainerSpec;
  readonly boundary?: (host: HostFacts, filters: FilterStore) => Boundary;
}

/**
 * Resolved seccomp filters by key. The same few filters serve thousands of subjects, so a Boundary holds only the key.
 */
export interface FilterStore {
  /**
   * Resolves a profile (parsed JSON, Docker's conditional form or OCI's `linux.seccomp`) for a process and returns its
   * key; equal profile and context give the same key. `kernel` undefined: rules that depend on it stay unknown.
   */
  readonly add: (name: string, profile: unknown, context: FilterContext) => string;
}
export interface FilterContext {
  readonly capabilities: readonly string[];
  readonly architecture: string | undefined;
  readonly kernel: string | undefined;
}
