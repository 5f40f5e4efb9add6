/** `dumpscope figures`: what the bytes of a snapshot or of a part of it are, counted. */
import type { Figures } from "../../../shared/api/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { createFinder, figuresOf, parseScope } from "../../find/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { clearProgress, SCOPE_OPTION, showProgress } from "../find-lines.ts";
import { bytes, count, plural, table } from "../words.ts";

/** Pairs that are told, the most frequent first. */
const TOP = 16;
/** As the browser counts strings. */
const LEAST_LENGTH = 6;
/** Strings are counted up to so many. */
const MOST_STRINGS = 1_000_000;

export const figures: Command = {
  name: "figures",
  usage: "SNAPSHOT [--in SCOPE]",
  summary: "what the bytes of a part of it are: classes, entropy, pairs, strings",
  positionals: 1,
  options: {
    in: SCOPE_OPTION,
    length: { value: "N", help: `characters of a string at least; ${LEAST_LENGTH} without it` },
  },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const leastLength = line.whole("length", 4, 4096) ?? LEAST_LENGTH;
    const store = openDataStore();
    const finder = createFinder(store, createKnownSets(store));
    try {
      const record = store.snapshot(reference);
      const manifest = store.manifest(record);
      const scope = parseScope(manifest, line.text("in"));
      let found: Figures | undefined;
      for await (const event of finder.measure(record, { scope, signal })) {
        if (event.kind === "progress") showProgress(event);
        else found = figuresOf(manifest, scope, event.figures, finder.provenance(record, scope));
      }
      if (!found) throw new Error("the measurement ended without saying so");
      const strings = { count: 0, leastLength, limitMet: false };
      const request = { scope, limit: MOST_STRINGS, signal, leastLength, kinds: [] };
      for await (const event of finder.strings(record, request)) {
        if (event.kind === "progress") showProgress(event);
        else if (event.kind === "done") Object.assign(strings, { count: event.count, limitMet: event.next !== null });
      }
      clearProgress();
      const { pairs, curve, windows, classes, ...rest } = found;
      const told = {
        snapshot: record.id,
        in: line.text("in") ?? "",
        ...rest,
        classes: Object.fromEntries(BYTE_CLASSES.map((name, i) => [name, classes[i]])),
        entropy: { ...entropyOf(curve), eighths: windows, curve },
        pairs: pairsOf(pairs),
        strings,
      };
      line.print(told, linesOf(told));
      return 0;
    } finally {
      await finder.close();
      store.close();
    }
  },
};

/** Bits per byte of windows of 256 bytes; `null` without a window. */
function entropyOf({ parts }: Figures["curve"]) {
  const windows = parts.reduce((sum, part) => sum + part.windows, 0);
  if (windows === 0) return { windows, least: null, mean: null, most: null };
  return {
    windows,
    least: Math.min(...parts.map(({ least }) => least)),
    mean: parts.reduce((sum, { mean, windows: own }) => sum + mean * own, 0) / windows,
    most: Math.max(...parts.map(({ most }) => most)),
  };
}

/** All of them in sum, how many different ones, and the most frequent: `pair` as two bytes in hexadecimal. */
function pairsOf(pairs: Figures["pairs"]) {
  const met = pairs.flatMap((times, index) => (times > 0 ? [{ index, times }] : []));
  return {
    count: met.reduce((sum, { times }) => sum + times, 0),
    different: met.length,
    top: met
      .toSorted((x, y) => y.times - x.times || x.index - y.index)
      .slice(0, TOP)
      .map(({ index, times }) => ({ pair: index.toString(16).padStart(4, "0"), count: times })),
  };
}

type Told = Omit<Figures, "classes" | "curve" | "windows" | "pairs"> & {
  readonly classes: Readonly<Record<string, number>>;
  readonly entropy: ReturnType<typeof entropyOf>;
  readonly pairs: ReturnType<typeof pairsOf>;
  readonly strings: { readonly count: number; readonly leastLength: number; readonly limitMet: boolean };
};

function linesOf({
  bytes: size,
  pages,
  zeroPages,
  absent,
  ofDeletedFiles,
  provenance,
  classes,
  entropy,
  pairs,
  zeroPagePairs,
  strings,
}: Told) {
  const share = (part: number) => (size === 0 ? "" : `${((100 * part) / size).toFixed(2)} %`);
  const bits = (value: number | null) => (value === null ? "none" : value.toFixed(3));
  return [
    `${count(size)} bytes (${bytes(size)}) in ${plural(pages, "page")}, ${count(zeroPages)} of them zero`,
    ...(absent
      ? [
          `without bytes: ${count(absent.file)} pages left to files${ofDeletedFiles ? ` (${count(ofDeletedFiles)} of them to deleted ones)` : ""}, ${count(absent.untouched)} untouched, ${count(absent.excluded)} excluded, ${count(absent.missing)} missing`,
        ]
      : []),
    `of the recorded pages ${Object.entries(provenance)
      .filter(([, pagesOf]) => pagesOf > 0)
      .map(([name, pagesOf]) => `${count(pagesOf)} ${name}`)
      .join(", ")}`,
    ...table(
      ["class", "bytes", "share"],
      Object.entries(classes).map(([name, number]) => [name, number, share(number)]),
    ),
    `entropy ${bits(entropy.least)} to ${bits(entropy.most)} bits per byte, mean ${bits(entropy.mean)}, of ${plural(entropy.windows, "window")} of 256 bytes`,
    `${plural(pairs.count, "pair")} of neighbouring bytes, ${count(pairs.different)} different ones; ${count(zeroPagePairs)} more in zero pages`,
    ...(pairs.top.length === 0
      ? []
      : table(
          ["pair", "count"],
          pairs.top.map(({ pair, count: times }) => [`${pair.slice(0, 2)} ${pair.slice(2)}`, times]),
        )),
    `${strings.limitMet ? "more than " : ""}${plural(strings.count, "string")} of ${strings.leastLength} characters and more`,
  ];
}
