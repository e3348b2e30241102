import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
let folder: string;
let main: string;

const open = "services:\n  web:\n    image: web:1\n    privileged: true\n";
const hardened =
  'services:\n  job:\n    image: job:1\n    user: "65534:65534"\n    cap_drop: [ALL]\n    security_opt: ["no-new-privileges:true"]\n    read_only: true\n    network_mode: none\n';
const pod =
  "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - {name: c, image: c:1, securityContext: {privileged: true}}\n";
const tracker =
  '{"linux":{"CVE-2022-0185":{"releases":{"bookworm":{"status":"resolved","fixed_version":"5.15.15-1"}}},' +
  '"CVE-2031-1000":{"description":"A new bug","releases":{"bookworm":{"status":"open"}}}}}';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-cli-"));
  main = await bundleInto(mkdtempSync(join(tmpdir(), "holdfast-bin-")));
  for (const sub of ["mixed", "nothing", "own"]) mkdirSync(join(folder, sub));
  writeFileSync(join(folder, "open.yaml"), open);
  writeFileSync(join(folder, "hardened.yaml"), hardened);
  writeFileSync(join(folder, "broken.yaml"), "services:\n  web: [\n");
  writeFileSync(join(folder, "debian.json"), tracker);
  writeFileSync(join(folder, "notes.txt"), "nothing of ours\n");
  writeFileSync(join(folder, "mixed/compose.yaml"), open);
  writeFileSync(join(folder, "mixed/pod.yaml"), pod);
  writeFileSync(join(folder, "mixed/other.yaml"), "unrelated: true\n");
});
afterAll(() => {
  for (const path of [folder, dirname(main)]) rmSync(path, { recursive: true, force: true });
});

/** The command as it stands in src/, in one file: a fifth of the time that running the sources would take. */
async function bundleInto(out: string): Promise<string> {
  cpSync(join(root, "src/knowledge/compiled"), join(out, "compiled"), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outfile: join(out, "holdfast.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  return join(out, "holdfast.mjs");
}

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], input?: string, nodeArgs: readonly string[] = []): Promise<Run> {
  // Neither the colours nor the options of whoever runs the tests.
  const environment = { PATH: process.env["PATH"] };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...nodeArgs, main, ...args],
      { cwd: folder, env: environment, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
    child.stdin?.end(input ?? "");
  });
}

interface Case {
  readonly args: string;
  readonly exit: number;
  readonly stdout?: readonly (string | RegExp)[];
  readonly stderr?: readonly (string | RegExp)[];
  readonly input?: string;
}

