import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { place, plain } from "../command-line/helpers.ts";
import type { Setting } from "./helpers.ts";
import { problemsOf, readCompose, readFiles, service, specOf } from "./helpers.ts";

type Want = Partial<Record<keyof ContainerSpec, unknown>>;

describe("interpolation", () => {
  test.each<[string, string, Record<string, string>]>([
    ["${U:-1}", "1", {}],
    ["${U:-1}", "1", { U: "" }],
    ["x${U-1}", "x", { U: "" }],
    ["x${U-1}", "x1", {}],
    ["x${U:+1}", "x", { U: "" }],
    ["x${U:+1}", "x1", { U: "q" }],
    ["x${U+1}", "x1", { U: "" }],
    ["${U:?no}", "3", { U: "3" }],
    ["${U:-${V:-7}}-${W-a}", "v-a", { V: "v" }],
    ["$$x${A:-$$}", "$x$", {}],
    ["$A$B-${A}x", "12-1x", { A: "1", B: "2" }],
    ["${U:-a:b-c?d+e}", "a:b-c?d+e", {}],
    ['${U:-{"a":1}}', '{"a":1}', {}],
    ["a$1 $.b$", "a$1 $.b$", {}],
  ])("%s becomes %s with %j", (text, want, environment) => {
    const result = readCompose(service(`user: '${text}'`), { environment });
    expect(specOf(result).user?.value).toBe(want);
    expect(problemsOf(result)).toEqual([]);
  });

  test.each(["${1}", "${A", "${A|b}"])("%s is no variable", (text) => {
    expect(problemsOf(readCompose(service(`user: '${text}'`)))).toEqual([
      `compose.yaml:4:11: services.web.user: expected a variable such as \${NAME}, or $$ for a dollar sign, found ${JSON.stringify(text)}`,
    ]);
  });

  test("an unset variable is empty, with a warning that names the field that it decides", () => {
    const result = readCompose(service("user: $U\nlabels: {a: $L, b: $L}\nvolumes: ['${D}/x:/x']"));
    expect(specOf(result).user).toBeUndefined();
    expect(specOf(result).mounts[0]?.source?.value).toBe("/x");
    expect(problemsOf(result)).toEqual([
      "warning compose.yaml:4:11: services.web.user: expected a value for $U, found nothing: it is taken as empty",
      "warning compose.yaml:5:17: services.web.labels.a: expected a value for $L, found nothing: it is taken as empty",
      "warning compose.yaml:6:15: services.web.volumes[0]: expected a value for $D, found nothing: it is taken as empty",
    ]);
  });

  test("privileged by an unset variable is read as true, and an error", () => {
    const result = readCompose(service("privileged: ${PRIV}"));
    expect(specOf(result).privileged?.value).toBe(true);
    expect(problemsOf(result)[1]).toBe(
      'compose.yaml:4:17: services.web.privileged: expected true or false, found "${PRIV}" without a value, which is read as true',
    );
  });

  test("a source that a variable leaves empty is a bind of a path that is not known", () => {
    const mounts = specOf(
      readCompose(service("volumes: ['${D}:/x:ro', {type: bind, source: $E, target: /y}]")),
    ).mounts;
    expect(plain(mounts)).toMatchObject([
      { kind: "bind", source: "${D}", target: "/x", readOnly: true },
      { kind: "bind", source: "$E", target: "/y" },
    ]);
  });

  test("a required variable that is missing is an error of its field only", () => {
    const result = readCompose(service("user: ${U:?say who}\nprivileged: true"));
    expect(specOf(result).privileged?.value).toBe(true);
    expect(problemsOf(result)).toEqual([
      "compose.yaml:4:11: services.web.user: expected a value for $U, found nothing (say who)",
    ]);
  });

  test(".env beside the file gives values, the environment wins", () => {
    const files = { ".env": "# c\nA=file\nexport B='x $A'\nC=\"y $A\" \nD=plain # note\nE: yaml\n" };
    const result = readCompose(service('user: "$A|$B|$C|$D|$E|$COMPOSE_PROJECT_NAME"'), {
      files,
      environment: { A: "env" },
    });
    expect(specOf(result).user?.value).toBe("env|x $A|y env|plain|yaml|shop");
  });

  test("values from the environment do not stand in the file", () => {
    const result = readCompose(service("environment: {A: '$S', B: 'x-${S}', C: '${T:-d}'}"), {
      environment: { S: "1" },
    });
    expect(specOf(result).environment?.map(({ value }) => value.literal)).toEqual([false, false, true]);
  });
});

