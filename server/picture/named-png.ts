/** What a picture says of itself when it has left its folder: in its title, and as text in the file. */
import type { SnapshotRecord } from "../store/index.ts";
import { withText } from "../tiles/index.ts";

/** In two lines: the narrowest picture has room for half of it. */
export function digestLines({ sha256 }: SnapshotRecord): string[] {
  return [`dump sha256 ${sha256.slice(0, 32)}`, sha256.slice(32)];
}

/** @param what of the snapshot it shows, and how. @returns the PNG with snapshot and digests as texts in front of that */
export function namedPng(png: Buffer, record: SnapshotRecord, what: Readonly<Record<string, unknown>>): Buffer {
  const { id, container, name, sha256, unpackedSha256 } = record;
  return withText(png, {
    Software: "Dumpscope",
    Title: `${container} ${name}`,
    Source: `sha256:${sha256}`,
    Description: JSON.stringify({ snapshot: id, sha256, unpackedSha256, ...what }),
  });
}
