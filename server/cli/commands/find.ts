/** `dumpscope find`: where a pattern stands in a snapshot. */
import { DumpError, isDumpError, isPatternCode } from "../../../shared/errors/index.ts";
import { AROUND, excerptOf, maskSecret, PATTERN_FORMS, type PatternForm } from "../../../shared/find/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { createFillings, type Filling } from "../../filling/index.ts";
import { createFinder, filledHit, type Match, notSearched, parseScope } from "../../find/index.ts";
import { readBytes } from "../../inspect/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../store/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import {
  clearProgress,
  filledWord,
  lastLine,
  mappingAt,
  notSearchedLines,
  placeOf,
  SCOPE_OPTION,
  showProgress,
} from "../find-lines.ts";
import { table } from "../words.ts";

const LIMIT = 1000;

export const find: Command = {
  name: "find",
  usage: "SNAPSHOT PATTERN [--as text] [--in SCOPE] [--filled]",
  summary: "where a text, bytes or a regular expression stand",
  positionals: 2,
  options: {
    as: {
      value: PATTERN_FORMS.join("|"),
      help: "text (its UTF-8) without a choice; hex takes wildcards: de ad ?? 4?",
    },
    "ignore-case": { help: "of the letters A to Z" },
    in: SCOPE_OPTION,
    filled: { help: "in pages left to files too, filled from the dump's ghost files and known sets; each hit says so" },
    limit: { value: "N", help: `no more than so many hits; ${LIMIT} without it` },
    reveal: { help: "show what looks like a secret" },
  },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const text = line.positional(1, "PATTERN");
    const form = formOf(line.text("as") ?? "text");
    const limit = line.whole("limit", 1, 1_000_000) ?? LIMIT;
    const store = openDataStore();
    const known = createKnownSets(store);
    const finder = createFinder(store, known);
    try {
      const record = store.snapshot(reference);
      const manifest = store.manifest(record);
      const scope = parseScope(manifest, line.text("in"));
      const filling = line.flag("filled") ? await createFillings(store, known).of(record) : undefined;
      const filledAt = (space: Space, match: Match) => filling && filledHit(filling, space, match);
      const pattern = { form, text, ignoreCase: line.flag("ignore-case") };
      const hits: { space: Space; match: Match }[] = [];
      for await (const event of finder.find(record, pattern, {
        scope,
        ...(filling && { filling }),
        limit,
        signal,
      })) {
        if (event.kind === "found") for (const match of event.found) hits.push({ space: event.space, match });
        else if (event.kind === "progress") showProgress(event);
        else {
          clearProgress();
          const { next, pages, pagesRead } = event;
          const unseen = notSearched(manifest, scope, filling);
          line.print(
            {
              snapshot: record.id,
              pattern,
              hits: hits.map(({ space, match }) => ({
                space,
                address: placeOf(match.page, match.offset),
                length: match.length,
                mapping: mappingAt(manifest, space, match.page),
                ...(filling && { filled: filledAt(space, match) ?? null }),
              })),
              limitMet: next !== null,
              pages,
              pagesRead,
              notSearched: unseen,
            },
            [
              ...(hits.length === 0
                ? []
                : table(
                    ["space", "address", "bytes", "mapping", ...(filling ? ["filled from"] : []), "text"],
                    (line.json ? [] : hits).map(({ space, match }) => [
                      space,
                      placeOf(match.page, match.offset),
                      match.length,
                      mappingAt(manifest, space, match.page),
                      ...(filling ? [filledWord(filledAt(space, match))] : []),
                      textAt(store, record, space, match, form, line.flag("reveal"), filling),
                    ]),
                  )),
              lastLine(event, "hit"),
              ...notSearchedLines(unseen),
            ],
          );
        }
      }
      return 0;
    } catch (error) {
      if (isDumpError(error) && isPatternCode(error.code))
        throw new DumpError("usage", `${error.message}. ${error.advice}`, error.facts, { cause: error });
      throw error;
    } finally {
      await finder.close();
      store.close();
    }
  },
};

function formOf(value: string): PatternForm {
  const form = PATTERN_FORMS.find((candidate) => candidate === value);
  if (form === undefined) throw new DumpError("usage", `--as takes ${PATTERN_FORMS.join(", ")}, not ${value}`, {});
  return form;
}

function textAt(
  store: Store,
  record: SnapshotRecord,
  space: Space,
  { page, offset, length }: Match,
  form: PatternForm,
  isRevealed: boolean,
  filling: Filling | undefined,
): string {
  const start = BigInt(page) * 4096n + BigInt(offset);
  const before = start < BigInt(AROUND) ? Number(start) : AROUND;
  const shown = Math.min(length, 4096);
  const { bytes } = readBytes(store, record, space, start - BigInt(before), before + shown + AROUND, filling);
  const { before: left, match, after, secret } = excerptOf(bytes, before, shown, form);
  return secret !== null && !isRevealed ? maskSecret(secret) : `${left}[${match}]${after}`;
}
