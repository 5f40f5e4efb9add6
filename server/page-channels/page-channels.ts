/**
 * The page channels of snapshots, and of two that are compared: made when they are looked at, and kept as long as what
 * they are made of is the same.
 */
import type { PageChannel } from "../../shared/channel/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { LeastRecent, type SnapshotRecord, type Store } from "../store/index.ts";
import { changeCodes, containerOf, firstSeenCodes } from "./container-codes.ts";
import { knownFileCodes } from "./known-file-codes.ts";
import { kindCodes, permissionCodes } from "./mapping-codes.ts";
import { type BothRow, type PageCodes, rowsOfBoth } from "./page-codes.ts";

export interface PageChannels {
  of(record: SnapshotRecord, channel: PageChannel): PageCodes;
  /** Equal keys, equal codes: of what they are made, for one channel. */
  keyOf(record: SnapshotRecord, channel: PageChannel): string;
  /** Of each side its own; equal codes have one meaning on both. */
  ofBoth(a: SnapshotRecord, b: SnapshotRecord, channel: PageChannel): CodesOfBoth;
}

export interface CodesOfBoth {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly rows: readonly BothRow[];
  /** Equal keys, equal codes on both sides. */
  readonly key: string;
}

/** A byte for each of the 16.7 million pages of 64 GiB. */
const KEPT = 4;

export function createPageChannels(store: Store, known: KnownSets): PageChannels {
  const kept = new LeastRecent<PageCodes>(KEPT);
  const keptFiles = new LeastRecent<readonly PageCodes[]>(KEPT / 2);
  const keyOf = (record: SnapshotRecord, channel: PageChannel): string => {
    switch (channel) {
      case "permissions":
      case "kind":
        return record.manifest;
      case "file":
        return `${record.manifest} ${known.generation(record)}`;
      case "changes":
      case "first-seen":
        return `${record.manifest} ${containerOf(store, record)
          .map(({ name, manifest }) => `${name} ${manifest}`)
          .join()}`;
      default:
        return channel satisfies never;
    }
  };
  const codesOf = (record: SnapshotRecord, channel: PageChannel): PageCodes => {
    switch (channel) {
      case "permissions":
        return permissionCodes(store.manifest(record));
      case "kind":
        return kindCodes(store.manifest(record));
      case "file":
        return knownFileCodes(store, known, [record])[0];
      case "changes":
        return changeCodes(store, record);
      case "first-seen":
        return firstSeenCodes(store, record);
      default:
        return channel satisfies never;
    }
  };
  const of: PageChannels["of"] = (record, channel) =>
    kept.get(`${channel} ${record.name} ${keyOf(record, channel)}`, () => codesOf(record, channel));
  return {
    keyOf,
    of,
    ofBoth(a, b, channel) {
      const key = [a, b].map((record) => `${record.name} ${keyOf(record, channel)}`).join();
      const [inA, inB] =
        channel === "file"
          ? keptFiles.get(key, () => knownFileCodes(store, known, [a, b]))
          : [of(a, channel), of(b, channel)];
      return { a: inA.codes, b: inB.codes, rows: rowsOfBoth(channel, inA.rows, inB.rows), key };
    },
  };
}
