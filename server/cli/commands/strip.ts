/** `dumpscope strip`: what of a snapshot is the system's, what other containers have, and what is left. */
import { PROVENANCES, type StripCounts } from "../../../shared/provenance/index.ts";
import { createFillings } from "../../filling/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import { stripReport, stripSnapshot } from "../../stripping/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { fillingLines } from "../filling-lines.ts";
import { count, plural, table } from "../words.ts";

/** Files and mappings of a report for people. */
const ROWS = 12;

export const strip: Command = {
  name: "strip",
  usage: "SNAPSHOT",
  summary: "what of it is the system's, by file and package, what other containers have, and what is left",
  positionals: 1,
  options: {},
  async run(line, signal) {
    const store = openDataStore();
    try {
      const snapshot = store.snapshot(line.positional(0, "SNAPSHOT"));
      const known = createKnownSets(store);
      const stripping = await stripSnapshot(store, known, snapshot, { signal });
      const filling = await createFillings(store, known).of(snapshot);
      const report = stripReport(store, known, snapshot, stripping, filling);
      const { provenance, sharedWith, alikeTo, byFile, byPackage } = report;
      const label = `${snapshot.container}/${snapshot.name}`;
      line.print(
        {
          snapshot: snapshot.id,
          ...report,
          unchanged: provenance.unchanged,
          moved: provenance.moved,
          new: provenance.new,
        },
        [
          `${label}: ${plural(report.recorded, "page")} recorded, ${count(report.leftToFile)} left to files`,
          ...fillingLines(report),
          `zero       ${count(report.zero)}`,
          `same       ${count(report.same)} as pages of known sets`,
          `relocated  ${count(report.relocated)}, verified against their files`,
          `alike      ${count(report.alike)}${alikeTo.map((one) => `; ${count(one.pages)} to ${one.snapshot}${one.baselineOf === null ? "" : `, the baseline ${one.baselineOf}`}`).join("")}`,
          `shared     ${count(report.shared)}${sharedWith.map((one) => `; ${count(one.pages)} with ${one.container}`).join("")}`,
          `explained  ${count(report.explained)} in at least one of these ways`,
          `each once  ${PROVENANCES.map((name) => `${count(provenance[name])} ${name}`).join(", ")}`,
          ...titled(
            ["package", "version", ...COLUMNS],
            byPackage.map((one) => [one.package.name, one.package.version, ...cells(one)]),
          ),
          ...titled(
            ["file", "known set", ...COLUMNS],
            byFile.map((one) => [
              one.deleted ? `${one.path} (deleted)` : one.path,
              one.set ?? "in none",
              ...cells(one),
            ]),
          ),
        ],
      );
      return 0;
    } finally {
      store.close();
    }
  },
};

const COLUMNS = ["left to it", "recorded", "same", "relocated", "alike", "new"];

function cells(counts: StripCounts): number[] {
  return [counts.leftToFile, counts.recorded, counts.same, counts.relocated, counts.alike, counts.provenance.new];
}

function titled(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  if (rows.length === 0) return [];
  const more = rows.length > ROWS ? [`and ${plural(rows.length - ROWS, "more", "more")}; --json has all`] : [];
  return ["", ...table(header, rows.slice(0, ROWS)), ...more];
}
