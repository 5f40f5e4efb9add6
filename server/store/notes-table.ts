/**
 * Notes in the catalog. A note names a page by its hash, not by its number: it outlives a page that is swept, and stands
 * on the same content again when that comes back. The table is made when there is something to keep in it.
 */
import type { SQLInputValue } from "node:sqlite";
import { DumpError } from "../../shared/errors/index.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS notes (
    note INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL, first INTEGER NOT NULL, behind INTEGER NOT NULL,
    text TEXT NOT NULL, created_at TEXT NOT NULL, changed_at TEXT, made_in TEXT NOT NULL
  ) STRICT;
`;

export interface NoteRecord {
  /** Never used twice. */
  readonly note: number;
  /** SHA-256 of the page's 4,096 bytes. */
  readonly hash: Uint8Array;
  /** Bytes of the page, [from, to). */
  readonly from: number;
  readonly to: number;
  /** Empty of a mere bookmark. */
  readonly text: string;
  readonly createdAt: string;
  readonly changedAt: string | null;
  /** Where it was made; the snapshot may be gone. */
  readonly madeIn: {
    readonly snapshot: string;
    readonly name: string;
    readonly space: string;
    readonly address: string;
  };
}

export interface NoteRows {
  /** In the order in which they were made. */
  notes(): NoteRecord[];
  note(note: number): NoteRecord | undefined;
  /** @returns its number */
  addNote(record: Omit<NoteRecord, "note" | "changedAt">): number;
  changeNote(note: number, text: string, changedAt: string): void;
  removeNote(note: number): void;
}

/** How the catalog asks its database. */
export interface Statements {
  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[];
  get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined;
  run(sql: string, ...values: SQLInputValue[]): { readonly lastInsertRowid: number | bigint };
}

export function noteRows({ all, get, run }: Statements): NoteRows {
  const isThere = () => get("SELECT 1 AS one FROM sqlite_schema WHERE name = 'notes'") !== undefined;
  return {
    notes: () => (isThere() ? all("SELECT * FROM notes ORDER BY note").map(recordOf) : []),
    note(note) {
      const row = isThere() ? get("SELECT * FROM notes WHERE note = ?", note) : undefined;
      return row && recordOf(row);
    },
    addNote({ hash, from, to, text, createdAt, madeIn }) {
      run(TABLE);
      const added = run(
        "INSERT INTO notes (hash, first, behind, text, created_at, made_in) VALUES (?, ?, ?, ?, ?, ?)",
        hash,
        from,
        to,
        text,
        createdAt,
        JSON.stringify(madeIn),
      );
      return Number(added.lastInsertRowid);
    },
    changeNote(note, text, changedAt) {
      run("UPDATE notes SET text = ?, changed_at = ? WHERE note = ?", text, changedAt, note);
    },
    removeNote(note) {
      run("DELETE FROM notes WHERE note = ?", note);
    },
  };
}

/** Rows are written by this file alone, from the types they are read back as. */
function recordOf(row: Record<string, unknown>): NoteRecord {
  if (!(row.hash instanceof Uint8Array) || row.hash.length !== 32)
    throw new DumpError("store-damaged", `Note ${row.note} in the catalog names no page`, { note: Number(row.note) });
  return {
    note: Number(row.note),
    hash: new Uint8Array(row.hash),
    from: Number(row.first),
    to: Number(row.behind),
    text: String(row.text),
    createdAt: String(row.created_at),
    changedAt: row.changed_at === null ? null : String(row.changed_at),
    madeIn: JSON.parse(String(row.made_in)) as NoteRecord["madeIn"],
  };
}
