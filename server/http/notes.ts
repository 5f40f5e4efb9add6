/** Notes over HTTP. They name nothing that is swept, so they need no lock: one can be written while a dump is read. */
import { DumpError } from "../../shared/errors/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { addNote, allNotes, changeNote, notesOf, removeNote } from "../notes/index.ts";
import type { AppParts, Mount } from "./app.ts";
import { sendJson } from "./compression.ts";
import { download, safeName } from "./download.ts";
import { signalOfLeaving } from "./leaving.ts";
import { addressOf } from "./requested.ts";

export function mountNotes(mount: Mount, { store }: Pick<AppParts, "store">): void {
  mount("notes", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    await sendJson(request, response, await notesOf(store, record, signalOfLeaving(response)));
  });

  mount("notesFile", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const notes = await notesOf(store, record, signalOfLeaving(response));
    download(response, "application/json", `${safeName(record.container)}-${record.name}-notes.json`);
    await sendJson(request, response, notes);
  });

  mount("addNote", ({ response, params, body }) => {
    const { space, address, length, text } = body;
    const record = store.snapshot(params.snapshot);
    response.json(addNote(store, record, { space: space as Space, address: addressOf(address), length, text }));
  });

  mount("allNotes", ({ request, response }) => sendJson(request, response, { notes: allNotes(store) }));

  mount("changeNote", ({ response, params, body }) => {
    response.json(changeNote(store, noteNumber(params.note), body.text));
  });

  mount("removeNote", ({ response, params }) => {
    removeNote(store, noteNumber(params.note));
    response.json({});
  });
}

/** @throws DumpError `not-found` */
function noteNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new DumpError("not-found", `There is no note ${text}`, { note: text });
  return Number(text);
}
