/** Public face of `notes`: what people say of pages, bound to what these hold. */
export { addNote, allNotes, changeNote, type NewNote, notesOf, removeNote } from "./notes.ts";
