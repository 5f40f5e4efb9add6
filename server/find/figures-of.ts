/** Figures in the words of the API, the same for the browser, for files and on the command line. */
import type { Figures } from "../../shared/api/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import type { ProvenanceCounts } from "../../shared/provenance/index.ts";
import { ENTROPY_SCALE } from "../../shared/summary/index.ts";
import type { Manifest } from "../store/index.ts";
import { absentPages } from "./absent-pages.ts";
import type { Figures as Measured } from "./measure.ts";
import type { Scope } from "./scope.ts";

export type AbsentFigures = Pick<Figures, "absent" | "ofDeletedFiles">;

/** Pages of a scope without bytes; a scope among provenances tells none. */
export function absentFigures(manifest: Manifest, scope: Scope): AbsentFigures {
  if (scope.among) return { absent: null, ofDeletedFiles: null };
  const { absent, ofDeletedFiles } = absentPages(manifest, scope);
  return { absent, ofDeletedFiles };
}

export function figuresOf(manifest: Manifest, scope: Scope, measured: Measured, provenance: ProvenanceCounts): Figures {
  const { bytes, pages, zeroPages, zeroPageBytes, classes, values, pairs, zeroPagePairs, curve, windows } = measured;
  return {
    bytes,
    pages,
    zeroPages,
    zeroPageBytes,
    ...absentFigures(manifest, scope),
    provenance,
    classes: [...classes],
    windows: [...windows],
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
