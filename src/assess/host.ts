import type { HostFacts } from "../boundary/host.ts";
import { quote } from "../base/text.ts";
import { readAssumptions, withAssumptions } from "../knowledge/preset-assumptions.ts";
import { hostNamed } from "../knowledge/presets.ts";
import { shippedPresets } from "../knowledge/store.ts";
import type { KnowledgeBase } from "../knowledge/types.ts";
import { readText } from "./read-text.ts";
import type { ScanRequest } from "./request.ts";
import { usageProblem } from "./request.ts";

/**
 * The host that a request names: `patched`, `unknown`, a preset, this machine (`live`), or a file of collected facts.
 * @throws UsageProblem for a name that is none of these, a file that cannot be understood, or an assumption that does not exist
 */
export async function hostOf(
  { host = "patched", assume }: Pick<ScanRequest, "assume" | "host">,
  knowledge: KnowledgeBase,
): Promise<HostFacts> {
  const { messages } = readAssumptions([...assume].map(([key, value]) => `${key}=${value}`));
  if (messages[0] !== undefined) throw usageProblem(messages[0]);
  if (host === "live") return withAssumptions(await liveHost(knowledge), assume);
  const presets = host === "patched" || host === "unknown" ? [] : shippedPresets();
  const facts = hostNamed(host, presets, assume);
  if (facts) return facts;
  if (/[/.]/.test(host) && !presets.some(({ id }) => id === host))
    return withAssumptions(await hostFromFile(host), assume);
  const known = ["patched", "unknown", "live", ...presets.map((preset) => preset.id)].join(", ");
  throw usageProblem(`expected \`--host\` to be a file or one of ${known}, found ${quote(host)}`);
}

async function liveHost(knowledge: KnowledgeBase): Promise<HostFacts> {
  const [{ collectHost }, { askedOfHost }] = await Promise.all([
    import("../observe/host/collect.ts"),
    import("../knowledge/asked-of-host.ts"),
  ]);
  return collectHost(askedOfHost(knowledge));
}

async function hostFromFile(file: string): Promise<HostFacts> {
  const read = readText(file);
  if ("problem" in read)
    throw usageProblem(`expected \`--host\` to be a file that can be read, found ${quote(file)}`);
  const { readHostFile } = await import("../knowledge/host-file.ts");
  const result = readHostFile(read.source.text, file);
  if ("problem" in result) throw usageProblem(`${file}: ${result.problem}`);
  return result.host;
}
