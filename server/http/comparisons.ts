/** Comparisons in the words of the API, kept while they are looked at. */
import type { Comparison as ApiComparison, ComparedPage, SnapshotDetail } from "../../shared/api/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { comparedPages, VERDICTS, type Verdict } from "../../shared/provenance/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { StripChoice } from "../../shared/strip/index.ts";
import { type Comparison, compareSnapshots, differingRuns, knownInBoth, NO_VERDICT } from "../compare/index.ts";
import {
  type ComparedSnapshots,
  createJointStrips,
  type JointStrip,
  readBytes,
  snapshotContents,
  snapshotSummary,
} from "../inspect/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { LeastRecent, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";

export interface Comparisons {
  open(a: string, b: string): ComparedSnapshots;
  describe(open: ComparedSnapshots): ApiComparison;
  /** As the pages of both sides are explained now. */
  strip(open: ComparedSnapshots, choice: StripChoice): JointStrip;
  page(open: ComparedSnapshots, space: Space, page: PageAddress): ComparedPage;
}

export function createComparisons(store: Store, known: KnownSets): Comparisons {
  const opened = new LeastRecent<Comparison>(8);
  const strips = createJointStrips(store, known);
  return {
    open(idA, idB) {
      const a = store.snapshot(idA);
      const b = store.snapshot(idB);
      // The records anew each time: a container may have been renamed since.
      return { a, b, comparison: opened.get(`${a.id} ${b.id}`, () => compareSnapshots(store, a, b)) };
    },
    strip: strips.choose,
    describe({ a, b, comparison }) {
      const laidA = snapshotContents(store, known, a).laid;
      const laidB = snapshotContents(store, known, b).laid;
      const { verdicts, zeroThatHadContent } = comparison;
      const differing = comparison.differences.reduce((sum, difference) => sum + difference.pages, 0);
      return {
        a: snapshotSummary(known, a),
        b: snapshotSummary(known, b),
        verdicts,
        zeroThatHadContent,
        differing,
        compared: comparedPages(verdicts),
        joint: comparison.joint.map((entry) => ({
          space: entry.space,
          start: entry.start,
          pages: entry.pages,
          shown: entry.shown.map(({ start, end }): [number, number] => [start, end]),
          a: laidOf(laidA, entry.a),
          b: laidOf(laidB, entry.b),
          verdicts: entry.verdicts,
        })),
        differences: [...comparison.differences],
        notice: noticeOf(a, b, verdicts.unresolved),
      };
    },
    page({ a, b, comparison }, space, page) {
      const code = comparison.verdictsOf(space, page, 1)[0];
      const verdict = code === NO_VERDICT ? null : VERDICTS[code];
      const address = addressOfPage(page);
      const before = readBytes(store, a, comparison.nameInA(space), address, PAGE_SIZE);
      const after = readBytes(store, b, space, address, PAGE_SIZE);
      const known = knownInBoth(before.partial.get(0), after.partial.get(0));
      const differ = verdict === "changed" || verdict === "moved" || verdict === "zero";
      const { bytes, runs } = differ ? differingRuns(before.bytes, after.bytes, known) : { bytes: 0, runs: [] };
      const number = placesOf(store.manifest(b)).columns(space, page, 1).page[0];
      const from = verdict === "moved" ? placesOf(store.manifest(a)).find(number) : undefined;
      const fromAddress = from && formatAddress(addressOfPage(from.page as PageAddress));
      return {
        verdict,
        reason:
          verdict === "changed" && bytes === 0
            ? "Not all of this page is in both dumps; the part that is has the same bytes."
            : reasonOf(verdict, a.name, b.name, fromAddress),
        from: from && fromAddress ? { space: from.space, address: fromAddress } : null,
        bytes,
        known: Math.max(0, known[1] - known[0]),
        runs: runs.map(([start, end]): [number, number] => [start, end]),
      };
    },
  };
}

function laidOf(laid: SnapshotDetail["laid"], index: number | undefined) {
  return index === undefined ? null : laid[index];
}

function noticeOf(a: SnapshotRecord, b: SnapshotRecord, unresolved: number): string | null {
  const notices: string[] = [];
  if (a.container !== b.container)
    notices.push(
      `${a.container} and ${b.container} are different containers; places are matched by process and address.`,
    );
  if (unresolved > 0)
    notices.push(`${unresolved} pages of ${b.name} are in a parent that is not here; they have no verdict.`);
  return notices.length === 0 ? null : notices.join(" ");
}

function reasonOf(verdict: Verdict | null, a: string, b: string, from: string | undefined): string {
  switch (verdict) {
    case null:
      return "Neither side records content here.";
    case "unchanged":
      return `${a} has the same bytes at this place.`;
    case "zero":
      return `Every byte is 00 in ${b}.`;
    case "moved":
      return `${a} has the same bytes at ${from ?? "another place"}.`;
    case "changed":
      return `Recorded in ${a} with other bytes.`;
    case "added":
      return `Not recorded in ${a}; its bytes are nowhere in ${a}.`;
    case "removed":
      return `Recorded in ${a}; ${b} records nothing here.`;
    default:
      return verdict satisfies never;
  }
}
