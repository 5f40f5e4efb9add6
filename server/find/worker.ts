/** Reads pages, each checked against its hash, and searches them. Asked anew by message, it answers one after another. */
import { DumpError } from "../../shared/errors/index.ts";
import { type Pattern, stringKinds } from "../../shared/find/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { createFileBlobs, createPageReader, type PackPlace, type PageReader } from "../store/index.ts";
import { answerRequests } from "../threads/index.ts";
import { createMaskedSearch } from "./masked-search.ts";
import { emptyMeasures, measurePage, PAIRS } from "./measure-page.ts";
import { maskedBytes } from "./pattern.ts";
import {
  FIRST_BROUGHT,
  type FoundRun,
  type FromFindWorker,
  isBrought,
  type PageItems,
  packFindings,
  type ToFindWorker,
} from "./protocol.ts";
import { compileRegex } from "./regex-program.ts";
import { searchAlone, searchPair } from "./regex-search.ts";
import { createRunScanner, type RunScanner } from "./run-scanner.ts";

/** Pages read at once: 256 KiB, as many as a frame has. */
const STEP = 64;
/** 16 tables of at most 576 KiB and 32 frames of at most 256 KiB: 17 MiB. */
const KEPT = { tables: 16, frames: 32 };
const ZEROS = new Uint8Array(PAGE_SIZE);
const room = new Uint8Array(STEP * PAGE_SIZE);
/** Pairs of the pages of one message. */
const counted = new Uint32Array(PAIRS);

let packs: readonly PackPlace[] = [];
let reader: { readonly directory: string; readonly pages: PageReader } | undefined;
let cancelled = new Int32Array(new SharedArrayBuffer(4));
let search: { readonly key: string; readonly of: ReturnType<typeof createSearch> } | undefined;
interface Scan {
  readonly scanner: RunScanner;
  found: FoundRun[];
  /** Strings that are still of use. */
  most: number;
  /** Page address at which a run would go on; −1 when it cannot. */
  next: number;
}
const scans = new Map<number, Scan>();

answerRequests(answerOf, buffersOf);

/** What an answer hands over instead of copying it. */
function buffersOf(answer: FromFindWorker): ArrayBuffer[] {
  if (answer.kind === "found") return [answer.findings.data.buffer];
  if (answer.kind !== "measured") return [];
  const { entropy, firstByte, lastByte } = answer.measured;
  return [entropy.buffer, firstByte.buffer, lastByte.buffer];
}

function answerOf(message: ToFindWorker): FromFindWorker {
  const { id } = message;
  if (message.kind === "forget") {
    scans.delete(message.scan);
    return { kind: "forgotten", id };
  }
  if (message.packs) packs = message.packs;
  cancelled = message.cancelled;
  const { directory, items } = message;
  switch (message.kind) {
    case "search": {
      const { alone } = searchOf(message.pattern);
      const findings = function* () {
        for (const [i, page] of contents(directory, items, room)) yield alone(page, items.from[i], items.to[i]);
      };
      return { kind: "found", id, findings: packFindings(findings()) };
    }
    case "pairs": {
      const { pair } = searchOf(message.pattern);
      const findings = function* () {
        const bytes = new Uint8Array(2 * PAGE_SIZE);
        for (const [i, page] of contents(directory, items, room)) {
          bytes.set(page, (i % 2) * PAGE_SIZE);
          if (i % 2 === 1) yield pair(bytes.subarray(0, PAGE_SIZE + items.to[i]), message.start[(i - 1) / 2]);
        }
      };
      return { kind: "found", id, findings: packFindings(findings()) };
    }
    case "strings":
      return { kind: "strings", id, ...scanStrings(message) };
    case "measure": {
      const measured = emptyMeasures(items.page.length);
      counted.fill(0);
      for (const [i, page] of contents(directory, items, room))
        measurePage(page, [items.from[i], items.to[i]], message.times[i], counted, measured, i);
      // All of them or none: what failed may be asked again.
      for (let pair = 0; pair < PAIRS; pair++) message.pairs[pair] += counted[pair];
      return { kind: "measured", id, measured };
    }
    default:
      return message satisfies never;
  }
}

