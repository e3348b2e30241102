import type { Assessment, Subject } from "../../src/engine/assessment.ts";
import { assessment, condition, evidence, path, step, subject } from "./parts.ts";

/** Hand-made assessments: what reporters are looked at with, fixed so that goldens change only with a reporter. */

const kernel = path("kernel-bug", "closed", {
  axis: "kernel",
  reason: "an unknown bug of the kernel can be reached through the system calls that the filter leaves",
  barriers: ["kernel-correct"],
  closedBy: ["kernel-correct"],
  steps: [
    step("kernel-bug", "workload", "host-root", [
      condition("kernel shared", "holds", {
        evidence: [
          evidence("containers of Docker share the host's kernel", null, {
            provenance: "defaulted",
            by: "docker",
          }),
        ],
      }),
      condition("the kernel is correct", "blocked", { barriers: ["kernel-correct"], formula: "all[1]" }),
    ]),
  ],
});

const dockerSocket = path("docker-socket>privileged-sibling", "open", {
  reason: "/var/run/docker.sock is mounted; read-only does not stop a connection",
  remedy: "remove the mount, or put a proxy that filters the API in front of the socket",
  steps: [
    step("docker-socket", "workload", "engine-api", [
      condition("connectable /run/docker.sock", "holds", {
        evidence: [
          evidence(
            "the host's /run/docker.sock is mounted at /var/run/docker.sock; a read-only mount does not stop connect(2)",
            9,
          ),
          evidence("the process is uid 0, which may use the socket", null, {
            provenance: "defaulted",
            by: "image without a user",
          }),
        ],
      }),
      condition("an engine that starts containers as root listens there", "holds", {
        formula: "all[1].any[0]",
      }),
      condition("the engine is rootless, and the user's files suffice", "blocked", {
        barriers: ["rootless-engine"],
        formula: "all[1].any[1]",
      }),
    ]),
    step("privileged-sibling", "engine-api", "host-root", [
      condition("the engine accepts privileged containers", "holds", { formula: "" }),
    ]),
  ],
});

const remount = path("remount-proc-sys", "unknown", {
  reason: "CAP_SYS_ADMIN opens mount in Docker's own filter; only AppArmor would hold it",
  remedy: "drop SYS_ADMIN, or run on a host with AppArmor",
  barriers: ["apparmor"],
  closedBy: ["apparmor"],
  steps: [
    step("remount-proc-sys", "workload", "host-root", [
      condition("capability CAP_SYS_ADMIN", "holds", {
        evidence: [evidence("cap_add gives CAP_SYS_ADMIN", 23)],
      }),
      condition("the LSM permits mount", "unknown", {
        barriers: ["apparmor"],
        formula: "all[1]",
        wouldDecide: ["host.apparmor"],
        evidence: [
          evidence("nothing in the input says so; a host file or a preset would", null, {
            provenance: "unknown",
            by: "host.apparmor",
          }),
        ],
      }),
    ]),
  ],
});

/** The sketch of the main job: one open, one that depends, one held by the kernel alone, one with two kernels. */
export const shop = assessment([
  subject("web", 0, 0, {
    paths: [dockerSocket, kernel],
    cutSets: { "host-root": [[], ["kernel-correct"]] },
    singlePoints: ["kernel-correct"],
    blastRadius: {
      ...subject("", 0, 0).blastRadius,
      metadata: { status: "reachable", why: "" },
      grants: [
        {
          path: "/run/docker.sock",
          at: "/var/run/docker.sock",
          access: "read",
          judged: true,
          what: "Docker's API",
          location: { file: "shop/compose.yaml", line: 9, column: 9 },
        },
        {
          path: "/srv/shop/certs",
          at: "/certs",
          access: "read",
          judged: false,
          what: null,
          location: { file: "shop/compose.yaml", line: 10, column: 9 },
        },
      ],
    },
  }),
  subject("backup", 0, 1, {
    location: { file: "shop/compose.yaml", line: 21, column: 3 },
    paths: [remount, kernel],
    cutSets: { "host-root": [["apparmor"], ["kernel-correct"]] },
    singlePoints: ["kernel-correct", "apparmor"],
    unknowns: [
      { fact: "host.apparmor", reason: "nothing in the input says so", decides: ["remount-proc-sys"] },
    ],
  }),
  subject("api", 1, 1, {
    location: { file: "shop/compose.yaml", line: 12, column: 3 },
    paths: [kernel],
    cutSets: { "host-root": [["kernel-correct"]] },
    singlePoints: ["kernel-correct"],
    blastRadius: {
      ...subject("", 0, 0).blastRadius,
      credentials: [
        {
          kind: "environment",
          name: "DATABASE_PASSWORD",
          detail: "in its environment",
          location: { file: "shop/compose.yaml", line: 17, column: 7 },
        },
        {
          kind: "environment",
          name: "STRIPE_API_KEY",
          detail: "in its environment",
          location: { file: "shop/compose.yaml", line: 18, column: 7 },
        },
      ],
    },
  }),
  subject("thumbs", 2, 2, {
    location: { file: "shop/compose.yaml", line: 30, column: 3 },
    paths: [
      path("gvisor-bug>kernel-bug", "closed", {
        axis: "kernel",
        barriers: ["gvisor-correct", "kernel-correct"],
        closedBy: ["gvisor-correct", "kernel-correct"],
      }),
    ],
    cutSets: { "host-root": [["gvisor-correct", "kernel-correct"]] },
    backtest: { kernel: { known: 98, reachable: 0, ids: [] }, runtime: { known: 12, reachable: 0, ids: [] } },
    blastRadius: {
      ...subject("", 0, 0).blastRadius,
      egress: { status: "none", why: "it has no network" },
      metadata: { status: "none", why: "it has no network" },
    },
  }),
]);

