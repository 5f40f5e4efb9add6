/**
 * `npm run bench [-- --json] [-- --times N]`: the budgets of the design beside their yardsticks, in one run. Medians
 * of three, files in the page cache. Figures of different runs do not compare; their ratios do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchIngest } from "./budgets/ingest.ts";
import { benchReading } from "./budgets/reading.ts";
import type { Row } from "./budgets/row.ts";
import { makePair } from "./pair.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, times: { type: "string", default: "18" } } });
const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-bench-"));
try {
  const pair = await makePair(folder, Number(values.times));
  const ingest = benchIngest(pair, folder);
  const rows = [...ingest.rows, ...(await benchReading(pair, ingest.store))];
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ pair: { ...pair, first: undefined, second: undefined }, bytesStored: ingest.bytesStored, rows })}\n`,
    );
  else print(pair, ingest.bytesStored, rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(
  pair: { bytes: number; pages: number; changedPages: number },
  bytesStored: readonly [number, number],
  rows: readonly Row[],
): void {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const share = ((100 * pair.changedPages) / pair.pages).toFixed(1);
  const lines = [
    `Two raw images of ${mib(pair.bytes)} made of the bundled samples, ${share} % of ${pair.pages} pages changed.`,
    `Stored: ${mib(bytesStored[0])}, then ${mib(bytesStored[1])} more (summaries included).`,
    "",
    "| what | measured | yardstick | ratio |",
    "| --- | --- | --- | ---: |",
    ...rows.map(
      ({ what, measured, yardstick, ratio }) =>
        `| ${what} | ${measured} | ${yardstick} | ${ratio === null ? "" : ratio.toFixed(2)} |`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
