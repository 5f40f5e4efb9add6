/** Selections over HTTP: the figures of a part of a snapshot, told while it is read. */
import type { Figures } from "../../shared/api/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import { ENTROPY_SCALE } from "../../shared/summary/index.ts";
import { absentPages, type Figures as Measured, orderedRegions, type Scope } from "../find/index.ts";
import type { Manifest } from "../store/index.ts";
import type { AppParts, Mount } from "./app.ts";
import { scopeOf } from "./finds.ts";
import { sendLines } from "./lines.ts";

export function mountSelections(
  mount: Mount,
  { store, finder, log }: Pick<AppParts, "store" | "finder" | "log">,
): void {
  mount("figures", async ({ response, params, body }) => {
    const record = store.snapshot(params.snapshot);
    const manifest = store.manifest(record);
    const scope = scopeOf(manifest, body);
    await sendLines(response, log, async function* (signal) {
      for await (const event of finder.measure(record, { scope, signal }))
        yield event.kind === "done" ? { ...event, figures: figuresOf(manifest, scope, event.figures) } : event;
    });
  });
}

function figuresOf(manifest: Manifest, { regions, among }: Scope, measured: Measured): Figures {
  const { bytes, pages, zeroPages, zeroPageBytes, classes, values, pairs, zeroPagePairs, curve } = measured;
  return {
    bytes,
    pages,
    zeroPages,
    zeroPageBytes,
    absent: among ? null : absentPages(manifest, orderedRegions(manifest, regions)),
    classes: [...classes],
    values: [...values],
    pairs: [...pairs],
    zeroPagePairs,
    curve: {
      windowsPerPart: curve.windowsPerPart,
      parts: curve.parts.map(({ space, page, offset, windows, sum, least, most }) => ({
        space,
        address: formatAddress(addressOfPage(page as PageAddress, offset)),
        windows,
        least: least / ENTROPY_SCALE,
        mean: sum / windows / ENTROPY_SCALE,
        most: most / ENTROPY_SCALE,
      })),
    },
  };
}
