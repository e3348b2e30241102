import { readFileSync } from "node:fs";
import { toData } from "../../src/base/document.ts";
import { sourceText } from "../../src/base/location.ts";
import { parseYaml } from "../../src/base/parse-yaml.ts";
import type { HostPath } from "../../src/boundary/host-paths.ts";
import { parseHostPaths } from "../../src/knowledge/host-paths-schema.ts";

const file = new URL("../../knowledge/host-paths.yaml", import.meta.url);
const { documents } = parseYaml(sourceText("host-paths.yaml", readFileSync(file, "utf8")));
const document = documents[0];

/** knowledge/host-paths.yaml, as the build reads it. */
export const parsedHostPaths = parseHostPaths(document ? toData(document) : undefined);
export const hostPaths: readonly HostPath[] = parsedHostPaths.value ?? [];
