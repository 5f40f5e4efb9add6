import { defineConfig } from "vitest/config";

const corpus = process.env.DUMPSCOPE_CORPUS_RUN === "1";

export default defineConfig({
  test: {
    include: corpus
      ? ["test/corpus/**/*.test.ts"]
      : ["{shared,server,client,test}/**/*.test.ts", "test/journeys/**/*.e2e.ts"],
    exclude: corpus ? [] : ["test/corpus/**", "node_modules/**"],
    setupFiles: ["test/properties.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