const merges: readonly (readonly [string, string, string, Want])[] = [
  ["a later scalar replaces", "user: '1'\nprivileged: true", "user: '2'", { user: "2", privileged: true }],
  [
    "an explicit null changes nothing",
    "user: '1'\ncap_add: [A]",
    "user:\ncap_add:",
    { user: "1", capAdd: ["A"] },
  ],
  [
    "lists are appended without repeats",
    "cap_add: [A, B]\ngroup_add: [a]",
    "cap_add: [B, C]\ngroup_add: [b, a]",
    { capAdd: ["A", "B", "C"], groupAdd: ["a", "b"] },
  ],
  [
    "volumes are one per target",
    "volumes: [/a:/x, /b:/y]",
    "volumes: [{type: bind, source: /c, target: /x}]",
    {
      mounts: [
        { source: "/c", target: "/x" },
        { source: "/b", target: "/y" },
      ],
    },
  ],
  [
    "devices are one per target",
    "devices: ['/dev/a:/dev/x']",
    "devices: ['/dev/b:/dev/x:r']",
    { devices: [{ hostPath: "/dev/b", access: "r" }] },
  ],
  [
    "lists and mappings of variables merge by name",
    "environment: [A=1, B=2]\nsysctls: [a.b=1]",
    "environment: {B: 3, C: 4}\nsysctls: {a.b: 2}",
    { environment: [{ name: "A" }, { name: "B" }, { name: "C" }], sysctls: [{ name: "a.b", value: "2" }] },
  ],
  ["a text joins a list", "tmpfs: /t", "tmpfs: [/u]", { mounts: [{ target: "/t" }, { target: "/u" }] }],
  [
    "networks as a list join a mapping",
    "networks: [n1]",
    "networks: {n2: {aliases: [x]}}",
    { networks: ["n1", "n2"] },
  ],
  [
    "a health check's test is replaced",
    "healthcheck: {test: [CMD, a]}",
    "healthcheck: {test: [NONE]}",
    { operatorActions: [] },
  ],
  [
    "!reset removes",
    "cap_add: [A]\nprivileged: true\nvolumes: [/etc:/e]",
    "cap_add: !reset []\nprivileged: !reset null\nvolumes: !reset # all\n  - /x:/x",
    { capAdd: [], privileged: undefined, mounts: [] },
  ],
  [
    "!reset without a value, and with variables in it",
    "cap_add: [A]\ngroup_add: [a]\nuser: '1'",
    "cap_add: !reset\ngroup_add: !reset ['${X:-x}']\nuser: !reset ${X:-x}",
    { capAdd: [], groupAdd: [], user: undefined },
  ],
  [
    "!override replaces",
    "cap_add: [A]\nvolumes: [/etc:/e]",
    "cap_add: !override ['${X:-B}']\nvolumes: !override\n  - /srv:/s",
    { capAdd: ["B"], mounts: [{ source: "/srv" }] },
  ],
];
const top = "networks: {n1: , n2: }\n";

describe("several files", () => {
  test.each(merges)("%s", (_, first, second, want) => {
    const result = readFiles({ "compose.yaml": service(first) + top, "over.yaml": service(second) });
    expect({ privileged: undefined, user: undefined, ...(plain(specOf(result)) as object) }).toMatchObject(
      want,
    );
    expect(problemsOf(result)).toEqual([]);
  });

  test("every value keeps its own file", () => {
    const result = readFiles({
      "compose.yaml": service("cap_add: [A]\nuser: '1'"),
      "over.yaml": service("cap_add: [B]\nuser: '2'"),
    });
    const { capAdd, user } = specOf(result);
    expect(
      [...(capAdd ?? []), user].map((said) => `${said?.at.source.file ?? ""}:${place(said?.at)}`),
    ).toEqual(["compose.yaml:4:15", "over.yaml:4:15", "over.yaml:5:11"]);
    expect(result.subjects[0]?.at?.source.file).toBe("compose.yaml");
  });

  test("values that cannot be merged are an error", () => {
    expect(
      problemsOf(readFiles({ "compose.yaml": service("cap_add: [A]"), "over.yaml": service("cap_add: B") })),
    ).toEqual([
      'over.yaml:4:14: services.web.cap_add: expected a list, as in the file or service that it is merged with, found "B"',
    ]);
  });

  test("the override file is merged when the file was found, not when it was named", () => {
    const files = {
      "compose.override.yaml": service("privileged: true"),
      "docker-compose.yml": "services: {}",
    };
    expect(specOf(readCompose(service(""), { files, foundInFolder: true })).privileged?.value).toBe(true);
    expect(specOf(readCompose(service(""), { files })).privileged).toBeUndefined();
    // docker compose picks compose.yaml before docker-compose.yml, and any other name has no override.
    const other: Setting = { files: { ...files, "compose.yaml": "services: {}" }, foundInFolder: true };
    expect(specOf(readCompose(service(""), other, "docker-compose.yml")).privileged).toBeUndefined();
    expect(specOf(readCompose(service(""), other, "stack.yml")).privileged).toBeUndefined();
  });
});

