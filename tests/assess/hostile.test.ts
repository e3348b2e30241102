import { execFileSync } from "node:child_process";
import { chmodSync, ftruncateSync, mkdirSync, openSync, closeSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Files } from "./files.ts";
import { assess, compose, createFiles, errorsOf, names, pod, reports } from "./files.ts";

let files: Files;
beforeEach(() => {
  files = createFiles();
});
afterEach(() => {
  files.remove();
});

/** Puts a good input beside a bad one and scans the folder: the good one must be assessed whatever the other holds. */
async function besideGood(name: string, contents: string | Uint8Array) {
  files.write(name, contents);
  files.write("good/compose.yaml", compose("good"));
  const assessment = await assess([files.root]);
  expect(names(assessment)).toContain("good");
  return assessment;
}

describe("inputs that expand, nest or swell", () => {
  test("an alias bomb is one error at its line, named or found", async () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const items = i === 0 ? "x" : `*a${String(i - 1)}`;
      return `a${String(i)}: &a${String(i)} [${Array.from({ length: 9 }, () => items).join(", ")}]`;
    });
    const bomb = `${compose("boom")}${levels.map((line) => `x-${line}`).join("\n")}\n`;
    const assessment = await besideGood("compose.yaml", bomb);
    expect(names(assessment)).toEqual(["good"]);
    expect(errorsOf(assessment)).toEqual([
      expect.stringMatching(/^\d+: .*aliases that expand without bound/),
    ]);
    expect(assessment.errors[0]?.target).toBe(files.at("compose.yaml"));
    expect(errorsOf(await assess([files.at("compose.yaml")]))).toEqual(errorsOf(assessment));
  });

  test("a file of 70 MiB is refused by its size, without being read", async () => {
    const descriptor = openSync(files.write("huge.yaml", ""), "r+");
    ftruncateSync(descriptor, 70 * 1024 * 1024);
    closeSync(descriptor);
    const started = performance.now();
    const assessment = await besideGood("other.yaml", "unrelated: true\n");
    expect(performance.now() - started).toBeLessThan(3000);
    expect(assessment.errors).toEqual([
      { target: files.at("huge.yaml"), location: null, message: "expected at most 64 MiB, found 70 MiB" },
    ]);
  });

  test.each([
    ["compose.yaml", `services:\n  web:\n    image: ${"[".repeat(100_000)}\n`, "YAML"],
    ["pod.yaml", `kind: Pod\napiVersion: v1\nspec: ${"{a: ".repeat(5000)}\n`, "YAML"],
    ["config.json", `{"ociVersion": "1.0.2", "process": ${"[".repeat(100_000)}`, "JSON"],
    ["config.json", `{"ociVersion": "1.0.2", "x": ${"[".repeat(2000)}${"]".repeat(2000)}}`, "JSON"],
  ])("%s nested too deeply is one error, quickly", async (name, contents) => {
    const started = performance.now();
    const assessment = await besideGood(name, contents);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(names(assessment)).toEqual(["good"]);
    expect(errorsOf(assessment)).toEqual([
      expect.stringMatching(/^\d+: .*nested at most 500 levels deep, found more/),
    ]);
    expect(assessment.errors[0]?.target).toBe(files.at(name));
  });

  test("100,000 keys in a service are read in bounded time, and the service is assessed", async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `      K${String(i)}: v\n`).join("");
    const started = performance.now();
    const assessment = await besideGood(
      "compose.yaml",
      `services:\n  many:\n    image: m:1\n    environment:\n${keys}`,
    );
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(names(assessment)).toContain("many");
    expect(assessment.errors).toEqual([]);
  });
});

