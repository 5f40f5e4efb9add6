/** Why one page is relocated, or alike to another, in the words of whoever looks at it. */
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import { placesByRow } from "../likeness/index.ts";
import { type PageCheck, WORD_KINDS, type WordKind } from "../relocation/index.ts";
import type { SnapshotRecord, Store } from "../store/index.ts";
import { type FilePage, filePages } from "./file-pages.ts";

const WORD_NAMES: Readonly<Record<WordKind, readonly [one: string, many: string]>> = {
  relative: ["address of its own", "addresses of its own"],
  symbol: ["address of a symbol", "addresses of symbols"],
  lazy: ["function not called yet", "functions not called yet"],
  ifunc: ["function that was chosen at the start", "functions that were chosen at the start"],
  loader: ["word of the loader's own", "words of the loader's own"],
  open: ["word whose value cannot be told, only its kind", "words whose value cannot be told, only their kind"],
};

/** @returns `undefined` when the page is not relocated; `words` in a phrase */
export function relocationOf(
  store: Store,
  known: KnownSets,
  snapshot: SnapshotRecord,
  row: number,
): { readonly page: FilePage; readonly words: string } | undefined {
  for (const page of filePages(store, known, snapshot, row)) {
    const { check } = page;
    return check.outcome === "relocated" ? { page, words: relocatedWords(check) } : undefined;
  }
  return undefined;
}

/** What the loader has written into a page, in a phrase. */
export function relocatedWords({ words, bssFrom }: Extract<PageCheck, { outcome: "relocated" }>): string {
  const phrases = WORD_KINDS.filter((kind) => words[kind] > 0).map(
    (kind) => `${words[kind]} ${WORD_NAMES[kind][words[kind] === 1 ? 0 : 1]}`,
  );
  if (bssFrom !== undefined) phrases.push(`zeros of .bss from byte 0x${bssFrom.toString(16)} on`);
  return phrases.join(", ");
}

export interface AlikePlace {
  readonly snapshot: SnapshotRecord;
  /** The known set of which that snapshot is the baseline. */
  readonly baselineOf: string | null;
  readonly space: string;
  readonly address: string;
}

/** @returns `undefined` when the page is alike to none */
export function alikeTo(store: Store, known: KnownSets, snapshot: SnapshotRecord, row: number): AlikePlace | undefined {
  const alike = known.strippingOf(snapshot)?.alike ?? new Uint32Array(0);
  for (let i = 0; i < alike.length; i += 3) {
    if (alike[i] !== row) continue;
    const other = known.othersOf(snapshot)[alike[i + 1]];
    const { space, page } = placesByRow(store.manifest(other.snapshot))(alike[i + 2]);
    return { ...other, space, address: formatAddress(addressOfPage(page as PageAddress)) };
  }
  return undefined;
}
