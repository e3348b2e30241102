import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../../src/sources/command-line/command-line.ts";
import { argumentsOf, contextWith, positionsIn, problemsOf } from "./helpers.ts";

describe("malformed arguments", () => {
  const bad: readonly { line: string; want: readonly string[] }[] = [
    { line: "docker run --privilegd alpine", want: ['1:12: expected a known flag, found "--privilegd"'] },
    {
      line: "docker run --privileged=maybe alpine",
      want: ['1:25: --privileged: expected true or false, found "maybe"'],
    },
    {
      line: "docker run -v /a:/b:rx alpine",
      want: ['1:21: --volume: expected a volume mode such as ro, rw, z or rslave, found "rx"'],
    },
    {
      line: "docker run --mount type=bind,src=/a alpine",
      want: ['1:20: --mount: expected a target, found "type=bind,src=/a"'],
    },
    {
      line: "docker run --mount type=bind,src=/a,dst=/b,foo=1 alpine",
      want: ['1:44: --mount: expected a mount field such as type=, source= or target=, found "foo=1"'],
    },
    {
      line: "docker run --security-opt foo=bar alpine",
      want: [
        '1:27: --security-opt: expected a security option such as seccomp=, apparmor=, label= or no-new-privileges, found "foo=bar"',
      ],
    },
    {
      line: "docker run --security-opt seccomp=none.json alpine",
      want: ['1:35: --security-opt: expected a readable seccomp profile, found "none.json"'],
    },
    {
      line: "docker run -m lots alpine",
      want: ['1:15: -m: expected a size such as 512m or 2g, found "lots"'],
    },
    {
      line: "docker run --cap-add A,B alpine",
      want: ['1:22: --cap-add: expected one capability, found "A,B"'],
    },
    {
      line: "docker run --name",
      want: [
        "1:12: expected a value after --name, found the end of the command",
        "1:1: expected an image after the options, found the end of the command",
      ],
    },
    {
      line: "docker run --volumes-from other alpine",
      want: [
        '1:27: --volumes-from: expected a container created in the same input, found "other", whose volumes are not judged',
      ],
    },
    {
      line: "docker run --device-cgroup-rule x alpine",
      want: ['1:33: --device-cgroup-rule: expected a rule such as "c 1:3 rwm", found "x"'],
    },
    {
      line: "docker run --pid hots alpine",
      want: ['1:18: --pid: expected a mode such as host, found "hots"'],
    },
    {
      line: "docker run --device sda alpine",
      want: [
        '1:21: --device: expected HOST[:CONTAINER][:ACCESS] with ACCESS of the letters rwm, found "sda"',
      ],
    },
    {
      line: "docker run --mount type=bind,src=/a,dst=/b,z alpine",
      want: ['1:44: --mount: expected a mount field such as type=, source= or target=, found "z"'],
    },
    {
      line: "ls -l",
      want: ['1:1: expected a docker, podman or nerdctl command with run or create, found "ls -l"'],
    },
  ];
  test.each(bad)("$line is a located problem", ({ line, want }) => {
    expect(problemsOf(argumentsOf(line))).toEqual(want.map((message) => `command line:${message}`));
  });

  test("an unknown flag has a hint, and the flags behind it are still read", () => {
    const result = argumentsOf("docker run --unheard-of value --privileged alpine");
    expect(result.subjects[0]?.spec?.privileged?.value).toBe(true);
    expect(result.subjects[0]?.image).toBe("alpine");
    expect(argumentsOf("docker run --cap-ad X a").problems[0]?.hint).toBe('did you mean "--cap-add"?');
  });

  test("any arguments: never a throw, every place inside its text", () => {
    const flag = fc.constantFrom(
      "-v",
      "--mount",
      "--security-opt",
      "-p",
      "--device",
      "--uidmap",
      "-itv",
      "--network",
      "--ulimit",
      "--tmpfs",
      "-m",
      "--",
      "--privileged=",
    );
    const word = fc.oneof(
      flag,
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "/a:/b:ro",
        "type=bind,src=/x,dst=/y",
        "$PWD",
        "`pwd`",
        "a\nb",
        "'",
        '"',
        "$(",
        "${x:-",
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("docker", "podman", "nerdctl"),
        fc.array(word, { maxLength: 12 }),
        (engine, words) => {
          const result = readArguments([engine, "run", ...words], contextWith());
          for (const at of positionsIn(result)) {
            expect(at.offset).toBeGreaterThanOrEqual(0);
            expect(at.offset).toBeLessThanOrEqual(at.source.text.length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("arguments arrive as they were given, whatever is in them", () => {
    const value = fc.string({ minLength: 1, unit: "binary" }).filter((text) => !text.startsWith("-"));
    fc.assert(
      fc.property(value, value, (user, image) => {
        const { subjects } = readArguments(["docker", "run", "--user", user, "--", image], contextWith());
        expect(subjects[0]?.spec?.user?.value).toBe(user);
        expect(subjects[0]?.spec?.image?.value).toBe(image);
      }),
    );
  });
});
