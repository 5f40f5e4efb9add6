/** What the API says of notes: what people write of some bytes of a page, bound to what the page holds. */
import { z } from "zod";
import { PlaceQuerySchema } from "./snapshot.ts";

const Hex = z.string().describe("Lower-case hexadecimal with 0x");

export const MadeNoteSchema = z.object({
  note: z.int().describe("Its number, never used twice"),
  hash: z.string().describe("SHA-256 of the page that it is bound to"),
  from: z.int().describe("First byte in the page"),
  to: z.int().describe("Behind its last byte in the page"),
  text: z.string().describe("As a person wrote it; empty of a bookmark"),
  createdAt: z.string().describe("RFC 3339, UTC"),
  changedAt: z.string().nullable(),
  madeIn: z
    .object({ snapshot: z.string(), name: z.string(), space: z.string(), address: Hex })
    .describe("Where it was made: the snapshot as it was called then; it may be gone"),
});
export type MadeNote = z.infer<typeof MadeNoteSchema>;

export const NoteSchema = MadeNoteSchema.extend({
  places: z
    .array(z.object({ space: z.string(), address: Hex }))
    .describe("Where its first byte stands in the snapshot, in the order of the strip; at most 256"),
  placeCount: z.int().describe("All of them"),
});
export type Note = z.infer<typeof NoteSchema>;

export const SnapshotNotesSchema = z.object({
  snapshot: z.string(),
  name: z.string(),
  container: z.string(),
  sha256: z.string().describe("Of the dump as it arrived"),
  unpackedSha256: z.string().nullable(),
  notes: z.array(NoteSchema).describe("Those whose page it holds, in the order in which they were made"),
});
export type SnapshotNotes = z.infer<typeof SnapshotNotesSchema>;

export const NotesSchema = z.object({ notes: z.array(MadeNoteSchema) });

/** The core says what is wrong with a text; here is only what a body may be. */
const Text = z.string().max(10_000);
export const AddNoteSchema = PlaceQuerySchema.extend({
  length: z.int().min(1).max(4096).default(1).describe("Bytes from the address on, in one page"),
  text: Text,
});
export type AddNote = z.input<typeof AddNoteSchema>;
export const ChangeNoteSchema = z.object({ text: Text });
