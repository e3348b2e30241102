import { describe, expect, test } from "vitest";
import type { Given } from "./setup.ts";
import { boundaryOf, said, saids, told } from "./setup.ts";

interface Row extends Given {
  readonly name: string;
  readonly want: readonly unknown[];
}

describe("uid", () => {
  const cases: readonly Row[] = [
    { name: "nothing said: root, unless the image's USER says otherwise", want: ["defaulted", 0] },
    {
      name: "nothing said, and nothing to be assumed of the image",
      assume: { "image-user": "unknown" },
      want: ["unknown", "image.user", 0, -1],
    },
    { name: "a number", spec: { user: said("1000") }, want: ["declared", 1000] },
    { name: "a number with a group", spec: { user: said("1000:2000") }, want: ["declared", 1000] },
    { name: "root", spec: { user: said("root") }, want: ["declared", 0] },
    { name: "0:0", spec: { user: said("0:0") }, want: ["declared", 0] },
    {
      name: "a name may stand for 0",
      spec: { user: said("node") },
      want: ["unknown", "image.passwd", 0, -1],
    },
    { name: "an empty string is nothing", spec: { user: said("") }, want: ["defaulted", 0] },
    { name: "the image's USER", spec: { imageUser: said("101") }, want: ["declared", 101] },
    { name: "an image known to have no USER", spec: { imageUser: said("") }, want: ["defaulted", 0] },
    {
      name: "said wins over the image",
      spec: { user: said("7"), imageUser: said("0") },
      want: ["declared", 7],
    },
    {
      name: "runAsNonRoot is somebody else",
      spec: { engine: "kubernetes", runAsNonRoot: said(true) },
      want: ["declared", -1],
    },
    {
      name: "runAsNonRoot with a user",
      spec: { engine: "kubernetes", runAsNonRoot: said(true), user: said("7") },
      want: ["declared", 7],
    },
    {
      name: "runAsNonRoot: false says nothing",
      spec: { engine: "kubernetes", runAsNonRoot: said(false) },
      want: ["defaulted", 0],
    },
    { name: "assumed", assume: { "image-user": "33" }, want: ["assumed", 33] },
    {
      name: "an assumption does not override what is said",
      spec: { user: said("0") },
      assume: { "image-user": "33" },
      want: ["declared", 0],
    },
    {
      name: "Podman's keep-id",
      spec: { engine: "podman", userns: said("keep-id:uid=7") },
      want: ["declared", -1],
    },
  ];
  test.each(cases)("$name", ({ want, ...given }) => {
    expect(told(boundaryOf(given).process.uid)).toEqual(want);
  });
});

describe("groups", () => {
  test.each([
    ["0", ["defaulted", 0]],
    ["1000:44", ["declared", 44]],
    ["1000:root", ["declared", 0]],
    ["1000", ["unknown", "image.passwd"]],
    ["1000:video", ["unknown", "image.group"]],
  ])("the primary group of %s", (user, want) => {
    expect(told(boundaryOf({ spec: { user: said(user) } }).process.gid)).toEqual(want);
  });
  test("supplementary groups are the numbers that were added", () => {
    expect(told(boundaryOf({ spec: { groupAdd: saids("999", "root") } }).process.groups)).toEqual([
      "declared",
      [999, 0],
    ]);
    expect(told(boundaryOf({ spec: { groupAdd: saids("999", "docker") } }).process.groups)).toEqual([
      "unknown",
      "image.group",
    ]);
    expect(told(boundaryOf({}).process.groups)).toEqual(["defaulted", []]);
  });
});
