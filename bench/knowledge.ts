import { spawnSync } from "node:child_process";
import type * as Setting from "../src/assess/setting.ts";
import type * as SourceContext from "../src/assess/source-context.ts";
import type * as KnowledgeTypes from "../src/knowledge/types.ts";
import type * as CommandLine from "../src/sources/command-line/command-line.ts";
import type * as Complete from "../src/sources/defaults/complete.ts";

/** What was built, not what a loader makes of the sources on the way: that adds to every function. */
const built = async <T>(path: string): Promise<T> => (await import(`../dist/${path}.js`)) as T;

/** Steps through every combination in an order that is the same in each run. */
function pick<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new Error("an empty list");
  return item;
}

const capabilities = [
  "NET_ADMIN",
  "SYS_PTRACE",
  "SYS_ADMIN",
  "DAC_READ_SEARCH",
  "SYS_MODULE",
  "BPF",
  "NET_RAW",
];
const mounts = [
  "",
  "-v /:/host:ro",
  "-v /var/run/docker.sock:/s",
  "-v /proc:/host/proc",
  "-v /etc:/e:ro",
  "-v /srv/x:/x",
];

/** A command line whose boundary no other of them has. */
function line(i: number): readonly string[] {
  const words = ["docker run"];
  for (const [bit, name] of capabilities.entries()) if (i & (1 << bit)) words.push(`--cap-add ${name}`);
  words.push(pick(mounts, i >> 3), pick(["", "-u 1000", "--read-only"], i >> 1));
  words.push(
    pick(["", "--pid=host", "--network host", "--security-opt seccomp=unconfined"], i >> 2),
    "alpine",
  );
  return words.join(" ").split(/ +/);
}

/**
 * What the whole knowledge base costs a distinct boundary, hot, by host; and what loading it costs a cold process.
 * Preconditions: `npm run build`.
 */
export async function knowledgeFigures(): Promise<void> {
  const { createSetting } = await built<typeof Setting>("assess/setting");
  const { sourceContext } = await built<typeof SourceContext>("assess/source-context");
  const { goals } = await built<typeof KnowledgeTypes>("knowledge/types");
  const { readArguments } = await built<typeof CommandLine>("sources/command-line/command-line");
  const { complete } = await built<typeof Complete>("sources/defaults/complete");
  for (const host of ["patched", "unknown", "ubuntu-24.04-docker-28"]) {
    const setting = await createSetting({ assume: new Map(), host, goals, order: 2 });
    const context = sourceContext("command line", process.cwd(), "named", {
      environment: new Map(),
      profiles: [],
    });
    const boundaries = Array.from({ length: 400 }, (_, i) => line(i)).flatMap((argv) =>
      readArguments(argv, context).subjects.flatMap(({ spec }) =>
        spec ? [complete(spec, setting.completion)] : [],
      ),
    );
    const times = boundaries.map((boundary) => {
      const start = process.hrtime.bigint();
      setting.judge(boundary);
      return Number(process.hrtime.bigint() - start) / 1e6;
    });
    // The first hundred warm the code up, as the first hundred of a folder do.
    const hot = times.slice(100).filter((ms) => ms > 0.02);
    const mean = hot.reduce((sum, ms) => sum + ms, 0) / hot.length;
    console.log(
      `${host}: ${String(setting.prepared.all.length)} entries, ${mean.toFixed(2)} ms for a distinct boundary (${String(hot.length)} of them; wanted: under 1.5)`,
    );
  }
  const script = `import { createSetting } from "./dist/assess/setting.js"; import { goals } from "./dist/knowledge/types.js";
    const start = process.hrtime.bigint(); await createSetting({ assume: new Map(), host: "patched", goals, order: 2 });
    console.log(Number(process.hrtime.bigint() - start) / 1e6);`;
  const loads = Array.from({ length: 15 }, () =>
    Number(spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }).stdout),
  ).sort((a, b) => a - b);
  console.log(
    `loading the knowledge in a cold process: ${(loads[7] ?? Number.NaN).toFixed(1)} ms (wanted: under 15)`,
  );
}