describe("bytes that are no text", () => {
  test("a NUL byte makes a named file an error, and one found in a folder no input", async () => {
    const found = await besideGood("binary.yaml", "services:\n  web:\0\n");
    expect(found.errors).toEqual([]);
    const named = await assess([files.at("binary.yaml"), files.at("good/compose.yaml")]);
    expect(named.errors).toEqual([
      { target: files.at("binary.yaml"), location: null, message: "expected text, found a NUL byte" },
    ]);
    expect(names(named)).toEqual(["good"]);
  });

  test("a NUL byte far into a file, or written as an escape, crashes nothing and reaches no report raw", async () => {
    const late = `${compose("late")}# ${"x".repeat(10_000)}\0\n`;
    const assessment = await besideGood("compose.yaml", late);
    expect(reports(assessment).text).not.toContain("\0");
    const escaped = await besideGood("compose.yaml", `services:\n  "nul\\0name":\n    image: a\n`);
    expect(reports(escaped).text).not.toContain("\0");
  });

  test("invalid UTF-8 in a value leaves the rest readable", async () => {
    const bytes = Buffer.concat([
      Buffer.from("services:\n  web:\n    image: "),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from("\n    privileged: true\n"),
    ]);
    const assessment = await besideGood("compose.yaml", bytes);
    expect(names(assessment)).toContain("web");
    expect(assessment.subjects.find((s) => s.name === "web")?.margin.worst).toBe(0);
  });

  test("CRLF line ends and a byte-order mark change nothing, lines included", async () => {
    const plain = compose("web", "    privileged: true\n    volumes: ['/:/host']\n");
    const wanted = await assess([files.write("plain/compose.yaml", plain)]);
    const dressed = await assess([
      files.write("dressed/compose.yaml", `\ufeff${plain.replaceAll("\n", "\r\n")}`),
    ]);
    expect(dressed.errors).toEqual([]);
    const shape = ({ subjects }: typeof wanted) =>
      subjects.map(({ name, margins, location, singlePoints }) => [
        name,
        margins,
        location?.line,
        location?.column,
        singlePoints,
      ]);
    expect(shape(dressed)).toEqual(shape(wanted));
  });
});

// Control, format and bidirectional characters; a report's own line breaks are the only ones it may hold.
const raw = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("names that would rewrite the terminal", () => {
  test("control and bidirectional characters of services, images, mounts and files stand escaped in the text report", async () => {
    const name = "a\u001b[2Jb\u202ec\u200bd\u2028e";
    const escaped = JSON.stringify(name)
      .replaceAll("\u202e", "\\u202e")
      .replaceAll("\u200b", "\\u200b")
      .replaceAll("\u2028", "\\u2028");
    files.write(
      `\u001b[31m\u202ered/compose.yaml`,
      `services:\n  ${escaped}:\n    image: ${escaped}\n    privileged: true\n    volumes: [${JSON.stringify("/etc:/x\u001b]0;owned\u0007")}]\n    cap_add: [${escaped}]\n    environment: {"PASSWORD\\e[1m": x}\n`,
    );
    files.write(`\u001b[31m\u202ebroken.compose/compose.yaml`, `services: [\n`);
    const assessment = await besideGood("other.yaml", "unrelated: true\n");
    expect(names(assessment)).toContain(name);
    const { text } = reports(assessment);
    expect(text.replaceAll("\n", "").match(raw)).toBeNull();
    expect(text).toContain("\\u{202e}");
  });

  test("a key called __proto__ is a key like any other", async () => {
    const assessment = await besideGood(
      "compose.yaml",
      `services:\n  __proto__:\n    image: p:1\n    privileged: true\n  constructor:\n    image: c:1\n    environment: {__proto__: {polluted: yes}}\n    labels: {__proto__: x}\n`,
    );
    expect(names(assessment)).toEqual(expect.arrayContaining(["__proto__", "constructor"]));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(assessment.subjects.find((s) => s.name === "__proto__")?.margin.worst).toBe(0);
    expect(assessment.subjects.find((s) => s.name === "constructor")?.margin.worst).not.toBe(0);
    const config = await assess([
      files.write(
        "config.json",
        `{"ociVersion":"1.0.2","__proto__":{"process":{}},"process":{"__proto__":{"user":{"uid":0}},"args":["x"]},"root":{"path":"r"},"linux":{}}`,
      ),
    ]);
    expect(config.subjects).toHaveLength(1);
  });
});

