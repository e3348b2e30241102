import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalisePath } from "../../src/boundary/paths.ts";
import { judgePath } from "../../src/conditions/parts/views.ts";
import { parseHostPaths } from "../../src/knowledge/host-paths-schema.ts";
import { bareHost } from "../helpers/host-boundary.ts";
import { hostPaths, parsedHostPaths } from "../helpers/host-path-list.ts";

const judged = (path: string) => judgePath(path, hostPaths, bareHost.links);

describe("the list of host paths", () => {
  test("is valid, and nothing was lost", () => {
    expect(parsedHostPaths.problems).toEqual([]);
    expect(hostPaths.length).toBeGreaterThanOrEqual(330);
  });

  test("every socket entry names what listens there", () => {
    for (const entry of hostPaths) if (entry.connect) expect(entry.component, entry.path).toBeDefined();
  });

  test("every source is stated in words, not by a key that nobody defines", () => {
    for (const { source, path } of hostPaths) expect(/[\s./(]/.test(source), `${path}: ${source}`).toBe(true);
  });

  test("a wrong entry is a problem that says where", () => {
    const file = (entry: object) => ({
      sources: {},
      paths: [{ path: "/x", what: "x", source: "x(1)", ...entry }],
    });
    expect(parseHostPaths(file({ path: "/x/" })).problems[0]?.message).toContain(
      "expected a normalised path",
    );
    expect(parseHostPaths(file({ permission: "group" })).problems[0]?.message).toContain("expected a group");
    expect(parseHostPaths(file({ reads: "credentials" })).problems[0]?.path).toBe("paths.0");
    expect(parseHostPaths(null).problems).not.toEqual([]);
  });
});

describe("judging a path", () => {
  test.each([
    ["/etc/localtime", true, "the time zone"],
    ["/var/run/docker.sock", true, "Docker's API"],
    ["/etc/cron.d/backup", true, "jobs that cron runs as root"],
    ["/root/.ssh/id_ed25519", true, "root's SSH keys"],
    ["/home/alice/.ssh", true, "a user's SSH keys"],
    ["/etc/kubernetes/manifests/x.yaml", true, "pods that the kubelet starts without asking the cluster"],
    ["/usr/share/zoneinfo/Europe/Berlin", true, "time zones"],
    ["/var/log/nginx/access.log", true, "a program's logs"],
    ["/srv/app/data", false, null],
    ["/home/alice/project", false, null],
    ["/data", false, null],
  ])("%s: judged %s, %s", (path, wanted, what) => {
    const { entry, judged: got } = judged(path);
    expect([got, entry?.what ?? null]).toEqual([wanted, what]);
  });

  test("a folder that holds listed paths is judged by them", () => {
    expect(judged("/var/lib/rancher/k3s")).toEqual({ entry: null, judged: true });
  });

  test("however a path is written, the judgement is the same", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...hostPaths.map(({ path }) => path)),
        fc.constantFrom("/", "/.", "//", "/x/.."),
        (path, tail) => {
          expect(judged(path + tail)).toEqual(judged(normalisePath(path)));
        },
      ),
    );
  });

  test("any text is answered", () => {
    fc.assert(fc.property(fc.string(), (path) => void judged(path)));
  });
});