/** The lines that the shop's locations point at. */
export const shopLines: ReadonlyMap<number, string> = new Map([
  [9, "      - /var/run/docker.sock:/var/run/docker.sock:ro"],
  [23, "    cap_add: [SYS_ADMIN]"],
]);

/** Nothing that was understood. */
export const empty = assessment([]);

/** Only inputs that could not be read. */
export const errorsOnly = assessment([], {
  errors: [
    {
      target: "compose.yaml",
      location: { file: "compose.yaml", line: 12, column: 9 },
      message: 'services.web.cap_add[0]: expected a capability name, found "SYSADMIN"',
    },
    {
      target: "deploy/secret.yaml",
      location: null,
      message: "expected a readable file, found no permission to read it",
    },
  ],
  warnings: [
    {
      target: "chart/templates/app.yaml",
      location: null,
      message: "passed over: a template that only becomes YAML when it is rendered (helm template)",
    },
  ],
});

const privilegedWays = [
  "host-disk",
  "kernel-module",
  "core-dump-helper",
  "cgroup-release-agent",
  "raw-memory",
  "kexec",
  "bpf-tracing",
  "uevent-helper",
];
const inCluster = (name: string, line: number): Partial<Subject> => ({
  id: `deploy/${name}.yaml#${name}`,
  kind: "kubernetes",
  location: { file: `deploy/${name.replace(/^.*?\//, "").replaceAll("/", "-")}.yaml`, line, column: 11 },
});

/** A cluster's manifests on a preset: equal sidecars, a name that is too long, many ways from one line, text that is wide. */
export const cluster = assessment(
  [
    subject("DaemonSet/kube-system/node-problem-detector-with-a-long-name/agent", 0, 0, {
      ...inCluster("agent", 31),
      paths: privilegedWays.map((id) =>
        path(id, "open", {
          reason: `privileged: ${id} is open to a container that has every capability and every device of the node`,
          remedy: "give the devices and capabilities that it needs, one by one, and not all of them",
          steps: [
            step(id, "workload", "host-root", [
              condition("privileged", "holds", {
                evidence: [
                  evidence("privileged is true", 44, {
                    location: { file: "deploy/agent.yaml", line: 44, column: 19 },
                  }),
                ],
              }),
            ]),
          ],
        }),
      ),
      singlePoints: ["kernel-correct"],
    }),
    ...["checkout", "cart", "search", "accounts", "payments"].map((name) =>
      subject(`Deployment/shop/${name}/proxy`, 1, 1, {
        ...inCluster(name, 22),
        singlePoints: [
          "kernel-correct",
          "device-cgroup",
          "capability:CAP_SYS_ADMIN",
          "capability:CAP_SYS_PTRACE",
          "capability:CAP_BPF",
        ],
        blastRadius: {
          ...subject("", 0, 0).blastRadius,
          metadata: { status: "reachable", why: "" },
          lateral: [{ what: "shares a network namespace with app", location: null }],
          credentials: [
            {
              kind: "service-account-token",
              name: "default",
              detail: "token of the service account; it may do nothing that leads on",
              location: null,
            },
          ],
        },
      }),
    ),
    subject("Deployment/shop/検索/アプリ", 1, 2, {
      ...inCluster("検索", 22),
      singlePoints: ["seccomp"],
      unknowns: [
        { fact: "host.kubelet.seccomp-default", reason: "no source says so", decides: ["kernel-bug"] },
        { fact: "host.cri", reason: "no source says so", decides: ["kernel-bug"] },
        { fact: "engine.version", reason: "no source says so", decides: ["kernel-bug"] },
      ],
    }),
    subject("Pod/tools/isolated/main", null, null, { ...inCluster("isolated", 4) }),
  ],
  {
    host: {
      source: "preset:kubernetes-1.33-containerd-2",
      facts: { source: "preset:kubernetes-1.33-containerd-2" },
      notJudged: 0,
    },
    model: {
      image: "untrusted",
      operator: "any",
      goals: ["host-root"],
      order: 2,
      assumptions: { image: "untrusted", operator: "any", "seccomp-default": "true" },
    },
    errors: [
      {
        target: "deploy/broken.yaml",
        location: { file: "deploy/broken.yaml", line: 3, column: 1 },
        message: "expected a mapping, found a list",
      },
    ],
  },
);

/** Every margin is enough, but two barriers are wanted. */
export const wantsTwo = assessment(
  [
    subject("api", 1, 1, {
      paths: [
        kernel,
        path("CVE-2022-0847", "closed", {
          axis: "kernel",
          barriers: ["kernel-correct"],
          cve: "CVE-2022-0847",
        }),
        path("raw-disk", "closed", { barriers: ["device-cgroup"] }),
      ],
      singlePoints: ["kernel-correct", "device-cgroup"],
    }),
  ],
  { summary: { subjects: 1, short: 1, open: 0, failOn: 2, judge: "worst", durationMs: 3 } },
);

export const fixed: Readonly<Record<string, Assessment>> = {
  shop,
  empty,
  "errors-only": errorsOnly,
  cluster,
  "wants-two": wantsTwo,
};
