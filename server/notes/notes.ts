/**
 * Notes: what a person has to say of some bytes of a page. A note is bound to the content of its page, so it stands
 * wherever that content does: at another address, in a later snapshot, in another container. Where a dump has no
 * content of its own, an all-zero or an absent page, nothing can be bound, and the asker is told so.
 */
import type { MadeNote, Note, SnapshotNotes } from "../../shared/api/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { NO_PAGE, ZERO_PAGE } from "../../shared/manifest/index.ts";
import { type Address, addressOfPage, formatAddress, PAGE_SIZE, pageAddressOf } from "../../shared/memory/index.ts";
import { PAGE_STATES, type PageState, type Space } from "../../shared/snapshot/index.ts";
import { laidOf } from "../inspect/index.ts";
import { NO_ROW, type NoteRecord, pageOfHash, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";
import { occurrencesOf } from "./occurrences.ts";

/** Of a text, in UTF-16 units. */
export const MOST_NOTE_TEXT = 2000;
/** A list that people write. */
const MOST_NOTES = 10_000;

export interface NewNote {
  readonly space: Space;
  /** Of the first byte, in the space. */
  readonly address: Address;
  /** Of bytes, all in one page. */
  readonly length: number;
  /** Empty: a bookmark. */
  readonly text: string;
}

/** @throws DumpError `note-unbound`, `address-unmapped`, `bad-request` */
export function addNote(store: Store, record: SnapshotRecord, asked: NewNote): MadeNote {
  const { space, address, length } = asked;
  const page = pageAddressOf(address);
  const from = Number(address & 4095n);
  if (from + length > PAGE_SIZE)
    throw new DumpError(
      "bad-request",
      `A note is on bytes of one page: from ${formatAddress(address)} it has ${PAGE_SIZE - from}`,
      {},
    );
  const text = checkedText(asked.text);
  const number = placesOf(store.manifest(record)).columns(space, page, 1).page[0];
  if (number === NO_PAGE || number === ZERO_PAGE) throw unbound(store, record, space, address);
  if (store.catalog.notes().length >= MOST_NOTES)
    throw new DumpError("bad-request", `There are ${MOST_NOTES} notes here, the most that a store keeps`, {});
  const name = `${record.container}/${record.name}`;
  const made = {
    hash: store.pages.hashes(Uint32Array.of(number)),
    from,
    to: from + length,
    text,
    createdAt: new Date().toISOString(),
    madeIn: { snapshot: record.id, name, space, address: formatAddress(address) },
  };
  const note = store.catalog.transaction(() => store.catalog.addNote(made));
  return madeNote({ ...made, note, changedAt: null });
}

/** @throws DumpError `not-found`, `bad-request` */
export function changeNote(store: Store, note: number, text: string): MadeNote {
  const checked = checkedText(text);
  const before = noteOf(store, note);
  const changedAt = new Date().toISOString();
  store.catalog.transaction(() => store.catalog.changeNote(note, checked, changedAt));
  return madeNote({ ...before, text: checked, changedAt });
}

/** @throws DumpError `not-found` */
export function removeNote(store: Store, note: number): void {
  noteOf(store, note);
  store.catalog.transaction(() => store.catalog.removeNote(note));
}

/** All notes of the store, also those whose page is in no snapshot any more. */
export function allNotes(store: Store): MadeNote[] {
  return store.catalog.notes().map(madeNote);
}

/** The notes whose pages a snapshot holds, each with where, by their first place in the strip. */
export async function notesOf(store: Store, record: SnapshotRecord, signal?: AbortSignal): Promise<SnapshotNotes> {
  const records = store.catalog.notes();
  const numbers = new Map<NoteRecord, number>();
  for (const note of records) {
    const page = pageOfHash(store.blobs, store.catalog, note.hash);
    if (page !== undefined) numbers.set(note, page);
  }
  const where = await occurrencesOf(store.manifest(record), [...new Set(numbers.values())], signal);
  const notes = [...numbers].flatMap(([note, page]): Note[] => {
    const { places, count } = where.get(page) ?? { places: [], count: 0 };
    if (count === 0) return [];
    return [
      {
        ...madeNote(note),
        places: places.map((place) => ({
          space: place.space,
          address: formatAddress(addressOfPage(place.page, note.from)),
        })),
        placeCount: count,
      },
    ];
  });
  const { id, name, container, sha256, unpackedSha256 } = record;
  return { snapshot: id, name, container, sha256, unpackedSha256, notes };
}

function noteOf(store: Store, note: number): NoteRecord {
  const found = store.catalog.note(note);
  if (!found) throw new DumpError("not-found", `There is no note ${note}`, { note });
  return found;
}

/** What is kept is what can be shown: no control characters but line ends and tabs, no halves of characters. */
function checkedText(text: string): string {
  const kept = text.replaceAll("\r\n", "\n").trim();
  if (kept.length > MOST_NOTE_TEXT)
    throw new DumpError("bad-request", `A note has at most ${MOST_NOTE_TEXT} characters, not ${kept.length}`, {});
  if (/[^\P{Cc}\n\t]/u.test(kept) || !kept.isWellFormed())
    throw new DumpError("bad-request", "A note is text: it has a control character, or half a character", {});
  return kept;
}

/** Why a place can carry no note. */
function unbound(store: Store, record: SnapshotRecord, space: Space, address: Address): DumpError {
  const manifest = store.manifest(record);
  const page = pageAddressOf(address);
  const laid = laidOf(manifest, space, page);
  const at = formatAddress(address);
  if (!laid)
    return new DumpError("address-unmapped", `${at} is in no mapping of ${record.container}/${record.name}`, {});
  const code = placesOf(manifest).columns(space, page, 1).state[0];
  const state: PageState = code === NO_ROW ? `absent-${laid.mapping.absent}` : PAGE_STATES[code];
  const isZero = state === "zero" || state === "parent-zero";
  return new DumpError(
    "note-unbound",
    isZero
      ? `The page at ${at} is all zero: a note is bound to what its page holds, and would stand on every zero page`
      : `The dump has no bytes of the page at ${at}: a note is bound to what its page holds`,
    { address: at, state },
  );
}

function madeNote({ note, hash, from, to, text, createdAt, changedAt, madeIn }: NoteRecord): MadeNote {
  return { note, hash: Buffer.from(hash).toString("hex"), from, to, text, createdAt, changedAt, madeIn };
}
