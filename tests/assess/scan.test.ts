import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isUsageProblem, scan } from "../../src/assess.ts";
import type { Subject } from "../../src/engine/assessment.ts";
import { goals } from "../../src/knowledge/types.ts";
import type { Files } from "./files.ts";
import { assess, compose, createFiles, errorsOf, names, pod, subjectOf } from "./files.ts";

let files: Files;
beforeEach(() => {
  files = createFiles();
});
afterEach(() => {
  files.remove();
});

const ids = ({ subjects }: { readonly subjects: readonly Subject[] }): readonly string[] =>
  subjects.map(({ id }) => id);

describe("ids", () => {
  test("are unique, also where a file holds three objects of one name", async () => {
    files.write("pods.yaml", `${pod("same")}---\n${pod("same")}---\n${pod("same")}`);
    const found = ids(await assess([files.root]));
    expect(new Set(found).size).toBe(3);
  });

  test("stay the same from run to run, and when other files come to the folder", async () => {
    files.write("b/compose.yaml", compose("web"));
    files.write("c.yaml", pod("p"));
    const before = ids(await assess([files.root]));
    expect(ids(await assess([files.root]))).toEqual(before);
    files.write("a/compose.yaml", compose("web"));
    expect(ids(await assess([files.root]))).toEqual(expect.arrayContaining([...before]));
  });

  test("the same target twice is two subjects with two ids", async () => {
    const file = files.write("compose.yaml", compose("web"));
    const found = ids(await assess([file, file]));
    expect(found).toEqual([`${file}#web`, `${file}#web~2`]);
  });
});

describe("targets", () => {
  test("two are assessed in the order given, a folder and a file", async () => {
    mkdirSync(files.at("deploy"));
    files.write("deploy/pod.yaml", pod("p"));
    const file = files.write("compose.yaml", compose("web"));
    const assessment = await assess([file, files.at("deploy")]);
    expect(assessment.subjects.map(({ kind }) => kind)).toEqual(["compose", "kubernetes"]);
    expect(assessment.summary.subjects).toBe(2);
  });

  test("a command stands beside a file", async () => {
    const file = files.write("compose.yaml", compose("web"));
    const assessment = await scan(
      {
        targets: [
          { kind: "path", path: file },
          { kind: "command", argv: ["docker", "run", "--privileged", "alpine"] },
        ],
        goals,
        failOn: 1,
        judge: "worst",
        assume: new Map(),
        order: 2,
        boundary: false,
        profiles: [],
      },
      { keep: true },
    );
    expect(assessment.subjects.map(({ margin }) => margin.worst === 0)).toEqual([false, true]);
    expect(assessment.summary).toMatchObject({ subjects: 2, short: 1, open: 1 });
  });

  test("a file that was named must be something; one that was found need not", async () => {
    const file = files.write("notes.yaml", "unrelated: true\n");
    expect(errorsOf(await assess([files.root]))).toEqual([]);
    expect(errorsOf(await assess([file]))).toEqual([expect.stringContaining("expected a Compose file")]);
  });

  test("a host that nobody knows is a problem of the request, not of an input", async () => {
    const file = files.write("compose.yaml", compose("web"));
    await expect(assess([file], { host: "no-such-host" })).rejects.toSatisfy(isUsageProblem);
  });

  test("without keep subjects are announced and not kept, and counted all the same", async () => {
    const file = files.write(
      "compose.yaml",
      `${compose("web", "    privileged: true\n")}  job:\n    image: job:1\n`,
    );
    const seen: string[] = [];
    const assessment = await scan(
      {
        targets: [{ kind: "path", path: file }],
        goals,
        failOn: 1,
        judge: "worst",
        assume: new Map(),
        order: 2,
        boundary: false,
        profiles: [],
      },
      { keep: false, onSubject: ({ name }) => seen.push(name) },
    );
    expect(seen).toEqual(["web", "job"]);
    expect(assessment.subjects).toEqual([]);
    expect(assessment.summary).toMatchObject({ subjects: 2, short: 1, open: 1 });
  });
});

const rbac = (verbs: string, resources: string): string => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: power}
rules:
  - {apiGroups: ["*"], resources: [${resources}], verbs: [${verbs}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: power}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: power}
