/** Channels that are of the mapping in which a page stands: what it permits, and what it is. */
import {
  KIND_CLASSES,
  kindClass,
  PERMISSION_CLASSES,
  type PermissionClass,
  permissionClass,
} from "../../shared/channel/index.ts";
import { NO_PAGE } from "../../shared/manifest/index.ts";
import type { Mapping } from "../../shared/snapshot/index.ts";
import type { Manifest } from "../store/index.ts";
import { type CodeRow, chunksOf, contentOf, countCodes, NO_CODE, type PageCodes, rowsOf } from "./page-codes.ts";

const PERMISSION_WORDS: Readonly<Record<PermissionClass, readonly [title: string, hint: string]>> = {
  writeExecute: ["W+X", "writable and executable"],
  execute: ["r-x", "executable"],
  write: ["rw-", "writable"],
  read: ["r--", "readable"],
  none: ["---", "no access"],
  unknown: ["???", "the dump does not say"],
};

const KIND_TITLES: Readonly<Record<(typeof KIND_CLASSES)[number], string>> = {
  file: "file",
  anonymous: "anonymous",
  heap: "heap",
  stack: "stack",
  shared: "shared memory",
  kernel: "of the kernel",
  none: "no mapping",
};

/** A page of a segment is in it once, with the permissions of whoever may do most with it. */
export function permissionCodes(manifest: Manifest): PageCodes {
  const codes = codesOfMappings(manifest, ({ permissions }) =>
    PERMISSION_CLASSES.indexOf(permissionClass(permissions)),
  );
  spreadOverSegments(manifest, codes);
  const counts = countCodes(codes);
  return {
    codes,
    // The most dangerous first.
    rows: PERMISSION_CLASSES.flatMap((name, code): CodeRow[] => {
      const [title, hint] = PERMISSION_WORDS[name];
      return counts[code] === 0 ? [] : [{ code, name, title, hint, pages: counts[code] }];
    }).reverse(),
  };
}

export function kindCodes(manifest: Manifest): PageCodes {
  const codes = codesOfMappings(manifest, ({ kind }) => KIND_CLASSES.indexOf(kindClass(kind)));
  const counts = countCodes(codes);
  const rows = KIND_CLASSES.flatMap((name, code): CodeRow[] =>
    counts[code] === 0 ? [] : [{ code, name, title: KIND_TITLES[name], hint: null, pages: counts[code] }],
  );
  // What has no mapping last.
  return { codes, rows: [...rows.filter(({ code }) => code !== 0), ...rows.filter(({ code }) => code === 0)] };
}

function codesOfMappings(manifest: Manifest, codeOf: (mapping: Mapping) => number): Uint8Array {
  const codes = new Uint8Array(rowsOf(manifest)).fill(NO_CODE);
  for (const [{ mapping }, chunk] of chunksOf(manifest)) {
    const code = codeOf(mapping);
    const { state, page } = manifest.columns(chunk);
    for (let i = 0; i < chunk.rows; i++) if (contentOf(state[i], page[i]) !== NO_PAGE) codes[chunk.row + i] = code;
  }
  return codes;
}

/** A segment is laid once: its pages have the highest of the permissions of the processes that map them. */
function spreadOverSegments(manifest: Manifest, codes: Uint8Array): void {
  for (const { mapping } of manifest.segmentMaps) {
    const code = PERMISSION_CLASSES.indexOf(permissionClass(mapping.permissions));
    const end = mapping.spaceStart + (mapping.range.end - mapping.range.start);
    for (const [laid, chunk] of chunksOf(manifest)) {
      if (laid.mapping.space !== mapping.space) continue;
      const from = Math.max(chunk.start, mapping.spaceStart);
      for (let page = from; page < Math.min(chunk.start + chunk.rows, end); page++) {
        const row = chunk.row + page - chunk.start;
        if (codes[row] !== NO_CODE && code > codes[row]) codes[row] = code;
      }
    }
  }
}
