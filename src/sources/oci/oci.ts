import { asString, get, getIn } from "../../base/document.ts";
import type { Node } from "../../base/document.ts";
import type { Problem } from "../../base/problems.ts";
import { expected } from "../../base/problems.ts";
import type { Boundary } from "../../boundary/boundary.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { FilterStore, Recognisable, Source, SubjectSpec } from "../types.ts";
import type { Bundle } from "./bundle.ts";
import { readBundle } from "./bundle.ts";
import { processFacts } from "./process.ts";

/**
 * The configuration of an OCI runtime bundle (`config.json`, OCI runtime-spec 1.2). It states the boundary itself: there
 * are no engine defaults left to apply, only what the specification and runc do with absent fields.
 */
export const oci: Source = {
  id: "oci",
  recognises: ({ document }: Recognisable) =>
    asString(get(document, "ociVersion")) !== undefined &&
    ["process", "root", "linux", "windows", "vm"].some((key) => get(document, key)?.kind === "map"),
  read: ({ file, documents }) => {
    const problems: Problem[] = [];
    const subjects = documents.flatMap((document) => {
      if (document.kind === "map") return [subject(file, document, problems)];
      problems.push({ code: "wrong-type", message: expected("an object", null), at: document });
      return [];
    });
    return { subjects, problems };
  },
};

function subject(file: string, document: Node, problems: Problem[]): SubjectSpec {
  const bundle = readBundle(document, problems);
  return {
    name: nameOf(file, document),
    kind: "oci",
    at: get(document, "ociVersion") ?? document,
    image: bundle.image.reference,
    boundary: (host: HostFacts, filters: FilterStore) => boundaryOf(bundle, host, filters),
  };
}

/** The name that a CRI or Podman left in the annotations, the host name, or the bundle's folder. */
function nameOf(file: string, document: Node): string {
  const keys = [
    "io.kubernetes.cri.container-name",
    "io.kubernetes.container.name",
    "io.kubernetes.cri-o.ContainerName",
    "nerdctl/name",
  ];
  const named = keys.map((key) => asString(getIn(document, "annotations", key))).find(Boolean);
  const folder = /([^/]+)\/[^/]+$/.exec(file)?.[1];
  return named ?? (asString(get(document, "hostname")) || folder) ?? "container";
}

function boundaryOf(bundle: Bundle, host: HostFacts, filters: FilterStore): Boundary {
  return { ...bundle.fixed, process: processFacts(bundle, host, filters), host };
}
