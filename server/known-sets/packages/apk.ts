/**
 * apk: one text file of stanzas; `P:` name, `V:` version, `F:` a directory, `R:` a file in it.
 * @see https://wiki.alpinelinux.org/wiki/Apk_spec
 */
import { type PackageDatabase, textOf } from "./database.ts";

export function apkDatabase(): PackageDatabase {
  const databases: Uint8Array[] = [];
  return {
    wants: (path) => path === "/lib/apk/db/installed" || path === "/usr/lib/apk/db/installed",
    take: (_path, bytes) => void databases.push(bytes),
    *packages() {
      for (const bytes of databases) {
        for (const stanza of textOf(bytes).split(/\n\n+/)) {
          const lines = stanza.split("\n");
          const name = lines.find((line) => line.startsWith("P:"))?.slice(2);
          const version = lines.find((line) => line.startsWith("V:"))?.slice(2);
          if (name === undefined || version === undefined) continue;
          yield { package: { kind: "apk", name, version }, files: filesOf(lines) };
        }
      }
    },
  } satisfies PackageDatabase;
}

function* filesOf(lines: readonly string[]): Generator<string> {
  let directory = "";
  for (const line of lines) {
    if (line.startsWith("F:")) directory = line.slice(2);
    else if (line.startsWith("R:")) yield directory === "" ? `/${line.slice(2)}` : `/${directory}/${line.slice(2)}`;
  }
}
