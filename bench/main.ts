/**
 * `npm run bench [-- --json] [-- --full]`: the budgets of the design beside their yardsticks, in one run. Medians of
 * three, files in the page cache. Figures of different runs do not compare; their ratios do. DUMPSCOPE_CORPUS names the
 * corpus, whose machine dumps make the pair; without it the bundled samples do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchIngest } from "./budgets/ingest.ts";
import { benchKnown } from "./budgets/known.ts";
import { benchReading } from "./budgets/reading.ts";
import type { Row } from "./budgets/row.ts";
import { benchScale } from "./budgets/scale.ts";
import { benchSteps } from "./budgets/steps.ts";
import { makePair, type Pair } from "./pair.ts";
import { timeCommand } from "./yardsticks/commands.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, full: { type: "boolean" } } });
const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-bench-"));
try {
  const pair = await makePair(path.join(folder, "pair"), process.env.DUMPSCOPE_CORPUS);
  const ingest = await benchIngest(pair, folder);
  const openssl = { name: "openssl dgst -sha256", value: timeCommand("openssl", ["dgst", "-sha256", pair.first]) };
  const rows = [
    ...ingest.rows,
    ...benchSteps(pair.first, openssl),
    ...(await benchReading(pair, ingest.store, openssl)),
    ...(await benchKnown(pair, folder)),
  ];
  rmSync(path.join(folder, "pair"), { recursive: true });
  rows.push(...(await benchScale(folder, values.full === true)));
  const { madeOf, bytes, pages, changedPages } = pair;
  if (values.json) process.stdout.write(`${JSON.stringify({ pair: { madeOf, bytes, pages, changedPages }, rows })}\n`);
  else print(pair, rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print({ madeOf, bytes, pages, changedPages }: Pair, rows: readonly Row[]): void {
  const share = ((100 * changedPages) / pages).toFixed(2);
  const lines = [
    `Two raw images of ${(bytes / 2 ** 20).toFixed(1)} MiB made of ${madeOf}, ${share} % of ${pages} pages changed.`,
    "",
    "| what | measured | yardstick | ratio | budget |",
    "| --- | --- | --- | ---: | --- |",
    ...rows.map(
      ({ what, measured, yardstick, ratio, budget }) =>
        `| ${what} | ${measured} | ${yardstick} | ${ratio === null ? "" : ratio.toFixed(3)} | ${budget} |`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
