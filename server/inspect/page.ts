/** One page asked "why this colour?": its state, its provenance, and the reason in a sentence. */

import { createHash } from "node:crypto";
import type { InspectedPage } from "../../shared/api/index.ts";
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { addressOfPage, formatAddress, PAGE_SIZE, type PageAddress } from "../../shared/memory/index.ts";
import { PROVENANCES, type Provenance } from "../../shared/provenance/index.ts";
import {
  isRecorded,
  noSpaceText,
  PAGE_STATES,
  type PageState,
  parseSpace,
  type Space,
} from "../../shared/snapshot/index.ts";
import { differingRuns, knownInBoth, matchSpaces, sideOf } from "../compare/index.ts";
import { type Filling, fillingSentence } from "../filling/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { type LaidManifest, type Manifest, placesOf, type SnapshotRecord, type Store } from "../store/index.ts";
import { alikeTo, relocationOf } from "../stripping/index.ts";
import { laidOf } from "./bytes.ts";
import { EXCLUDED, LOST, leftToFile, nothing, readingOf, untouched } from "./page-reading.ts";

/** @param filling says with what a page that is left to its file can be filled */
export function inspectPage(
  store: Store,
  known: KnownSets,
  record: SnapshotRecord,
  space: Space,
  page: PageAddress,
  filling?: Filling,
): InspectedPage {
  const manifest = store.manifest(record);
  const laid = laidOf(manifest, space, page);
  const address = formatAddress(addressOfPage(page));
  if (!laid)
    return { ...nothing(space, address), state: "unmapped", reason: whyUnmapped(manifest, record, space, address) };
  const chunk = laid.chunks.find((candidate) => page >= candidate.start && page < candidate.start + candidate.rows);
  const row = chunk ? page - chunk.start : 0;
  const columns = chunk && manifest.columns(chunk);
  const state: PageState = columns ? PAGE_STATES[columns.state[row]] : `absent-${laid.mapping.absent}`;
  const parent = record.parent === null ? undefined : store.catalog.snapshot(record.parent);
  const filled = state === "absent-file" && filling ? filledOf(filling, space, page) : null;
  const place = {
    store,
    known,
    record,
    manifest,
    laid,
    space,
    page,
    parent: parent && parentPlace(store, parent, record, manifest, space),
    filled,
  };
  if (!chunk || !columns || !isRecorded(columns.state[row]) || state === "parent-missing") {
    return { ...nothing(space, address), state, ...absentReason(place, state), filled };
  }
  const number = columns.page[row];
  const isZero = state === "zero" || state === "parent-zero";
  const codes = known.overlay(
    known.pagesOf(record),
    store.provenance(record).codes(chunk.row, chunk.rows),
    columns.page,
    chunk.row,
  );
  const provenance = PROVENANCES[codes[row]];
  const content = isZero ? new Uint8Array(PAGE_SIZE) : store.pages.bytes(Uint32Array.of(number));
  const hash = isZero ? ZERO_HASH : Buffer.from(store.pages.hashes(Uint32Array.of(number))).toString("hex");
  const explained = reasonOf(place, provenance, number, chunk.row + row, hash);
  const part = columns.partial.find((candidate) => candidate.row === row);
  return {
    space,
    address,
    state,
    provenance,
    ...explained,
    reason: part
      ? `${isZero ? "All bytes that are known of it are 00." : explained.reason} The dump holds bytes 0x${part.from.toString(16)} to 0x${part.to.toString(16)} of this page; the rest is absent.`
      : explained.reason,
    hash,
    filled,
    ...readingOf(content, part),
    againstParent: againstParent(place, content, part && [part.from, part.to]),
  };
}

/** SHA-256 of 4,096 zero bytes. */
const ZERO_HASH = "ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7";

interface InspectedPlace {
  readonly store: Store;
  readonly known: KnownSets;
  readonly record: SnapshotRecord;
  readonly manifest: Manifest;
  readonly laid: LaidManifest;
  readonly space: Space;
  readonly page: PageAddress;
  readonly parent: ParentPlace | undefined;
  readonly filled: InspectedPage["filled"];
}