/** @throws DumpError `cancelled` */
function checkWanted(): void {
  if (Atomics.load(cancelled, 0) !== 0) throw new DumpError("cancelled", "The search was cancelled", {});
}

/** Each item with its 4,096 bytes. @param room of `STEP` pages, in which they hold until the next one; for ever without it */
function* contents(directory: string, items: PageItems, room?: Uint8Array): Generator<readonly [number, Uint8Array]> {
  if (reader?.directory !== directory) {
    reader = { directory, pages: createPageReader(createFileBlobs(directory), () => packs, KEPT) };
  }
  for (let at = 0; at < items.page.length; at += STEP) {
    const some = items.page.subarray(at, at + STEP);
    checkWanted();
    const bytes = reader.pages.bytes(
      some.filter((page) => page < FIRST_BROUGHT),
      room,
    );
    let taken = 0;
    for (let i = 0; i < some.length; i++) {
      if (some[i] === ZERO_PAGE) yield [at + i, ZEROS];
      else if (isBrought(some[i])) yield [at + i, broughtPage(items, some[i])];
      else {
        yield [at + i, bytes.subarray(taken, taken + PAGE_SIZE)];
        taken += PAGE_SIZE;
      }
    }
  }
}

function broughtPage({ brought }: PageItems, page: number): Uint8Array {
  const row = brought?.page.indexOf(page) ?? -1;
  if (!brought || row < 0) throw new Error(`page ${page} was not brought`);
  return brought.bytes.subarray(row * PAGE_SIZE, (row + 1) * PAGE_SIZE);
}

function searchOf(pattern: Pattern): ReturnType<typeof createSearch> {
  const key = JSON.stringify(pattern);
  if (search?.key !== key) search = { key, of: createSearch(pattern) };
  return search.of;
}

function createSearch({ form, text, ignoreCase }: Pattern) {
  if (form === "regex") {
    const program = compileRegex(text, ignoreCase, checkWanted);
    return {
      alone: (page: Uint8Array, from: number, to: number) => searchAlone(program, page, from, to),
      pair: (bytes: Uint8Array, start: number) => searchPair(program, bytes, start),
    };
  }
  const masked = createMaskedSearch(maskedBytes({ form, text, ignoreCase }));
  return {
    alone: (page: Uint8Array, from: number, to: number) => masked.alignments(page, from, to),
    pair: (): Int32Array => {
      throw new Error("fixed bytes are joined without their pages");
    },
  };
}

function scanStrings(
  message: Extract<ToFindWorker, { kind: "strings" }>,
): Pick<Extract<FromFindWorker, { kind: "strings" }>, "strings" | "open"> {
  const { scan, items, address, wanted } = message;
  let open = scans.get(scan);
  if (!open) {
    const fresh: Scan = {
      found: [],
      most: 0,
      next: -1,
      scanner: createRunScanner(wanted.leastLength, (run) => {
        if (fresh.found.length >= fresh.most) return;
        const isWanted = wanted.kinds.length === 0 || stringKinds(run.text).some((kind) => wanted.kinds.includes(kind));
        if (isWanted) fresh.found.push(run);
      }),
    };
    open = fresh;
    scans.set(scan, open);
  }
  open.most = message.most;
  // Read as a whole before a run goes on, so that what fails can be asked again.
  for (const [i, page] of [...contents(message.directory, items)]) {
    if (address[i] !== open.next || items.from[i] !== 0) open.scanner.break();
    open.scanner.feed(address[i], page, items.from[i], items.to[i]);
    open.next = items.to[i] === PAGE_SIZE ? address[i] + 1 : -1;
  }
  if (message.isLast) {
    open.scanner.break();
    scans.delete(scan);
  }
  const { found } = open;
  open.found = [];
  return { strings: found, open: open.scanner.open() };
}