describe("extends", () => {
  const files = {
    "sub/common.yml":
      "services:\n  base:\n    extends: {file: deep/d.yml, service: x}\n    image: i\n    volumes: [./data:/data, ../up:/up]\n",
    "sub/deep/d.yml":
      "services:\n  x: {image: z, volumes: [./deep:/dd], privileged: true, extends: y}\n  y: {volumes: ['/abs:/abs']}\n",
  };

  test("follows files; paths are those of the file that they stand in, own values win", () => {
    const result = readCompose(
      "services: {web: {extends: {file: sub/common.yml, service: base}, volumes: [./own:/own], privileged: false}}",
      { files },
    );
    const spec = specOf(result);
    expect(spec.mounts.map((mount) => mount.source?.value)).toEqual([
      "/abs",
      "/srv/shop/sub/deep/deep",
      "/srv/shop/sub/data",
      "/srv/shop/up",
      "/srv/shop/own",
    ]);
    expect(spec.mounts[2]?.source?.at.source.file).toBe("sub/common.yml");
    expect(plain({ image: spec.image, privileged: spec.privileged })).toEqual({
      image: "i",
      privileged: false,
    });
    expect(problemsOf(result)).toEqual([]);
  });

  test.each([
    [
      "a chain in one file",
      "services:\n  c: {image: i, cap_add: [A]}\n  b: {extends: c, cap_add: [B]}\n  web: {extends: {service: b}, cap_add: [C]}",
      { capAdd: ["A", "B", "C"], image: "i" },
      [],
    ],
    [
      "a service that is not there",
      "services: {web: {image: i, extends: zz}}",
      { image: "i" },
      ['compose.yaml:1:37: services.web.extends: expected a service of this file, found "zz"'],
    ],
    [
      "a file that is not there",
      "services: {web: {image: i, extends: {file: ../../etc/passwd, service: a}}}",
      { image: "i" },
      [
        'compose.yaml:1:44: services.web.extends.file: expected a readable Compose file within the project, found "../../etc/passwd"',
      ],
    ],
    [
      "no service named",
      "services: {web: {image: i, extends: {file: x.yml}}}",
      { image: "i" },
      ["compose.yaml:1:37: services.web.extends: expected the name of a service, found null"],
    ],
    [
      "a cycle",
      "services:\n  web: {image: i, extends: b}\n  b: {image: j, privileged: true, extends: web}",
      { image: "i", privileged: true },
      [
        'compose.yaml:2:28: services.web.extends: expected a chain that ends, found that "web" extends itself',
      ],
    ],
  ])("%s", (_, text, want, problems) => {
    const result = readCompose(text);
    expect(plain(specOf(result))).toMatchObject(want);
    expect(problemsOf(result)).toEqual(problems);
  });
});