const cases: readonly Case[] = [
  // Assessing.
  {
    args: "scan open.yaml",
    exit: 1,
    stdout: ["web  margin 0", "✗", "1 of 1 falls short of margin 1", "holdfast explain"],
  },
  { args: "scan hardened.yaml", exit: 0, stdout: ["job", "it reaches margin 1"] },
  { args: "scan hardened.yaml --fail-on 9", exit: 1, stdout: ["1 of 1 falls short of margin 9"] },
  { args: "scan open.yaml --fail-on 0", exit: 0, stdout: ["1 assessed"] },
  { args: "scan open.yaml hardened.yaml", exit: 1, stdout: ["2 files", "1 of 2 falls short"] },
  { args: "scan mixed", exit: 1, stdout: ["2 files", "compose.yaml", "pod.yaml"] },
  { args: "scan nothing", exit: 0, stdout: ["nothing to assess: no container configuration was found"] },
  {
    args: "scan - --quiet",
    exit: 1,
    input: open,
    stdout: [/^-:2: web: margin 0\n1 of 1 falls short of margin 1\n$/],
  },
  { args: "scan --quiet -- docker run --privileged alpine", exit: 1, stdout: [/^alpine: margin 0\n/] },
  { args: "scan open.yaml --color always", exit: 1, stdout: ["\u001b[31m"] },
  {
    args: "scan open.yaml --assume apparmor=none --host unknown --judge best --goal host-root --goal sibling --order 3",
    exit: 1,
    stdout: ["nothing is assumed", "assumed apparmor=none", /goals\s+host-root, sibling/],
  },
  // Inputs that fail: the rest is still reported, and 2 goes before 1.
  {
    args: "scan open.yaml broken.yaml",
    exit: 2,
    stdout: ["web  margin 0", "1 error", "broken.yaml:", "1 error in the input"],
  },
  {
    args: "scan gone.yaml",
    exit: 2,
    stdout: ["gone.yaml: expected a readable file, found no such file", "nothing was assessed; 1 error"],
  },
  {
    args: "scan notes.txt --format json",
    exit: 2,
    stdout: ['"errors": ['],
    stderr: ["notes.txt: expected a Compose file"],
  },
  { args: "scan notes.txt --format json --quiet", exit: 2, stderr: [/^$/] },
  { args: "scan -- ls -l", exit: 2, stdout: ["expected a docker, podman or nerdctl command"] },
  // Usage errors.
  { args: "", exit: 2, stderr: [/^holdfast: expected a command, found nothing/] },
  { args: "scna", exit: 2, stderr: ['holdfast: expected a command, found "scna"; did you mean scan?'] },
  {
    args: "scan --fial-on 2",
    exit: 2,
    stderr: ["expected an option of this command, found `--fial-on`; did you mean --fail-on?"],
  },
  {
    args: "scan --fail-on two",
    exit: 2,
    stderr: ['expected `--fail-on` to be a whole number from 0 to 9, found "two"'],
  },
  { args: "scan --judge never", exit: 2, stderr: ['expected `--judge` to be worst or best, found "never"'] },
  { args: "scan --goal moon", exit: 2, stderr: ["expected `--goal` to be one of host-root"] },
  {
    args: "scan --assume apparmor",
    exit: 2,
    stderr: ['expected `--assume` to be KEY=VALUE, found "apparmor"'],
  },
  { args: "scan --assume colour=red", exit: 2, stderr: ["expected `--assume` to name one of apparmor"] },
  { args: "scan --host windows", exit: 2, stderr: ["expected `--host` to be", 'found "windows"'] },
  { args: "scan --knowledge nothing", exit: 2, stderr: ["expected `--knowledge`"] },
  { args: "scan --format html", exit: 2, stderr: ["`--format html` is not in this release"] },
  { args: "scan --quiet --verbose", exit: 2, stderr: ["cannot be used with"] },
  {
    args: "scan open.yaml --output no/such/file",
    exit: 2,
    stderr: ["expected `--output` to be a file that can be written"],
  },
  { args: "scan docker:web", exit: 2, stderr: ["live targets are not in this release"] },
  { args: "scan --", exit: 2, stderr: ["expected a container command after `--`, found nothing"] },
  ...["fix compose.yaml --margin 2", "probe x", "run -- ls", "learn -- ls", "diff a b"].map((args) => ({
    args,
    exit: 2,
    stderr: [`\`holdfast ${args.split(" ")[0] ?? ""}\` is not in this release`],
  })),
  // Explaining.
  { args: "explain", exit: 2, stderr: ["expected an argument `what`"] },
  {
    args: "explain nonsense open.yaml",
    exit: 2,
    stderr: ['expected WHAT to be a technique, a path, a CVE or a barrier, found "nonsense"'],
  },
  {
    args: "explain core-dump-helper open.yaml",
    exit: 1,
    stdout: ["web  open  core-dump-helper", "✗ holds", "declared, open.yaml:4  privileged: true"],
  },
  {
    args: "explain non-root hardened.yaml --format json",
    exit: 0,
    stdout: ['"schema": "holdfast.assessment/1"'],
  },
  // The knowledge base and hosts.
  { args: "kb list", exit: 0, stdout: [/^core-dump-helper +misconfiguration +workload → host-root/m] },
  { args: "kb list --format xml", exit: 2, stderr: ["expected `--format` to be text or json"] },
  {
    args: "kb show core-dump-helper",
    exit: 0,
    stdout: ["requires", "writable: /proc/sys/kernel/core_pattern", "references"],
  },
  { args: "kb show nonsense", exit: 2, stderr: ["expected ID to be one that `holdfast kb list` names"] },
  { args: "kb check", exit: 0, stdout: [/^\d+ entries, 0 problems\n$/] },
  { args: "kb check nothing", exit: 2, stderr: ["expected technique files (*.yaml), found none"] },
  { args: "kb update", exit: 2, stderr: ["expected an argument `feed`, found nothing"] },
  {
    args: "kb update notes.txt debian.json --store store",
    exit: 2,
    stdout: [
      "debian.json: debian-tracker: 2 records read, 1 fact kept, 1 known vulnerability refined, 1 candidate\n" +
        "  CVE-2031-1000  linux  A new bug\n",
    ],
    stderr: ["holdfast: notes.txt: ", "found another format"],
  },
  {
    args: "kb candidates --store nowhere",
    exit: 2,
    stderr: ["expected a store that `holdfast kb update` wrote"],
  },
  { args: "scan open.yaml --feeds nowhere", exit: 2, stderr: ["expected `--feeds` to be a folder that"] },
  { args: "host --presets", exit: 0, stdout: ["patched", "unknown", "ubuntu-24.04-docker-28"] },
  { args: "host", exit: 0, stdout: ['"schema": "holdfast.host/1"', "kernelRelease"] },
  {
    args: "scan open.yaml --host nowhere.json",
    exit: 2,
    stderr: ["expected `--host` to be a file that can be read"],
  },
  {
    args: "scan open.yaml --host nowhere",
    exit: 2,
    stderr: ["expected `--host` to be a file or one of patched"],
  },
  { args: "--version", exit: 0, stdout: [/^\d+\.\d+\.\d+\n$/] },
  { args: "scan --help", exit: 0, stdout: ["--fail-on <n>", "--assume <key=value>"] },
];