function filledOf(filling: Filling, space: Space, page: PageAddress): InspectedPage["filled"] {
  const filler = filling.fillerOf(space, page);
  if (!filler) return null;
  const number = filler.numberOf(page);
  const hash = number === ZERO_PAGE ? ZERO_HASH : sha256(filling.bytes(Uint32Array.of(number)));
  return { source: filler.source, offset: filler.offset + (page - filler.start) * PAGE_SIZE, hash };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

interface ParentPlace {
  readonly record: SnapshotRecord;
  /** The parent's name of the space. */
  readonly space: Space;
}

function parentPlace(
  store: Store,
  parent: SnapshotRecord,
  record: SnapshotRecord,
  manifest: Manifest,
  space: Space,
): ParentPlace {
  const nameInParent = matchSpaces(sideOf(parent, store.manifest(parent)), sideOf(record, manifest));
  return { record: parent, space: nameInParent(space) };
}

/** Places in known sets with this content, those of the mapped file first. */
function knownFiles({ known, laid, page }: InspectedPlace, hash: string): InspectedPage["files"] {
  const { mapping } = laid;
  const mapped = { path: mapping.path, offset: mapping.offset + (page - mapping.spaceStart) * PAGE_SIZE };
  const files = known
    .sets()
    .flatMap((set) => set.filesOf(Buffer.from(hash, "hex"), mapped).map((file) => ({ set: set.record.name, ...file })));
  const distance = (file: (typeof files)[number]) =>
    file.path !== mapped.path ? 2 : file.offset === mapped.offset ? 0 : 1;
  // Of two as near, a file says more than what some memory had, and one of a package more than one of none. Each set's
  // are in order; the sort is stable.
  const rank = (file: (typeof files)[number]) => distance(file) * 3 + (file.baseline ? 2 : file.package ? 0 : 1);
  return files.sort((x, y) => rank(x) - rank(y));
}

/** `libc6 2.36-9 (dpkg), build-id 58254ca9…` */
function ofPackage({ package: owner, buildId }: InspectedPage["files"][number]): string {
  const parts = [
    ...(owner === null ? [] : [`${owner.name} ${owner.version} (${owner.kind})`]),
    ...(buildId === null ? [] : [`build-id ${buildId}`]),
  ];
  return parts.length === 0 ? "" : ` It is of ${parts.join(", ")}.`;
}

type Reason = Pick<InspectedPage, "reason" | "related" | "files">;

function absentReason({ laid, page, known, filled }: InspectedPlace, state: PageState): Reason {
  const { mapping } = laid;
  switch (state) {
    case "absent-file": {
      const { path, offset, sentence } = leftToFile(mapping, page);
      const deleted = mapping.deleted ? ` The file was deleted${filled ? "; the dump carries its content" : ""}.` : "";
      // No image has what was deleted: what it calls so is another file.
      const sets = mapping.deleted ? [] : known.sets();
      const found = sets.flatMap((set) => {
        const about = mapping.path === null ? undefined : set.about(mapping.path);
        return about ? [{ set: set.record.name, ...about, offset, baseline: null }] : [];
      });
      const nobody = { set: "", path, offset, layer: null, package: null, buildId: null, baseline: null };
      const files = found.length > 0 ? found : [nobody];
      return {
        reason: `${sentence}${deleted}${filled ? ` ${fillingSentence(filled.source, filled.offset)}` : ""}`,
        related: null,
        files,
      };
    }
    case "absent-untouched":
      return { reason: untouched(mapping), related: null, files: [] };
    case "absent-excluded":
      return { reason: EXCLUDED, related: null, files: [] };
    case "parent-missing":
      return { reason: "The parent that holds this page is not here.", related: null, files: [] };
    default:
      return { reason: LOST, related: null, files: [] };
  }
}

function reasonOf(place: InspectedPlace, provenance: Provenance, number: number, row: number, hash: string): Reason {
  const { store, record, page, parent } = place;
  const parentName = parent?.record.name ?? "the parent";
  const files = knownFiles(place, hash);
  switch (provenance) {
    case "zero":
      return { reason: "All 4 096 bytes are 00.", related: null, files };
    case "unchanged":
      return {
        reason: `${parentName} has the same bytes at this place.`,
        related: parent ? relatedPlace(parent.record, parent.space, page) : null,
        files,
      };
    case "known": {
      const [file] = files;
      const more = files.length > 1 ? ` and ${files.length - 1} more` : "";
      return {
        reason: file
          ? `Same bytes as ${file.path} at 0x${file.offset.toString(16)}, in ${file.set}${more}.${ofPackage(file)}`
          : "Same bytes as a page of a known set.",
        related: null,
        files,
      };
    }
    case "relocated": {
      const found = relocationOf(store, place.known, record, row);
      if (!found) return { reason: "Only the loader has changed this page of its file.", related: null, files };
      const { path, offset, set } = found.page;
      const about = set?.about(path) ?? { path, layer: null, package: null, buildId: null };
      const file = { set: set?.record.name ?? "", ...about, offset, baseline: null };
      return {
        reason: `The page of ${path} at 0x${offset.toString(16)} as the loader leaves it: beside ${found.words}, every byte is the file's.${ofPackage(file)}`,
        related: null,
        files: [file],
      };
    }
    case "alike": {
      const other = alikeTo(store, place.known, record, row);
      if (!other)
        return { reason: "Another snapshot has the same page, up to the addresses in it.", related: null, files };
      const { snapshot, space, address, baselineOf } = other;
      const where = baselineOf === null ? "" : `, the baseline ${baselineOf}`;
      return {
        reason: `${snapshot.container} ${snapshot.name}${where} has the same page at ${address}, up to the addresses in it: they point to the same places of the same mappings.`,
        related: { snapshot: snapshot.id, space, address },
        files,
      };
    }
    case "moved": {
      const from = parent && placesOf(store.manifest(parent.record)).find(number);
      const where = from ? formatAddress(addressOfPage(from.page as PageAddress)) : "another place";
      return {
        reason: `${parentName} has the same bytes at ${where}.`,
        related: from && parent ? relatedPlace(parent.record, from.space, from.page) : null,
        files,
      };
    }
    case "shared": {
      const sharer = store.provenance(record).sharerOf(row);
      const other = sharer && store.catalog.snapshot(sharer.snapshot);
      const at = other && placesOf(store.manifest(other)).find(number);
      const where = at ? ` at ${formatAddress(addressOfPage(at.page as PageAddress))}` : "";
      const gone = sharer && !other ? " That snapshot has been deleted since." : "";
      return {
        reason: `${other ? `${other.container} ${other.name}` : (sharer?.name ?? "Another snapshot")} has the same bytes${where}.${gone}`,
        related: at && other ? relatedPlace(other, at.space, at.page) : null,
        files,
      };
    }
    case "new":
      return { reason: newReason(place), related: null, files };
    default:
      return provenance satisfies never;
  }
}

function newReason({ store, page, parent: place }: InspectedPlace): string {
  if (!place) return "These bytes are in no known set, and were in no other snapshot when this one came.";
  const parent = place.record;
  const { state } = placesOf(store.manifest(parent)).columns(place.space, page, 1);
  const before = isRecorded(state[0])
    ? PAGE_STATES[state[0]] === "zero" || PAGE_STATES[state[0]] === "parent-zero"
      ? `${parent.name} has zeros at this place.`
      : `${parent.name} has other bytes at this place.`
    : `${parent.name} records nothing at this place.`;
  return `${before} These bytes are nowhere in ${parent.name}, in no known set, and were in no other snapshot when this one came.`;
}

function relatedPlace(record: SnapshotRecord | undefined, space: Space, page: number): InspectedPage["related"] {
  return record ? { snapshot: record.id, space, address: formatAddress(addressOfPage(page as PageAddress)) } : null;
}

function againstParent(
  { store, page, parent: place }: InspectedPlace,
  content: Uint8Array,
  part: readonly [number, number] | undefined,
): InspectedPage["againstParent"] {
  if (!place) return null;
  const parent = place.record;
  const columns = placesOf(store.manifest(parent)).columns(place.space, page, 1);
  if (!isRecorded(columns.state[0]) || PAGE_STATES[columns.state[0]] === "parent-missing") return null;
  const before = columns.page[0] < ZERO_PAGE ? store.pages.bytes(columns.page) : new Uint8Array(PAGE_SIZE);
  const known = knownInBoth(columns.partial.get(0), part);
  const { bytes, runs } = differingRuns(before, content, known);
  return {
    snapshot: parent.id,
    name: parent.name,
    bytes,
    known: Math.max(0, known[1] - known[0]),
    runs: runs.map(([from, to]): [number, number] => [from, to]),
  };
}

/** A link may name a process that is of another snapshot. */
function whyUnmapped(manifest: Manifest, record: SnapshotRecord, space: Space, address: string): string {
  const named = parseSpace(space);
  const unmapped = `${address} is in no mapping.`;
  if (named?.kind !== "process" && named?.kind !== "segment") return unmapped;
  const { kind, id } = named;
  const isThere =
    manifest.laid.some(({ mapping }) => mapping.space === space) ||
    (kind === "process" && manifest.segmentMaps.some(({ mapping }) => mapping.pid === id));
  return isThere ? unmapped : noSpaceText(kind, id, record.name);
}
