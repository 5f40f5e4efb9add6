/**
 * Long parts of links in the catalog, each under an id of its content: the same part has the same id, and none is ever
 * changed. The table is made when there is something to keep in it.
 */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { DumpError } from "../../shared/errors/index.ts";
import type { Statements } from "./notes-table.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS links (id TEXT PRIMARY KEY, text BLOB NOT NULL, created_at TEXT NOT NULL) STRICT;
`;
/** More than any text that was kept is long. */
const MOST_TEXT = 1 << 20;

export interface LinkRows {
  linkText(id: string): string | undefined;
  addLink(id: string, text: string, createdAt: string): void;
  /** Bytes of all texts, as they are kept. */
  linkBytes(): number;
}

export function linkRows({ get, run }: Pick<Statements, "get" | "run">): LinkRows {
  const isThere = () => get("SELECT 1 AS one FROM sqlite_schema WHERE name = 'links'") !== undefined;
  return {
    linkText(id) {
      const packed = isThere() ? get("SELECT text FROM links WHERE id = ?", id)?.text : undefined;
      if (packed === undefined) return undefined;
      if (!(packed instanceof Uint8Array)) throw new DumpError("store-damaged", `Link ${id} in the catalog is no text`);
      return new TextDecoder().decode(zstdDecompressSync(packed, { maxOutputLength: MOST_TEXT }));
    },
    addLink(id, text, createdAt) {
      run(TABLE);
      run(
        "INSERT OR IGNORE INTO links VALUES (?, ?, ?)",
        id,
        zstdCompressSync(new TextEncoder().encode(text)),
        createdAt,
      );
    },
    linkBytes: () => (isThere() ? Number(get("SELECT coalesce(sum(length(text)), 0) AS n FROM links")?.n) : 0),
  };
}
