import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/support/build.ts"],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Machines of engine `wasm` reserve address space; processes give it back, threads of one process share it.
    pool: "forks",
    maxWorkers: 2,
  },
});
