/**
 * `npm run bench [-- [--json] [--full] [part …]]`: the budgets of the design beside their yardsticks, in one run. Medians
 * of three, files in the page cache. Figures of different runs do not compare; their ratios do. DUMPSCOPE_CORPUS names the
 * corpus, whose machine dumps make the pair; without it the bundled samples do. Parts are ingest, known, viewer, scale;
 * all of them without a name.
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
import { benchViewer } from "./budgets/viewer.ts";
import { makePair, type Pair, realPages } from "./pair.ts";
import { timeCommand } from "./yardsticks/commands.ts";

const PARTS = ["ingest", "known", "viewer", "scale"] as const;

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, full: { type: "boolean" } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !(PARTS as readonly string[]).includes(name));
if (unknown !== undefined) throw new Error(`There is no part ${unknown}: ${PARTS.join(", ")}`);
const isAsked = (part: (typeof PARTS)[number]) => positionals.length === 0 || positionals.includes(part);
const corpus = process.env.DUMPSCOPE_CORPUS;
const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-bench-"));
try {
  const rows: Row[] = [];
  let pair: Pair | undefined;
  if (isAsked("ingest") || isAsked("known")) {
    pair = await makePair(path.join(folder, "pair"), corpus);
    if (isAsked("ingest")) {
      const ingest = await benchIngest(pair, folder);
      const openssl = { name: "openssl dgst -sha256", value: timeCommand("openssl", ["dgst", "-sha256", pair.first]) };
      rows.push(
        ...ingest.rows,
        ...benchSteps(pair.first, openssl),
        ...(await benchReading(pair, ingest.store, openssl)),
      );
    }
    if (isAsked("known")) rows.push(...(await benchKnown(pair, folder)));
    rmSync(path.join(folder, "pair"), { recursive: true });
  }
  if (isAsked("viewer")) {
    const content = await realPages(folder, corpus);
    rows.push(...(await benchViewer(content, folder, values.full ? 16 : 1)));
  }
  if (isAsked("scale")) rows.push(...(await benchScale(folder, values.full === true)));
  if (values.json) process.stdout.write(`${JSON.stringify({ pair: pair ? factsOf(pair) : null, rows })}\n`);
  else print(pair, rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function factsOf({ madeOf, bytes, pages, changedPages }: Pair) {
  return { madeOf, bytes, pages, changedPages };
}

function sentenceOf({ madeOf, bytes, pages, changedPages }: Pair): string {
  const share = ((100 * changedPages) / pages).toFixed(2);
  return `Two raw images of ${(bytes / 2 ** 20).toFixed(1)} MiB made of ${madeOf}, ${share} % of ${pages} pages changed.`;
}

function print(pair: Pair | undefined, rows: readonly Row[]): void {
  const lines = [
    ...(pair ? [sentenceOf(pair), ""] : []),
    "| what | measured | yardstick | ratio | budget |",
    "| --- | --- | --- | ---: | --- |",
    ...rows.map(
      ({ what, measured, yardstick, ratio, budget }) =>
        `| ${what} | ${measured} | ${yardstick} | ${ratio === null ? "" : ratio.toFixed(3)} | ${budget} |`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