describe("folders that lead elsewhere", () => {
  test("a loop of links, a link outside and a dangling one are passed over", async () => {
    mkdirSync(files.at("loop"));
    symlinkSync(files.root, files.at("loop/again"));
    symlinkSync("ring.yaml", files.at("ring.yaml"));
    symlinkSync("/etc/passwd", files.at("passwd.yaml"));
    symlinkSync("nowhere", files.at("dangling.yaml"));
    const other = createFiles();
    try {
      symlinkSync(other.write("compose.yaml", compose("stranger")), files.at("outside.yaml"));
      const assessment = await besideGood("other.yaml", "unrelated: true\n");
      expect(names(assessment)).toEqual(["good"]);
      expect(assessment.errors).toEqual([]);
      for (const report of Object.values(reports(assessment))) expect(report).not.toContain("root:x:");
    } finally {
      other.remove();
    }
  });

  test("a named link that goes in a circle is one error", async () => {
    symlinkSync("ring.yaml", files.at("ring.yaml"));
    const assessment = await assess([files.at("ring.yaml"), files.write("compose.yaml", compose("good"))]);
    expect(assessment.errors).toEqual([
      {
        target: files.at("ring.yaml"),
        location: null,
        message: "expected a readable file, found a loop of links",
      },
    ]);
    expect(names(assessment)).toEqual(["good"]);
  });

  test("a named pipe neither hangs a folder nor a named target", async () => {
    execFileSync("mkfifo", [files.at("pipe.yaml")]);
    const folder = await besideGood("other.yaml", "unrelated: true\n");
    expect(folder.errors).toEqual([]);
    const named = await assess([files.at("pipe.yaml")]);
    expect(errorsOf(named)).toEqual(["expected a regular file, found a special file"]);
  });

  test("a device that never ends is refused", async () => {
    expect(errorsOf(await assess(["/dev/zero"]))).toEqual(["expected a regular file, found a special file"]);
  });

  test("a folder called compose.yaml is a folder: what it holds is found", async () => {
    files.write("compose.yaml/deploy.yaml", pod("inner"));
    const assessment = await besideGood("other.yaml", "unrelated: true\n");
    expect(assessment.errors).toEqual([]);
    expect(assessment.subjects).toHaveLength(2);
  });

  test("a file without read permission is one error", async () => {
    chmodSync(files.write("closed.yaml", compose("closed")), 0o000);
    files.write("good/compose.yaml", compose("good"));
    chmodSync(files.root, 0o755);
    // Root can read everything: the scan runs as somebody else then.
    const asRoot = process.geteuid?.() === 0;
    if (asRoot) process.seteuid?.(65534);
    try {
      const assessment = await assess([files.root]);
      expect(names(assessment)).toContain("good");
      expect(assessment.errors).toEqual([
        {
          target: files.at("closed.yaml"),
          location: null,
          message: "expected a readable file, found no permission to read it",
        },
      ]);
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });

  test("a file that does not exist is one error, and the other target is assessed", async () => {
    const assessment = await assess([files.at("absent.yaml"), files.write("compose.yaml", compose("good"))]);
    expect(assessment.errors).toEqual([
      {
        target: files.at("absent.yaml"),
        location: null,
        message: "expected a readable file, found no such file",
      },
    ]);
    expect(names(assessment)).toEqual(["good"]);
  });
});

describe("inputs that point at what they must not show", () => {
  const secret = "TOPSECRET-7f3a";
  const reach: Readonly<Record<string, (path: string) => string>> = {
    env_file: (path) => compose("web", `    env_file: ${path}\n`),
    "env_file with interpolation": (path) =>
      `${compose("web", `    env_file: [{path: ${path}, required: true}]\n`)}    command: $TOKEN\n`,
    extends: (path) => compose("web", `    extends: {file: ${path}, service: x}\n`),
    include: (path) => `include: [${path}]\n${compose("web")}`,
    "include with env_file": (path) => `include: [{path: part.yaml, env_file: ${path}}]\n${compose("web")}`,
    "seccomp profile": (path) => compose("web", `    security_opt: ["seccomp:${path}"]\n`),
    "config file": (path) =>
      `${compose("web", "    configs: [c]\n    secrets: [c]\n")}configs: {c: {file: ${path}}}\nsecrets: {c: {file: ${path}}}\n`,
    label_file: (path) => compose("web", `    label_file: ${path}\n`),
  };

  test.each(Object.entries(reach))("%s: no report shows a line of the file", async (_, input) => {
    const outside = createFiles();
    try {
      const path = outside.write(
        "deep/secret.env",
        `services: ${secret}\nTOKEN=${secret}\nroot:${secret}:19000\n`,
      );
      for (const target of [path, `../../../../..${path}`, "/etc/passwd", "../../../../../../etc/passwd"]) {
        files.write("part.yaml", "services:\n  part:\n    image: ${TOKEN}\n");
        const file = files.write("project/app/compose.yaml", input(target));
        for (const where of [files.root, file]) {
          const assessment = await assess([where]);
          for (const report of Object.values(reports(assessment))) {
            expect(report).not.toContain(secret);
            expect(report).not.toContain("root:x:0");
          }
          expect(names(assessment)).toContain("web");
        }
      }
    } finally {
      outside.remove();
    }
  });

  test("a link inside the project to a file outside does not carry its contents in", async () => {
    const outside = createFiles();
    try {
      outside.write("secret.env", `${secret}\n`);
      symlinkSync(outside.root, files.at("linked"));
      const file = files.write(
        "compose.yaml",
        compose(
          "web",
          "    extends: {file: linked/secret.env, service: x}\n    env_file: linked/secret.env\n",
        ),
      );
      for (const where of [files.root, file])
        for (const report of Object.values(reports(await assess([where]))))
          expect(report).not.toContain(secret);
    } finally {
      outside.remove();
    }
  });

  test("values of the environment are kept out of every report", async () => {
    files.write("app.env", `PASSWORD=${secret}\n`);
    const assessment = await besideGood(
      "compose.yaml",
      compose(
        "web",
        `    env_file: app.env\n    environment: {API_TOKEN: ${secret}, DB_PASSWORD: "x${secret}"}\n`,
      ),
    );
    for (const report of Object.values(reports(assessment, "without lines")))
      expect(report).not.toContain(secret);
  });
});

describe("halves and nothings", () => {
  test("a broken document among good ones is one error at its line; the others are assessed", async () => {
    const stream = `${pod("first")}---\napiVersion: v1\nkind: Pod\nmetadata: {name: broken\nspec: [\n---\n${pod("last")}`;
    const assessment = await besideGood("pods.yaml", stream);
    expect(assessment.subjects).toHaveLength(3);
    expect(errorsOf(assessment)).toHaveLength(1);
    const line = assessment.errors[0]?.location?.line ?? 0;
    expect(line).toBeGreaterThan(6);
    expect(line).toBeLessThanOrEqual(12);
    expect(assessment.errors[0]?.target).toBe(files.at("pods.yaml"));
  });

  test("an empty file is no input of a folder, and one error when it is named", async () => {
    const found = await besideGood("compose.yaml", "");
    expect(found.errors).toEqual([]);
    const named = await assess([files.at("compose.yaml")]);
    expect(errorsOf(named)).toEqual([expect.stringContaining("found none of these")]);
    expect(named.subjects).toEqual([]);
  });

  test.each(["\n\n", "# only a comment\n", "---\n---\n", "null\n", "[]\n", "{}\n", '"text"\n', "42\n"])(
    "%j says nothing, and crashes nothing",
    async (contents) => {
      const found = await besideGood("compose.yaml", contents);
      expect(found.errors).toEqual([]);
      expect(errorsOf(await assess([files.at("compose.yaml")]))).toHaveLength(1);
    },
  );

  test("an empty folder holds no subject", async () => {
    const assessment = await assess([files.root]);
    expect(assessment.subjects).toEqual([]);
    expect(assessment.summary).toMatchObject({ subjects: 0, short: 0, open: 0 });
  });
});
