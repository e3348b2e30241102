import { expect, test } from "vitest";
import { assess } from "../../src/index.ts";

async function reached(release: string): Promise<readonly string[]> {
  const { subjects } = await assess({
    targets: [{ kind: "command", argv: ["docker", "run", "alpine"] }],
    host: "unknown",
    assume: new Map([["engine-version", release]]),
  });
  return subjects[0]?.backtest.kernel.ids ?? [];
}

// Docker's profile denies AF_VSOCK from 23.0 on, and io_uring from 25.0 on (knowledge/profiles).
test.each([
  ["24.0.3", true],
  ["29.4.3", false],
])(
  "Docker %s, whose filter denies AF_VSOCK: a bug of vsock is reached by io_uring: %s",
  async (release, want) => {
    expect((await reached(release)).includes("CVE-2024-50264")).toBe(want);
  },
);
