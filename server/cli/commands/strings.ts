/** `dumpscope strings`: printable runs of a snapshot. */
import { DumpError } from "../../../shared/errors/index.ts";
import { isSecret, maskSecret, STRING_KINDS, type StringKind, stringKinds } from "../../../shared/find/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { createFinder, type FoundRun, parseScope } from "../../find/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { clearProgress, lastLine, placeOf, SCOPE_OPTION, showProgress } from "../find-lines.ts";
import { table } from "../words.ts";

const LIMIT = 10_000;
const LEAST_LENGTH = 6;

export const strings: Command = {
  name: "strings",
  usage: "SNAPSHOT [--kind path,url] [--in SCOPE]",
  summary: "printable text, ASCII and UTF-16",
  positionals: 1,
  options: {
    length: { value: "N", help: `characters at least; ${LEAST_LENGTH} without it` },
    kind: { value: STRING_KINDS.join(","), help: "only what looks like one of these; key is what looks like a secret" },
    in: SCOPE_OPTION,
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
    const finder = createFinder(store, createKnownSets(store));
    try {
      const record = store.snapshot(reference);
      const scope = parseScope(store.manifest(record), line.text("in"));
      const found: { space: Space; run: FoundRun }[] = [];
      for await (const event of finder.strings(record, { scope, limit, signal, leastLength, kinds })) {
        if (event.kind === "found") for (const run of event.found) found.push({ space: event.space, run });
        else if (event.kind === "progress") showProgress(event);
        else {
          clearProgress();
          line.print(
            {
              snapshot: record.id,
              strings: found.map(({ space, run: { page, offset, encoding, length, text } }) => ({
                space,
                address: placeOf(page, offset),
                encoding,
                length,
                text: shown(text),
                kinds: stringKinds(text),
              })),
              limitMet: event.isLimitMet,
              pages: event.pages,
            },
            [
              ...(found.length === 0
                ? []
                : table(
                    ["space", "address", "length", "text"],
                    found.map(({ space, run }) => [space, placeOf(run.page, run.offset), run.length, shown(run.text)]),
                  )),
              lastLine(event, "string"),
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
