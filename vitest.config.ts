import { defineConfig } from "vitest/config";

export const config = {
  test: { include: ["tests/**/*.test.ts"], testTimeout: 30_000 },
};
// vitest reads the configuration from the default export; this is the one file that has one.
export default defineConfig(config);
