/**
 * Python: a directory `NAME-VERSION.dist-info` beside the modules, with `METADATA` (name and version) and `RECORD`
 * (a line for each file, from the directory above).
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
import type { KnownPackage } from "../known-set.ts";
import { fieldsOf, type ListedPackage, type PackageDatabase, textOf } from "./database.ts";

const FILE = /^(.*)\/([^/]+\.dist-info)\/(METADATA|RECORD)$/;

export function pythonDatabase(): PackageDatabase {
  const metadata = new Map<string, KnownPackage>();
  const records = new Map<string, Uint8Array>();
  return {
    wants: (path) => FILE.test(path),
    take(path, bytes) {
      const [, site, folder, what] = FILE.exec(path) ?? [];
      if (what === "RECORD") records.set(`${site}/${folder}`, bytes);
      if (what !== "METADATA") return;
      const fields = fieldsOf(textOf(bytes).split(/\r?\n\r?\n/, 1)[0]);
      const name = fields.get("Name");
      const version = fields.get("Version");
      if (name !== undefined && version !== undefined)
        metadata.set(`${site}/${folder}`, { kind: "python", name, version });
    },
    *packages() {
      for (const [folder, owner] of metadata) {
        const record = records.get(folder);
        const site = folder.slice(0, folder.lastIndexOf("/"));
        if (record) yield { package: owner, files: recorded(textOf(record), site) } satisfies ListedPackage;
      }
    },
  };
}

/** The first field of each line of a CSV file; paths that stand absolute stay so. */
function* recorded(text: string, site: string): Generator<string> {
  for (const line of text.split(/\r?\n/)) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line);
    const path = quoted ? quoted[1].replaceAll('""', '"') : line.slice(0, Math.max(0, line.indexOf(",")));
    if (path !== "") yield path.startsWith("/") ? path : `${site}/${path}`;
  }
}
