/** What one kind of package database answers, and where it is found in a file system. */
import type { KnownPackage } from "../known-set.ts";

/** A package with the files that its database lists. */
export interface ListedPackage {
  readonly package: KnownPackage;
  /** As the database spells them; they may lead through links. */
  readonly files: Iterable<string>;
}

export interface PackageDatabase {
  /** Whether a file is one of the database's own. */
  wants(path: string): boolean;
  /** A whole file of the database. */
  take(path: string, bytes: Uint8Array): void;
  /** When all files have been taken. What cannot be read is left out, and noted. */
  packages(notes: string[]): Iterable<ListedPackage>;
}

const utf8 = new TextDecoder();

/** Names in packages are bytes; what is no UTF-8 matches no path, which is decoded in the same way. */
export function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** Fields of a paragraph of `Name: value` lines, the first of each name; continued lines are left out. */
export function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of paragraph.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0 || line.startsWith(" ") || line.startsWith("\t")) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
