/** The notes of both sides as one list: a note is bound to a page's content, so that it may stand on one side or on both. */
import type { Note } from "../../../shared/api/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { placesOfNote } from "../notes/noted-places.ts";
import { isSamePlace } from "../place/places.ts";

export interface NotedPlace {
  readonly place: Place;
  readonly inA: boolean;
  readonly inB: boolean;
}

export interface NoteOfBoth {
  readonly note: Note;
  /** Those that are listed, A's first. */
  readonly places: readonly NotedPlace[];
  /** At least so many. */
  readonly placeCount: number;
}

/** A note of side A, with the names that the joint strip has for its spaces. */
export function renameSpaces(note: Note, spaceOf: (space: string) => Space | undefined): Note {
  return { ...note, places: note.places.map((place) => ({ ...place, space: spaceOf(place.space) ?? place.space })) };
}

/** @param a in the spaces of the joint strip. @returns those of A in their order, behind them those of B alone. */
export function notesOfBoth(a: readonly Note[], b: readonly Note[]): NoteOfBoth[] {
  const ofB = new Map(b.map((note) => [note.note, note]));
  const inA = new Set(a.map(({ note }) => note));
  return [
    ...a.map((note) => joined(note, note, ofB.get(note.note))),
    ...b.filter(({ note }) => !inA.has(note)).map((note) => joined(note, undefined, note)),
  ];
}

function joined(note: Note, a: Note | undefined, b: Note | undefined): NoteOfBoth {
  const [placesA, placesB] = [a ? placesOfNote(a) : [], b ? placesOfNote(b) : []];
  const isIn = (places: readonly Place[], place: Place) => places.some((other) => isSamePlace(other, place));
  const places = [
    ...placesA.map((place) => ({ place, inA: true, inB: isIn(placesB, place) })),
    ...placesB.filter((place) => !isIn(placesA, place)).map((place) => ({ place, inA: false, inB: true })),
  ];
  return { note, places, placeCount: Math.max(places.length, a?.placeCount ?? 0, b?.placeCount ?? 0) };
}
