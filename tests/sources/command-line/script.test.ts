import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { readScript, recognisesScript } from "../../../src/sources/command-line/command-line.ts";
import { contextWith, place, plain, positionsIn, problemsOf, scriptOf } from "./helpers.ts";

describe("readScript", () => {
  test("finds every command, with its place, over continuation lines, comments and quotes", () => {
    const text = [
      "#!/bin/sh",
      "# docker run --privileged commented-out",
      'echo "docker run mentioned" # don\'t',
      "if true; then",
      '  docker run -d --name "my web" \\',
      '    -v "$PWD/data":/data \\',
      "    --cap-add 'SYS_ADMIN' nginx:1",
      "fi",
      "CID=$(podman run -d redis)",
    ].join("\n");
    const { subjects, problems } = scriptOf(text);
    expect(problems).toEqual([]);
    expect(subjects.map((subject) => [subject.name, place(subject.at)])).toEqual([
      ["my web", "5:3"],
      ["redis", "9:7"],
    ]);
    const [first] = subjects;
    if (!first?.spec) throw new Error("no subject");
    const { mounts, capAdd } = first.spec;
    expect(mounts.map(({ source, target }) => [source?.value, place(source?.at), place(target.at)])).toEqual([
      ["./data", "6:9", "6:20"],
    ]);
    expect(capAdd?.map(({ at }) => place(at))).toEqual(["7:16"]);
  });

  const variables: readonly { name: string; text: string; source: string }[] = [
    { name: "the working folder", text: "docker run -v $(pwd)/x:/y a", source: "./x" },
    { name: "the working folder in backquotes", text: "docker run -v `pwd`:/y a", source: "." },
    { name: "Make's escape", text: "t:\n\tdocker run -v $$PWD/x:/y a", source: "./x" },
    { name: "Make's current folder", text: "t:\n\t@docker run -v $(CURDIR):/y a", source: "." },
    { name: "a home folder", text: "docker run -v ~/.ssh:/y a", source: "$HOME/.ssh" },
    {
      name: "a home folder by its variable",
      text: 'docker run -v "${HOME}/.kube:/y" a',
      source: "$HOME/.kube",
    },
    { name: "an assignment", text: "D=/etc\ndocker run -v $D:/y a", source: "/etc" },
    {
      name: "an assignment from another",
      text: "A=/var\nB=$A/run\ndocker run -v ${B}:/y a",
      source: "/var/run",
    },
    { name: "a default", text: "docker run -v ${D:-/root}:/y a", source: "/root" },
    { name: "an assignment of Make", text: "D := /etc\nt:\n\tdocker run -v $(D):/y a", source: "/etc" },
  ];
  test.each(variables)("$name is the source of a mount", ({ text, source }) => {
    const result = scriptOf(text);
    expect(result.problems).toEqual([]);
    expect(result.subjects[0]?.spec?.mounts[0]?.source?.value).toBe(source);
  });

  test("options from a variable or an array are read where the text says what they are", () => {
    const text = 'OPTS="--rm --privileged"\nARGS=(-v /:/host\n  --pid host)\ndocker run $OPTS "${ARGS[@]}" a';
    expect(plain(scriptOf(text).subjects[0]?.spec)).toMatchObject({
      privileged: true,
      pid: "host",
      image: "a",
      mounts: [{ source: "/" }],
    });
  });

  test("options that the text does not say are a problem, and the image is still found", () => {
    const result = scriptOf('docker run $EXTRA_ARGS nginx\ndocker run --rm "$IMAGE" sh\n');
    expect(problemsOf(result)).toEqual([
      'run.sh:1:12: expected every option to be in the text, found "$EXTRA_ARGS", whose options are not judged',
    ]);
    expect(result.subjects.map((subject) => subject.image)).toEqual(["nginx", "$IMAGE"]);
  });

  test("a name assigned twice has no known value", () => {
    const result = scriptOf("D=/a\nif x; then D=/; fi\ndocker run -v $D:/y a");
    expect(result.problems[0]).toMatchObject({ code: "unset-variable", severity: "warning" });
    expect(result.subjects[0]?.spec?.mounts[0]).toMatchObject({ kind: "bind" });
  });

  test("a switch that a variable decides is taken for the worse, and said so", () => {
    const result = scriptOf("docker run --privileged=$P a");
    expect(result.subjects[0]?.spec?.privileged?.value).toBe(true);
    expect(result.problems[0]?.code).toBe("unset-variable");
  });

  const places: readonly { name: string; text: string; count: number }[] = [
    { name: "a text for a shell", text: "bash -c 'docker run a'", count: 1 },
    { name: "a here-document", text: "cat > x <<EOF\nit's\ndocker run a\nEOF\ndocker run b", count: 2 },
    { name: "a unit file", text: "[Service]\nExecStart=-/usr/bin/docker run --rm a\n", count: 1 },
    {
      name: "fenced blocks of Markdown only",
      text: "docker run is fun\n\n```sh\n$ docker run a\n```\ndocker run too",
      count: 1,
    },
    { name: "an engine in a variable", text: "$(CONTAINER_ENGINE) run a", count: 1 },
    { name: "pipes and lists", text: "true && docker run a | cat; FOO=1 docker run b &", count: 2 },
    { name: "wrappers", text: "sudo -u bob env A=1 timeout 5m docker run a", count: 1 },
    { name: "a workflow's step", text: "    - run: docker run a", count: 1 },
    { name: "redirections", text: "docker run a >/dev/null 2>&1 < in", count: 1 },
    { name: "no synopsis", text: "docker run [OPTIONS] IMAGE\ndocker run --help\ndocker ps\n", count: 0 },
    { name: "no other program", text: "echo docker run a\nmydocker run a\n", count: 0 },
  ];
  test.each(places)("$name: $count", ({ text, count }) => {
    expect(scriptOf(text).subjects).toHaveLength(count);
    expect(recognisesScript(text)).toBe(count > 0);
  });

  test("volumes of a container of the same script are taken over", () => {
    const result = scriptOf("docker create --name data -v /etc:/e x\ndocker run --volumes-from data:ro y");
    expect(result.problems).toEqual([]);
    expect(plain(result.subjects[1]?.spec?.mounts)).toMatchObject([
      { kind: "bind", source: "/etc", readOnly: true },
    ]);
  });

  test("equal names are told apart", () => {
    expect(scriptOf("docker run a\ndocker run a").subjects.map((subject) => subject.name)).toEqual([
      "a",
      "a-2",
    ]);
  });

  test("any text: never a throw, every place inside it", () => {
    const piece = fc.constantFrom(
      "docker run ",
      "podman create ",
      "-v ",
      "/a:/b ",
      "$X",
      "${X:-",
      "}",
      "$(",
      ")",
      "`",
      "'",
      '"',
      "\\\n",
      "\n",
      "<<EOF\n",
      "EOF\n",
      "A=(",
      "#",
      ";",
      "{",
      "img ",
      "sh -c ",
      "```\n",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 }), (parts) => {
        const source = sourceText("x", parts.join(""));
        for (const at of positionsIn(readScript(source, contextWith()))) {
          expect(at.offset).toBeGreaterThanOrEqual(0);
          expect(at.offset).toBeLessThanOrEqual(source.text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["$(", "${", '"$(', "`", "<<a\n", "a=(", "'\"", '\\"', "docker run $("])(
    "many unclosed %j take no more than seconds",
    (part) => {
      const started = performance.now();
      scriptOf(`${part.repeat(20_000)}\ndocker run a`);
      expect(performance.now() - started).toBeLessThan(4000);
    },
  );
});
