/**
 * How a snapshot's pages divide in the explanation bar: what is the image's, what else is explained, what is left.
 * `image` joins pages left to files, recorded pages with a known content, and those that only the loader has changed:
 * each of the three can be chosen alone. `deleted` are those left to files that had been deleted: no image's. Untouched,
 * excluded and missing pages are in no part.
 */
import type { PageCounts, SnapshotSummary } from "../../../shared/api/index.ts";
import {
  PROVENANCES,
  type Provenance,
  type ProvenanceCounts,
  provenanceCode,
} from "../../../shared/provenance/index.ts";
import { LEFT_TO_ANY_FILE, LEFT_TO_DELETED_FILE, LEFT_TO_FILE } from "../../../shared/tile/index.ts";
import type { Look } from "../../viewer/contract.ts";

/** From below in a change bar, from the left in the explanation bar. */
export const PARTS = ["image", "deleted", "unchanged", "zero", "moved", "shared", "alike", "new"] as const;
export type Part = (typeof PARTS)[number];
/** What `image` joins. */
export const IMAGE_SHARES = ["left-to-file", "known", "relocated"] as const;
export type ImageShare = (typeof IMAGE_SHARES)[number];
/** What can be chosen to stay lit. */
export type Choosable = Part | ImageShare;
export type PartCounts = Readonly<Record<Choosable, number>>;

/** What nothing explains unless a person chooses more. */
export const RESIDUAL: ReadonlySet<Choosable> = new Set<Part>(["new"]);
/** Parts that may be chosen as residual. */
const MAY_BE_LEFT: ReadonlySet<Choosable> = new Set<Part>(["new", "moved", "shared", "alike"]);

export interface Explained {
  readonly pages: Pick<PageCounts, "absent">;
  readonly provenance: ProvenanceCounts;
  /** Of the pages left to files those of files that had been deleted. */
  readonly ofDeletedFiles: number;
}

export function partsOf({ pages, provenance, ofDeletedFiles }: Explained): PartCounts {
  const left = pages.absent.file - ofDeletedFiles;
  return {
    image: left + provenance.known + provenance.relocated,
    "left-to-file": left,
    deleted: ofDeletedFiles,
    known: provenance.known,
    relocated: provenance.relocated,
    unchanged: provenance.unchanged,
    zero: provenance.zero,
    moved: provenance.moved,
    shared: provenance.shared,
    alike: provenance.alike,
    new: provenance.new,
  };
}

/** Those that are worth a word: some only where they have pages, because most snapshots have none of them. */
export function partsInWords(parts: PartCounts): readonly Part[] {
  return PARTS.filter((part) => (part !== "alike" && part !== "deleted") || parts[part] > 0);
}

/** What a part is called, where its name alone would not say it. */
export function titleOfPart(part: Choosable): string {
  if (part === "deleted") return "left to deleted file";
  return part === "left-to-file" ? "left to file" : part;
}

/** Of what a part is made, where it joins several; those without a page are left out. */
export function joinedIn(part: Choosable, parts: PartCounts): readonly Choosable[] {
  return part === "image" ? IMAGE_SHARES.filter((share) => parts[share] > 0) : [];
}

export function totalOf(parts: PartCounts): number {
  return PARTS.reduce((sum, part) => sum + parts[part], 0);
}

/** Pages of the chosen parts; without a choice those that are `new`. */
export function leftOf(parts: PartCounts, chosen: ReadonlySet<Choosable> | null): number {
  let sum = 0;
  for (const part of chosen ?? RESIDUAL) sum += parts[part];
  return sum;
}

/** Before a count of what is left: what is not looked for yet may be among it. */
export function atMost({ isStripped }: Pick<SnapshotSummary, "isStripped">): "" | "at most " {
  return isStripped ? "" : "at most ";
}

