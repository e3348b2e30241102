import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { dockerInspect } from "../../../src/sources/docker-inspect/docker-inspect.ts";
import type { SourceResult } from "../../../src/sources/types.ts";
import { contextWith, plain } from "../command-line/helpers.ts";

export function read(...values: readonly unknown[]): SourceResult {
  const documents = values.map((value) => {
    const { document } = parseJson(sourceText("i.json", JSON.stringify(value, null, 1)));
    if (!document) throw new Error("no document");
    return document;
  });
  return dockerInspect.read({ file: "i.json", documents }, contextWith());
}

export function record(
  host: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
  config: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    Id: "0123456789abcdef",
    Name: "/web",
    Config: { Image: "nginx", ...config },
    HostConfig: host,
    ...rest,
  };
}

export const specOf = (...values: readonly unknown[]): unknown => plain(read(...values).subjects[0]?.spec);