describe("include", () => {
  test("loads projects of their own; own values win over included ones", () => {
    const result = readCompose("include: [sub/inc.yaml]\nservices: {web: {image: i, privileged: false}}", {
      files: {
        "sub/inc.yaml":
          'include: [deep/d.yaml]\nservices: {web: {image: j, privileged: true, user: "3"}, b: {image: "j:$T", volumes: [./b:/b, vol:/v]}}\nvolumes: {vol: {driver_opts: {o: bind, device: ./vol}}}\n',
        "sub/.env": "T=sub\n",
        "sub/deep/d.yaml": "services: {c: {image: k, volumes: [./c:/c]}}\n",
      },
    });
    expect(plain(specOf(result))).toMatchObject({ image: "i", privileged: false, user: "3" });
    expect(plain(specOf(result, "b"))).toMatchObject({
      image: "j:sub",
      mounts: [{ source: "/srv/shop/sub/b" }, { source: "/srv/shop/sub/vol" }],
    });
    expect(plain(specOf(result, "c"))).toMatchObject({ mounts: [{ source: "/srv/shop/sub/deep/c" }] });
    expect(problemsOf(result)).toEqual([]);
  });

  test("long form: several paths, a project directory, an environment file", () => {
    const result = readCompose(
      "include:\n  - path: [sub/a.yaml, sub/b.yaml]\n    project_directory: .\n    env_file: e.env\n",
      {
        files: {
          "sub/a.yaml": 'services: {web: {image: "j:$T", volumes: [./data:/data]}}',
          "sub/b.yaml": "services: {web: {privileged: true}}",
          "e.env": "T=9",
        },
      },
    );
    expect(plain(specOf(result))).toMatchObject({
      image: "j:9",
      privileged: true,
      mounts: [{ source: "/srv/shop/data" }],
    });
  });

  test("cycles and missing files are problems, the rest is read", () => {
    const result = readCompose(
      "include: [b.yaml, nope.yaml, 'https://example.org/x.git']\nservices: {web: {image: i}}",
      { files: { "b.yaml": "include: [compose.yaml]\nservices: {b: {image: i}}" } },
    );
    expect(result.subjects.map(({ name }) => name)).toEqual(["web", "b"]);
    expect(problemsOf(result)).toEqual([
      'b.yaml:1:11: include[0]: expected a file that does not lead back to itself, found "compose.yaml"',
      'compose.yaml:1:19: include[1]: expected a readable Compose file within the project, found "nope.yaml"',
      'compose.yaml:1:30: include[2]: expected a readable Compose file within the project, found "https:/example.org/x.git"',
    ]);
  });
});

describe("subjects", () => {
  const text = `services:
  web: {image: i, profiles: [debug]}
  api: {build: .}
  db: {provider: {type: cloud}}
`;
  test("are every service with a container, whatever its profiles", () => {
    const result = readCompose(text);
    expect(result.subjects.map(({ name, image, at }) => [name, image, place(at)])).toEqual([
      ["web", "i", "2:3"],
      ["api", null, "3:3"],
    ]);
  });

  test("are those of the chosen profiles", () => {
    const names = (profiles: readonly string[]): readonly string[] =>
      readCompose(text, { profiles }).subjects.map(({ name }) => name);
    expect(names(["other"])).toEqual(["api"]);
    expect(names(["debug"])).toEqual(["web", "api"]);
    expect(names(["*"])).toEqual(["web", "api"]);
  });

  test("containers before a service, and privileged hooks, are subjects of their own", () => {
    const result = readCompose(
      service(
        "cap_add: [A]\nvolumes: [/d:/d]\npre_start: [{privileged: true, volumes: ['/e:/e']}]\npost_start: [{command: x}, {command: y, privileged: true, user: root}]",
      ),
    );
    expect(result.subjects.map(({ name }) => name)).toEqual(["web", "web/pre_start[0]", "web/post_start[1]"]);
    expect(plain(specOf(result, "web/pre_start[0]"))).toMatchObject({
      image: "nginx",
      privileged: true,
      capAdd: ["A"],
      mounts: [{ target: "/e" }, { target: "/d" }],
    });
    expect(plain(specOf(result, "web/post_start[1]"))).toMatchObject({
      user: "root",
      capAdd: ["ALL"],
      apparmor: { kind: "unconfined" },
    });
  });

  test("version 1 files have their services at the top", () => {
    const result = readCompose(
      "web:\n  image: i\n  net: host\n  privileged: true\n",
      {},
      "docker-compose.yml",
    );
    expect(plain(specOf(result))).toMatchObject({ network: "host", privileged: true });
    expect(problemsOf(result)).toEqual([]);
  });

  test("merge keys and anchors", () => {
    const result = readCompose("x-c: &c\n  cap_add: [A]\nservices:\n  web:\n    <<: *c\n    image: i\n");
    expect(specOf(result).capAdd?.map(({ value, at }) => [value, place(at)])).toEqual([["A", "2:13"]]);
  });
});
