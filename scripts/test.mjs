/**
 * `npm test`, `npm run test:corpus`, `npm run golden`: installs what the tests need, builds what is built and runs
 * vitest. The last line says how many tests passed and failed; a run in which no test ran has failed.
 *
 * Further arguments go to vitest: `npm test -- shared/layout`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildClient, buildServer } from "./built.mjs";
import { ensureChromium } from "./chromium.mjs";
import { environment, requireNode, root, run, stop } from "./node.mjs";
import { ensurePackages } from "./packages.mjs";

const modes = ["corpus", "golden"];
const [first, ...others] = process.argv.slice(2);
const mode = modes.includes(first) ? first : undefined;
const vitestArgs = mode ? others : process.argv.slice(2);

const variables = { DUMPSCOPE_CORPUS_RUN: "", DUMPSCOPE_GOLDEN: "" };
if (mode === "golden") variables.DUMPSCOPE_GOLDEN = "update";
if (mode === "corpus") {
  const corpus = process.env.DUMPSCOPE_CORPUS;
  if (!corpus || !existsSync(join(corpus, "MANIFEST.md")))
    stop(
      `${corpus ? `DUMPSCOPE_CORPUS names ${corpus}, which holds no MANIFEST.md` : "DUMPSCOPE_CORPUS is not set"}. ` +
        "Set it to the folder of the whole corpus, or run `npm test`, which needs only the samples.",
    );
  variables.DUMPSCOPE_CORPUS_RUN = "1";
  variables.DUMPSCOPE_CORPUS = resolve(corpus);
}

await ensurePackages();
const node = requireNode();
variables.CHROMIUM_PATH = ensureChromium();
await buildClient({ onlyIfChanged: true });
await buildServer({ onlyIfChanged: true });

const scratch = mkdtempSync(join(tmpdir(), "dumpscope-test-"));
const report = join(scratch, "report.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const status = await run(node, [vitest, "run", ...reporters, ...vitestArgs], { env: environment(variables) });
const counts = countTests(report);
rmSync(scratch, { recursive: true, force: true });

const { passed, failed, skipped } = counts;
if (status !== 0 && failed === 0) console.log(`vitest ended with status ${status} though no test failed: see above.`);
if (passed + failed === 0) console.log("No test ran.");
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = status !== 0 ? status : failed > 0 || passed === 0 ? 1 : 0;

/** A file that could not be loaded has no tests to count; it counts as one that failed. */
function countTests(path) {
  const counted = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(path)) return counted;
  for (const file of JSON.parse(readFileSync(path, "utf8")).testResults) {
    let failedHere = 0;
    for (const test of file.assertionResults) {
      if (test.status === "passed") counted.passed++;
      else if (test.status === "failed") failedHere++;
      else counted.skipped++;
    }
    if (file.status === "failed" && failedHere === 0) failedHere = 1;
    counted.failed += failedHere;
  }
  return counted;
}
