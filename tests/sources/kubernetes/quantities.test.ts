import { expect, test } from "vitest";
import { quantity } from "../../../src/sources/kubernetes/read/quantities.ts";

test.each([
  ["1", 1],
  ["128Mi", 134217728],
  ["1.5Gi", 1610612736],
  ["500m", 0.5],
  ["1k", 1000],
  ["2E", 2e18],
  ["1e3", 1000],
  ["1E3", 1000],
  [".5", 0.5],
  ["1.", 1],
  ["+1", 1],
  ["1KB", undefined],
  ["one", undefined],
  ["", undefined],
  ["1 Gi", undefined],
  ["1".repeat(100), undefined],
])("%s → %s", (text, want) => {
  expect(quantity(text)).toBe(want);
});
