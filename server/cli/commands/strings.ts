/** `dumpscope strings`: printable runs of a snapshot. */
import { DumpError } from "../../../shared/errors/index.ts";
import { isSecret, maskSecret, STRING_KINDS, type StringKind, stringKinds } from "../../../shared/find/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { createFillings } from "../../filling/index.ts";
import { createFinder, type FoundRun, filledHit, matchOfRun, notSearched, parseScope } from "../../find/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import {
  clearProgress,
  filledWord,
  lastLine,
  notSearchedLines,
  placeOf,
  SCOPE_OPTION,
  showProgress,
} from "../find-lines.ts";
import { table } from "../words.ts";

const LIMIT = 10_000;
const LEAST_LENGTH = 6;

export const strings: Command = {
  name: "strings",
  usage: "SNAPSHOT [--kind path,url] [--in SCOPE] [--filled]",
  summary: "printable text, ASCII and UTF-16",
  positionals: 1,
  options: {
    length: { value: "N", help: `characters at least; ${LEAST_LENGTH} without it` },
    kind: { value: STRING_KINDS.join(","), help: "only what looks like one of these; key is what looks like a secret" },
    in: SCOPE_OPTION,
    filled: {
      help: "in pages left to files too, filled from the dump's ghost files and known sets; each string says so",
    },
    limit: { value: "N", help: `no more than so many; ${LIMIT} without it` },
    reveal: { help: "show what looks like a secret" },
  },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const leastLength = line.whole("length", 4, 4096) ?? LEAST_LENGTH;
    const limit = line.whole("limit", 1, 1_000_000) ?? LIMIT;
    const kinds = kindsOf(line.text("kind"));
    const shown = (text: string) => (isSecret(text) && !line.flag("reveal") ? maskSecret(text) : text);
    const store = openDataStore();
    const known = createKnownSets(store);
    const finder = createFinder(store, known);
    try {
      const record = store.snapshot(reference);
      const manifest = store.manifest(record);
      const scope = parseScope(manifest, line.text("in"));
      const filling = line.flag("filled") ? await createFillings(store, known).of(record) : undefined;
      const filledAt = (space: Space, run: FoundRun) => filling && filledHit(filling, space, matchOfRun(run));
      const request = { scope, ...(filling && { filling }), limit, signal, leastLength, kinds };
      const found: { space: Space; run: FoundRun }[] = [];
      for await (const event of finder.strings(record, request)) {
        if (event.kind === "found") for (const run of event.found) found.push({ space: event.space, run });
        else if (event.kind === "progress") showProgress(event);
        else {
          clearProgress();
          const unseen = notSearched(manifest, scope, filling);
          line.print(
            {
              snapshot: record.id,
              strings: found.map(({ space, run }) => ({
                space,
                address: placeOf(run.page, run.offset),
                encoding: run.encoding,
                length: run.length,
                text: shown(run.text),
                kinds: stringKinds(run.text),
                ...(filling && { filled: filledAt(space, run) ?? null }),
              })),
              limitMet: event.next !== null,
              pages: event.pages,
              notSearched: unseen,
            },
            [
              ...(found.length === 0
                ? []
                : table(
                    ["space", "address", "length", ...(filling ? ["filled from"] : []), "text"],
                    found.map(({ space, run }) => [
                      space,
                      placeOf(run.page, run.offset),
                      run.length,
                      ...(filling ? [filledWord(filledAt(space, run))] : []),
                      shown(run.text),
                    ]),
                  )),
              lastLine(event, "string"),
              ...notSearchedLines(unseen),
            ],
          );
        }
      }
      return 0;
    } finally {
      await finder.close();
      store.close();
    }
  },
};

function kindsOf(text: string | undefined): StringKind[] {
  return (text ?? "")
    .split(",")
    .filter((word) => word !== "")
    .map((word) => {
      const kind = STRING_KINDS.find((candidate) => candidate === word);
      if (kind === undefined) throw new DumpError("usage", `--kind takes ${STRING_KINDS.join(", ")}, not ${word}`, {});
      return kind;
    });
}
