/** Bytes per class and windows per entropy over all recorded pages of a snapshot, each place counted. */
import { setImmediate } from "node:timers/promises";
import type { SnapshotDetail } from "../../shared/api/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { bisect, PAGE_SIZE } from "../../shared/memory/index.ts";
import { PAGE_STATES } from "../../shared/snapshot/index.ts";
import { BINS_BYTE, TOTALS_BYTES, TOTALS_SHORTS, ZERO_BIN } from "../../shared/summary/index.ts";
import { LeastRecent, type Manifest, type SnapshotRecord, type Store } from "../store/index.ts";
import type { PageContents } from "../tiles/index.ts";

/** Totals read at once, before others have their turn: 16,384 × 36 B, those of a pack. */
const STEP = 16_384;
const ZERO_STATES = new Set([PAGE_STATES.indexOf("zero"), PAGE_STATES.indexOf("parent-zero")]);

export type Histograms = Pick<SnapshotDetail, "classes" | "entropy">;

const counted = new LeastRecent<Promise<Histograms>>(64);

/** Counted once for each manifest. @throws DumpError `store-damaged` */
export function snapshotHistograms(store: Store, contents: PageContents, record: SnapshotRecord): Promise<Histograms> {
  const counting = counted.get(record.manifest, () => count(store.manifest(record), contents));
  // What could not be read may be there the next time.
  counting.catch(() => counted.delete(record.manifest));
  return counting;
}

async function count(manifest: Manifest, contents: PageContents): Promise<Histograms> {
  const classes = [0, 0, 0, 0, 0, 0];
  const entropy = new Array<number>(64).fill(0);
  const distinct = manifest.distinctPages();
  const { places, zeroPages } = placesOfPages(manifest, distinct);
  classes[0] = zeroPages * PAGE_SIZE;
  for (let at = 0; at < distinct.length; at += STEP) {
    const totals = await contents.totals(distinct.subarray(at, at + STEP));
    const shorts = new Uint16Array(totals.buffer, totals.byteOffset, totals.length / 2);
    for (let i = 0; i * TOTALS_BYTES < totals.length; i++) {
      const times = places[at + i];
      let nonZero = 0;
      for (let c = 0; c < 5; c++) {
        const count = shorts[i * TOTALS_SHORTS + c];
        classes[c + 1] += count * times;
        nonZero += count;
      }
      classes[0] += (PAGE_SIZE - nonZero) * times;
      for (let bin = i * TOTALS_BYTES + BINS_BYTE; bin < (i + 1) * TOTALS_BYTES; bin++)
        if (totals[bin] !== ZERO_BIN) entropy[totals[bin]] += times;
    }
    await setImmediate();
  }
  return { classes, entropy };
}

/** How many places each distinct page stands at. */
function placesOfPages(
  manifest: Manifest,
  distinct: Uint32Array,
): { readonly places: Uint32Array; readonly zeroPages: number } {
  const places = new Uint32Array(distinct.length);
  let zeroPages = 0;
  for (const { chunks } of manifest.laid) {
    for (const chunk of chunks) {
      const { state, page } = manifest.columns(chunk);
      for (let row = 0; row < state.length; row++) {
        if (ZERO_STATES.has(state[row])) zeroPages++;
        else if (page[row] < ZERO_PAGE) places[bisect(distinct.length, (i) => distinct[i] < page[row])]++;
      }
    }
  }
  return { places, zeroPages };
}
