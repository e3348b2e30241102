import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knowledgeFigures } from "./knowledge.ts";

/**
 * The figures of the README, each as a ratio or a rate of this run: cold start against `node -e 0`, and a folder of
 * distinct Kubernetes manifests. Preconditions: `npm run build`.
 */
const holdfast = "dist/bin/holdfast.cjs";

function medianMs(argv: readonly string[], runs: number): number {
  const times: number[] = [];
  for (let i = 0; i < runs + 2; i++) {
    const start = process.hrtime.bigint();
    const result = spawnSync(process.execPath, argv, { stdio: "ignore" });
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    if (result.status !== 0 && result.status !== 1)
      throw new Error(`${argv.join(" ")} exited with ${String(result.status)}`);
    if (i >= 2) times.push(ms);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

/** A distinct manifest: another image, name, environment; every third another security context. */
function manifest(i: number): string {
  const n = String(i);
  const context =
    [
      "",
      "          securityContext:\n            allowPrivilegeEscalation: false\n            capabilities: {drop: [ALL]}\n",
      `          securityContext:\n            runAsUser: ${String(1000 + (i % 40))}\n            runAsNonRoot: true\n`,
    ][i % 3] ?? "";
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${n}
  namespace: team-${String(i % 50)}
  labels: {app: app-${n}}
spec:
  replicas: ${String((i % 5) + 1)}
  selector:
    matchLabels: {app: app-${n}}
  template:
    metadata:
      labels: {app: app-${n}}
    spec:
      serviceAccountName: app-${n}
      containers:
        - name: app
          image: registry.example/app-${n}:1.${n}
          ports:
            - containerPort: ${String(3000 + (i % 1000))}
          env:
            - {name: LOG_LEVEL, value: info}
            - {name: TOKEN_${n}, valueFrom: {secretKeyRef: {name: app-${n}, key: token}}}
          resources:
            limits: {memory: ${String(64 + (i % 64))}Mi, cpu: 500m}
${context}          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - name: data
          ${i % 7 === 0 ? `hostPath: {path: /srv/app-${n}}` : "emptyDir: {}"}
`;
}

function folder(count: number): string {
  const root = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  for (let i = 0; i < count; i++) {
    const sub = join(root, `team-${String(i % 50)}`);
    if (i < 50) mkdirSync(sub);
    writeFileSync(join(sub, `app-${String(i)}.yaml`), manifest(i));
  }
  return root;
}

function scanFolder(count: number): { seconds: number; rate: number; mebibytes: number } {
  const root = folder(count);
  try {
    const argv = [
      "-f",
      "%e %M",
      process.execPath,
      holdfast,
      "scan",
      root,
      "--format",
      "ndjson",
      "--no-boundary",
    ];
    const { stderr } = spawnSync("/usr/bin/time", argv, {
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    const [seconds, kibibytes] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    if (!seconds || !kibibytes) throw new Error(`no figures from ${argv.join(" ")}: ${stderr}`);
    return { seconds, rate: count / seconds, mebibytes: kibibytes / 1024 };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const bare = medianMs(["-e", "0"], 21);
for (const [what, file] of [
  ["one service", "examples/one/compose.yaml"],
  ["five services", "examples/shop/compose.yaml"],
] as const) {
  const scan = medianMs([holdfast, "scan", file, "--color", "never"], 21);
  console.log(
    `cold start, ${what}: node -e 0 ${bare.toFixed(1)} ms, scan ${scan.toFixed(1)} ms, ratio ${(scan / bare).toFixed(2)} (wanted: at most 1.6)`,
  );
}
for (const count of process.argv.includes("--large") ? [5_000, 50_000] : [5_000]) {
  const { seconds, rate, mebibytes } = scanFolder(count);
  console.log(
    `${String(count)} manifests: ${seconds.toFixed(2)} s, ${rate.toFixed(0)} workloads/s (wanted: at least 2,000), peak ${mebibytes.toFixed(0)} MiB (wanted: under 400)`,
  );
}
await knowledgeFigures();