/** Whether a choice shows residual pages and nothing else: the switch “Residual only” is on. */
export function isResidualOnly(chosen: ReadonlySet<Choosable> | null): boolean {
  return chosen?.has("new") === true && [...chosen].every((part) => MAY_BE_LEFT.has(part));
}

/** Whether some of a part is chosen. */
export function isChosen(chosen: ReadonlySet<Choosable>, part: Part): boolean {
  return chosen.has(part) || (part === "image" && IMAGE_SHARES.some((share) => chosen.has(share)));
}

/** The image is drawn as its shares while some of them are chosen, so that what is lit in the bar is what is shown. */
export function segmentsOf(chosen: ReadonlySet<Choosable> | null): readonly Choosable[] {
  const isShared = chosen !== null && IMAGE_SHARES.some((share) => chosen.has(share));
  return PARTS.flatMap((part): readonly Choosable[] => (part === "image" && isShared ? IMAGE_SHARES : [part]));
}

/**
 * A click shows only the part, or all again; with Shift it adds or takes away. `null` is: all parts lit. The image and a
 * share of it are never both chosen: its pages would count twice.
 */
export function choosePart(
  chosen: ReadonlySet<Choosable> | null,
  part: Choosable,
  add: boolean,
): ReadonlySet<Choosable> | null {
  if (!add) return chosen?.size === 1 && chosen.has(part) ? null : new Set([part]);
  const next = new Set(chosen ?? []);
  if (!next.delete(part)) {
    next.add(part);
    if (part === "image") for (const share of IMAGE_SHARES) next.delete(share);
    else if (isImageShare(part)) next.delete("image");
  }
  return next.size === 0 || PARTS.every((all) => next.has(all)) ? null : next;
}

/** What stays lit in the viewer: codes of provenance, and places left to files. */
export function litOf(chosen: ReadonlySet<Choosable> | null): Pick<Look, "litProvenance" | "litLeft" | "litWays"> {
  if (!chosen) return { litProvenance: null, litLeft: LEFT_TO_ANY_FILE, litWays: null };
  const codes = PROVENANCES.filter((provenance) => chosen.has(provenance) || chosen.has(partOf(provenance)));
  return {
    litProvenance: new Set(codes.map(provenanceCode)),
    litLeft: leftBits(chosen),
    litWays: null,
  };
}

/** Bits of the places left to files that are chosen; `null` is: all. */
export function leftBits(chosen: ReadonlySet<string> | null): number {
  if (chosen === null) return LEFT_TO_ANY_FILE;
  const own = chosen.has("image") || chosen.has("left-to-file") ? LEFT_TO_FILE : 0;
  return own | (chosen.has("deleted") ? LEFT_TO_DELETED_FILE : 0);
}

/** The part in which a provenance is counted. */
export function partOf(provenance: Provenance): Part {
  return provenance === "known" || provenance === "relocated" ? "image" : provenance;
}

/** CSS of a part, made of the data colours. */
export function fillOfPart(part: Choosable): string {
  return part === "image" || part === "left-to-file" || part === "deleted" ? IMAGE_FILL : `var(--provenance-${part})`;
}

/** Diagonals, as the picture draws places left to files. */
export const IMAGE_FILL = "repeating-linear-gradient(-45deg, var(--data-image-line) 0 1px, var(--data-image) 1px 4px)";

/** Calm parts get a hair line where they stand on a surface. */
export function isCalm(part: Choosable): boolean {
  return part === "image" || part === "deleted" || isImageShare(part) || part === "zero" || part === "unchanged";
}

export function isChoosable(text: string): text is Choosable {
  return (PARTS as readonly string[]).includes(text) || isImageShare(text);
}

export function isImageShare(text: string): text is ImageShare {
  return (IMAGE_SHARES as readonly string[]).includes(text);
}

/** Provenances from the highest rank down, as legends list them. */
export const PROVENANCES_BY_RANK: readonly Provenance[] = [...PROVENANCES].reverse();
