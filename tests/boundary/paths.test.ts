import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, normalisePath, resolveLinks, seenThrough } from "../../src/boundary/paths.ts";

const links = new Map([
  ["/var/run", "/run"],
  ["/bin", "/usr/bin"],
  ["/loop", "/loop/x"],
]);

describe("paths", () => {
  test.each([
    ["/etc/", "/etc"],
    ["//var//run/./docker.sock", "/var/run/docker.sock"],
    ["/etc/../root", "/root"],
    ["/../../etc", "/etc"],
    ["/", "/"],
    ["", "/"],
  ])("normalise %s → %s", (path, want) => {
    expect(normalisePath(path)).toBe(want);
  });

  test.each([
    ["/var/run/docker.sock", "/run/docker.sock"],
    ["/var/running", "/var/running"],
    ["/bin/../bin/sh", "/usr/bin/sh"],
  ])("resolve %s → %s", (path, want) => {
    expect(resolveLinks(path, links)).toBe(want);
  });

  test("a link into itself ends", () => {
    expect(resolveLinks("/loop", links)).toMatch(/^\/loop/);
  });

  test.each([
    ["/run/docker.sock", "/run", "/host/run", "/host/run/docker.sock"],
    ["/run/docker.sock", "/", "/host", "/host/run/docker.sock"],
    ["/run/docker.sock", "/run/docker.sock", "/x", "/x"],
    ["/run/docker.sock", "/run/docker", "/x", undefined],
    ["/run", "/run/docker.sock", "/x", undefined],
  ])("%s through %s at %s → %s", (path, source, target, want) => {
    expect(seenThrough(path, source, target)).toBe(want);
  });

  test("normalising is idempotent and always within the root", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("/", ".", "a", "..") }), (path) => {
        const once = normalisePath(path);
        expect(normalisePath(once)).toBe(once);
        expect(isWithin(once, "/")).toBe(true);
        expect(once.split("/")).not.toContain("..");
      }),
    );
  });
});
