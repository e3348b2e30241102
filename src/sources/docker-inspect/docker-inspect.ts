import type { Node } from "../../base/document.ts";
import { asString, get, getIn, isNull } from "../../base/document.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { Draft } from "../command-line/draft.ts";
import { finishDraft, newDraft, said } from "../command-line/draft.ts";
import type { Field } from "../oci/fields.ts";
import { field, rootField, textOf } from "../oci/fields.ts";
import type { Recognisable, Source, SourceContext, SubjectSpec } from "../types.ts";
import { readContainer } from "./container.ts";
import type { Daemon } from "./daemon.ts";
import { readDaemon } from "./daemon.ts";

/**
 * `docker inspect` and `podman inspect` of containers (Docker Engine API 1.52, ContainerInspect; Podman 5,
 * libpod/define/container_inspect.go). Records of images, `docker info`, `docker version` and `podman info` in the same
 * input are facts about their image and their daemon.
 */
export const dockerInspect: Source = {
  id: "docker-inspect",
  recognises: ({ document }: Recognisable) =>
    recordsOf(document).some((record) => kindOf(record) !== undefined),
  read: ({ documents }, context) => {
    const problems: Problem[] = [];
    const records = documents.flatMap(recordsOf);
    const of = (kind: RecordKind): readonly Node[] => records.filter((record) => kindOf(record) === kind);
    const daemon = readDaemon([...of("info"), ...of("version")], problems);
    const subjects = of("container").map((record) => subject(record, of("image"), daemon, context, problems));
    for (const record of records) {
      if (kindOf(record) !== undefined) continue;
      problems.push({
        code: "unrecognised",
        message: expected("a record of a container, an image or a daemon", describeRecord(record)),
        at: record,
      });
    }
    return { subjects: unique(subjects), problems };
  },
};

function recordsOf(document: Node): readonly Node[] {
  return document.kind === "seq" ? document.items : [document];
}

type RecordKind = "container" | "image" | "info" | "version";

function kindOf(record: Node): RecordKind | undefined {
  const has = (key: string): boolean => !isNull(get(record, key));
  if (has("HostConfig") && ["Config", "State"].some(has)) return "container";
  if (has("RootFS") && ["Config", "RepoTags", "Architecture"].some(has)) return "image";
  if (["SecurityOptions", "ServerVersion"].every(has) || getIn(record, "host", "security")?.kind === "map")
    return "info";
  const server = get(record, "Server");
  return get(server, "ApiVersion") || get(server, "APIVersion") ? "version" : undefined;
}

function describeRecord(record: Node): unknown {
  return record.kind === "scalar" ? record.value : record.kind === "map" ? {} : [];
}

/** Podman's records have fields that Docker's never have. */
function isPodman(record: Node): boolean {
  return ["BoundingCaps", "OCIRuntime", "ImageName", "IsInfra", "ConmonPidFile"].some(
    (key) => get(record, key) !== undefined,
  );
}

function subject(
  record: Node,
  images: readonly Node[],
  daemon: Daemon,
  context: SourceContext,
  problems: Problem[],
): SubjectSpec {
  const engine = isPodman(record) ? "podman" : "docker";
  const draft = newDraft(engine, context, `${engine} inspect`);
  const root = rootField(record, draft.problems);
  readContainer(draft, root);
  const image = imageOf(record, images);
  if (image) {
    const user = field(rootField(image, draft.problems), "Config", "User");
    draft.spec.imageUser = said(draft, textOf(user) ?? "", user.at);
  }
  if (daemon.engine === undefined || daemon.engine === engine) applyDaemon(draft, daemon);
  problems.push(...draft.problems);
  return {
    name: nameOf(root),
    kind: "docker",
    at: record,
    image: draft.spec.image?.value ?? null,
    spec: finishDraft(draft),
  };
}

function applyDaemon(draft: Draft, { facts, version }: Daemon): void {
  if (Object.keys(facts).length > 0) draft.spec.daemon = { ...draft.spec.daemon, ...facts };
  if (version) draft.spec.engineVersion = version;
  if (facts.rootless) draft.spec.rootless = facts.rootless;
}

function nameOf(root: Field): string {
  const id = textOf(field(root, "Id")) ?? "";
  return (textOf(field(root, "Name")) ?? "").replace(/^\//, "") || id.slice(0, 12) || "container";
}

function imageOf(record: Node, images: readonly Node[]): Node | undefined {
  const id = asString(get(record, "Image"));
  const name = asString(getIn(record, "Config", "Image"));
  return images.find((image) => {
    const tags = get(image, "RepoTags");
    const tagged =
      tags?.kind === "seq" && tags.items.some((tag) => asString(tag) !== undefined && asString(tag) === name);
    return (id !== undefined && asString(get(image, "Id")) === id) || tagged;
  });
}

/** Two records of one name, such as of two daemons, are told apart. */
function unique(subjects: readonly SubjectSpec[]): readonly SubjectSpec[] {
  const seen = new Map<string, number>();
  return subjects.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name}-${String(count)}` };
  });
}
