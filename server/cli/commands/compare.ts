/** `dumpscope compare`: verdicts of two snapshots. */

import { comparedPages, VERDICT_SIGNS, VERDICTS } from "../../../shared/provenance/index.ts";
import { compareSnapshots } from "../../compare/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { count, plural } from "../words.ts";

export const compare: Command = {
  name: "compare",
  usage: "A B",
  summary: "what changed from A to B, page by page",
  positionals: 2,
  options: {},
  async run(line) {
    const store = openDataStore();
    try {
      const a = store.snapshot(line.positional(0, "A"));
      const b = store.snapshot(line.positional(1, "B"));
      const { verdicts, differences } = compareSnapshots(store, a, b);
      const compared = comparedPages(verdicts);
      line.print({ a: a.id, b: b.id, ...verdicts, compared, differences: differences.length }, [
        `${a.container}/${a.name} → ${b.container}/${b.name}`,
        `${count(compared)} of ${plural(compared + verdicts.unresolved, "page")} compared`,
        ...VERDICTS.map(
          (verdict) => `${VERDICT_SIGNS[verdict]} ${verdict.padEnd(10)} ${count(verdicts[verdict]).padStart(12)}`,
        ),
        `? unresolved ${count(verdicts.unresolved).padStart(12)}`,
        plural(differences.length, "difference"),
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};
