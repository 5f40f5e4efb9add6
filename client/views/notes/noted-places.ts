/** Notes of a snapshot as places of its picture, and the bytes that a new one would be on. */
import type { Note } from "../../../shared/api/index.ts";
import type { Region } from "../../../shared/find/index.ts";
import { PAGE_SIZE, parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { MarkedBytes, Place } from "../../viewer/contract.ts";
import { addressOf, placeAt } from "../place/places.ts";

/** Where a note stands, in the order of the strip; at most 256 places. */
export function placesOfNote({ places }: Pick<Note, "places">): Place[] {
  return places.flatMap(({ space, address }) => {
    const value = parseAddress(address);
    return value === undefined ? [] : [placeAt(space as Space, value)];
  });
}

export function markedBytes(notes: readonly Note[]): MarkedBytes[] {
  return notes.flatMap((note) => placesOfNote(note).map((place) => ({ place, length: note.to - note.from })));
}

/** The notes on the page of a place, by their first byte. */
export function notesOnPage(notes: readonly Note[], place: Pick<Place, "space" | "page">): Note[] {
  return notes
    .filter((note) => placesOfNote(note).some(({ space, page }) => space === place.space && page === place.page))
    .toSorted((a, b) => a.from - b.from);
}

/** The byte of the cursor, or the selection when it lies in the page of the cursor. */
export function bytesToNote(
  cursor: Place,
  regions: readonly Region[],
): { readonly place: Place; readonly length: number } {
  const [region, ...others] = regions;
  const first = addressOf({ ...cursor, offset: 0 });
  if (!region || others.length > 0 || region.space !== cursor.space) return { place: cursor, length: 1 };
  if (region.start < first || region.end > first + BigInt(PAGE_SIZE)) return { place: cursor, length: 1 };
  return {
    place: { ...cursor, offset: Number(region.start - first) },
    length: Number(region.end - region.start),
  };
}