subjects: [{kind: ServiceAccount, name: robot, namespace: default}]
`;

describe("what other files of a folder say", () => {
  const robot = pod("p", "  serviceAccountName: robot\n");

  test("a role that is bound in another file opens a path that the pod alone does not show", async () => {
    files.write("alone/pod.yaml", robot);
    files.write("bound/pod.yaml", robot);
    files.write("bound/access/rbac.yaml", rbac('"*"', '"*"'));
    files.write("harmless/pod.yaml", robot);
    files.write("harmless/rbac.yaml", rbac("get", "configmaps"));
    const opened = async (folder: string) =>
      (await assess([files.at(folder)])).subjects.flatMap(({ paths }) =>
        paths.filter(({ status }) => status === "open").map(({ id }) => id),
      );
    expect(await opened("alone")).toEqual([]);
    expect(await opened("harmless")).toEqual([]);
    expect((await opened("bound")).length).toBeGreaterThan(0);
  });

  test("compose.override.yaml is merged into compose.yaml, and is no subject of its own", async () => {
    files.write("compose.yaml", compose("web"));
    files.write(
      "compose.override.yaml",
      "services:\n  web:\n    privileged: true\n  extra:\n    image: extra:1\n",
    );
    const assessment = await assess([files.root]);
    expect([...names(assessment)].sort()).toEqual(["extra", "web"]);
    expect(subjectOf(assessment, "web").margin.worst).toBe(0);
    expect(JSON.stringify(subjectOf(assessment, "web").paths)).toContain("compose.override.yaml");
    expect(assessment.errors).toEqual([]);
  });

  test("a Compose file that is named is read alone, as `docker compose -f` reads it", async () => {
    const file = files.write("compose.yaml", compose("web"));
    files.write("compose.override.yaml", "services:\n  web:\n    privileged: true\n");
    expect(subjectOf(await assess([file]), "web").margin.worst).not.toBe(0);
  });

  test("templates of a chart are passed over with a warning each, and nothing is an error", async () => {
    files.write("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 0.1.0\n");
    files.write("chart/values.yaml", "image: web\n");
    files.write(
      "chart/templates/deploy.yaml",
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n`,
    );
    files.write("pod.yaml", pod("good"));
    const assessment = await assess([files.root]);
    expect(assessment.errors).toEqual([]);
    expect(assessment.warnings).toEqual([
      expect.objectContaining({
        target: files.at("chart/templates/deploy.yaml"),
        message: expect.stringContaining("helm template") as string,
      }),
    ]);
    expect(assessment.subjects).toHaveLength(1);
    const named = await assess([files.at("chart/templates/deploy.yaml")]);
    expect(errorsOf(named)).toEqual([expect.stringContaining("render it first (helm template)")]);
  });
});

describe("equal boundaries", () => {
  test("have equal verdicts, each with the lines of its own file", async () => {
    const service = compose("web", "    privileged: true\n    volumes: ['/:/host']\n");
    files.write("a/compose.yaml", service);
    files.write("b/compose.yaml", `# one\n# two\n# three\n${service}`);
    const { subjects } = await assess([files.root]);
    const [a, b] = subjects;
    expect(subjects).toHaveLength(2);
    expect(b?.margins).toEqual(a?.margins);
    expect(b?.cutSets).toEqual(a?.cutSets);
    expect(b?.paths.map(({ id, status }) => [id, status])).toEqual(
      a?.paths.map(({ id, status }) => [id, status]),
    );
    const places = (subject: Subject | undefined): readonly (readonly [string, number])[] =>
      (subject?.paths ?? []).flatMap(({ steps }) =>
        steps.flatMap(({ conditions }) =>
          conditions.flatMap(({ evidence }) =>
            evidence.flatMap(({ location }) => (location ? [[location.file, location.line] as const] : [])),
          ),
        ),
      );
    expect(places(a).length).toBeGreaterThan(0);
    expect(new Set(places(a).map(([file]) => file))).toEqual(new Set([files.at("a/compose.yaml")]));
    expect(places(b)).toEqual(places(a).map(([, line]) => [files.at("b/compose.yaml"), line + 3]));
  });

  test("differ as soon as a condition can tell them apart, and not where none can", async () => {
    files.write(
      "compose.yaml",
      `${compose("a")}  b:\n    image: other:2\n  c:\n    image: a:1\n    cap_add: [SYS_PTRACE]\n    pid: host\n`,
    );
    const assessment = await assess([files.root]);
    const cutSets = (name: string) => JSON.stringify(subjectOf(assessment, name).cutSets);
    expect(cutSets("b")).toBe(cutSets("a"));
    expect(cutSets("c")).not.toBe(cutSets("a"));
  });
});
