/**
 * How a snapshot's pages divide in the explanation bar: what is the image's, what else is explained, what is left.
 * `image` joins pages left to files, recorded pages with a known content, and those that only the loader has changed;
 * untouched, excluded and missing pages are in no part.
 */
import type { PageCounts } from "../../../shared/api/index.ts";
import {
  PROVENANCES,
  type Provenance,
  type ProvenanceCounts,
  provenanceCode,
} from "../../../shared/provenance/index.ts";

/** From below in a change bar, from the left in the explanation bar. */
export const PARTS = ["image", "unchanged", "zero", "moved", "shared", "alike", "new"] as const;
export type Part = (typeof PARTS)[number];
export type PartCounts = Readonly<Record<Part, number>>;

/** What nothing explains unless a person chooses more. */
export const RESIDUAL: ReadonlySet<Part> = new Set<Part>(["new"]);
/** Parts that may be chosen as residual. */
const MAY_BE_LEFT: ReadonlySet<Part> = new Set<Part>(["new", "moved", "shared", "alike"]);

export function partsOf(pages: Pick<PageCounts, "absent">, provenance: ProvenanceCounts): PartCounts {
  return {
    image: pages.absent.file + provenance.known + provenance.relocated,
    unchanged: provenance.unchanged,
    zero: provenance.zero,
    moved: provenance.moved,
    shared: provenance.shared,
    alike: provenance.alike,
    new: provenance.new,
  };
}

/** Those that are worth a word: the alike only where there are some, because most snapshots have none. */
export function partsInWords(parts: PartCounts): readonly Part[] {
  return PARTS.filter((part) => part !== "alike" || parts.alike > 0);
}

export function totalOf(parts: PartCounts): number {
  return PARTS.reduce((sum, part) => sum + parts[part], 0);
}

/** Pages of the chosen parts; without a choice those that are `new`. */
export function leftOf(parts: PartCounts, chosen: ReadonlySet<Part> | null): number {
  let sum = 0;
  for (const part of chosen ?? RESIDUAL) sum += parts[part];
  return sum;
}

/** Whether a choice shows residual pages and nothing else: the switch “Residual only” is on. */
export function isResidualOnly(chosen: ReadonlySet<Part> | null): boolean {
  return chosen?.has("new") === true && [...chosen].every((part) => MAY_BE_LEFT.has(part));
}

/** A click shows only the part, or all again; with Shift it adds or takes away. `null` is: all parts lit. */
export function choosePart(chosen: ReadonlySet<Part> | null, part: Part, add: boolean): ReadonlySet<Part> | null {
  if (!add) return chosen?.size === 1 && chosen.has(part) ? null : new Set([part]);
  const next = new Set(chosen ?? []);
  if (!next.delete(part)) next.add(part);
  return next.size === 0 || next.size === PARTS.length ? null : next;
}

/** What stays lit in the viewer: codes of provenance, and places left to files. */
export function litOf(chosen: ReadonlySet<Part> | null): {
  litProvenance: ReadonlySet<number> | null;
  litImage: boolean;
} {
  if (!chosen) return { litProvenance: null, litImage: true };
  const codes = new Set<number>();
  for (const part of chosen)
    for (const provenance of PROVENANCES) if (partOf(provenance) === part) codes.add(provenanceCode(provenance));
  return { litProvenance: codes, litImage: chosen.has("image") };
}

/** The part in which a provenance is counted. */
export function partOf(provenance: Provenance): Part {
  return provenance === "known" || provenance === "relocated" ? "image" : provenance;
}

/** CSS of a part, made of the data colours. */
export function fillOfPart(part: Part): string {
  return part === "image" ? IMAGE_FILL : `var(--provenance-${part})`;
}

/** Diagonals, as the picture draws places left to files. */
export const IMAGE_FILL = "repeating-linear-gradient(-45deg, var(--data-image-line) 0 1px, var(--data-image) 1px 4px)";

/** Calm parts get a hair line where they stand on a surface. */
export function isCalm(part: Part): boolean {
  return part === "image" || part === "zero" || part === "unchanged";
}

export function isPart(text: string): text is Part {
  return (PARTS as readonly string[]).includes(text);
}

/** Provenances from the highest rank down, as legends list them. */
export const PROVENANCES_BY_RANK: readonly Provenance[] = [...PROVENANCES].reverse();