describe("the command line", () => {
  test.concurrent.each(cases)(
    "holdfast $args → $exit",
    async ({ args, exit, stdout = [], stderr = [], input }) => {
      const result = await run(args.split(" ").filter(Boolean), input);
      for (const part of stdout) expect(result.stdout).toMatch(part);
      for (const part of stderr) expect(result.stderr).toMatch(part);
      expect(result.stderr).not.toContain("bug in holdfast");
      if (exit === 2 && stderr.length > 0 && stdout.length === 0 && !args.includes("--format json"))
        expect(result.stdout).toMatch(/^(\d+ entr.*)?\s*$/);
      expect(result.status).toBe(exit);
    },
  );
});

describe("reports", () => {
  test("several formats go to their files, one to standard output", async () => {
    const json = join(folder, "own/report.json");
    const lines = join(folder, "own/report.ndjson");
    const result = await run([
      "scan",
      "open.yaml",
      "hardened.yaml",
      "broken.yaml",
      "--format",
      "json",
      "--output",
      json,
      "--format",
      "ndjson",
      "--output",
      lines,
      "--format",
      "text",
    ]);
    expect(result.status).toBe(2);
    expect(result.stdout).toContain("1 of 2 falls short");
    const assessment = JSON.parse(readFileSync(json, "utf8")) as {
      subjects: { name: string; boundary?: unknown }[];
      errors: unknown[];
    };
    expect(assessment.subjects.map(({ name }) => name)).toEqual(["web", "job"]);
    expect(assessment.subjects[0]?.boundary).toBeDefined();
    expect(assessment.errors).toHaveLength(1);
    const records = readFileSync(lines, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(records.map(({ type }) => type)).toEqual(["subject", "subject", "error", "summary"]);
  });
  test("--no-boundary leaves the boundary out", async () => {
    const { stdout } = await run(["scan", "open.yaml", "--format", "ndjson", "--no-boundary"]);
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).not.toHaveProperty("boundary");
  });
  test("kb list gives what the contract says", async () => {
    const { stdout } = await run(["kb", "list", "--format", "json"]);
    const entries = JSON.parse(stdout) as Record<string, unknown>[];
    expect(entries.length).toBeGreaterThan(20);
    for (const entry of entries)
      expect(Object.keys(entry)).toEqual([
        "id",
        "title",
        "axis",
        "kind",
        "component",
        "status",
        "from",
        "to",
        "confidence",
      ]);
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(["technique", "vulnerability"]));
  });
});

describe("when something breaks", () => {
  test("a reader that leaves ends the run without a word", () => {
    const shell = `"${process.execPath}" "${main}" scan mixed --format json | head -c 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", shell], { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^\{(1|141)\n$/);
  });
  test("a fault of our own is said to be one, with its stack, and exits with 3", async () => {
    const fault = "data:text/javascript,JSON.parse = () => { throw new Error('boom') }";
    const result = await run(["scan", "open.yaml"], "", ["--import", fault]);
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(/Error: boom\n {4}at [^]*this is a bug in holdfast\n$/);
  });
});
