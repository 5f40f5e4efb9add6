/** Small snapshots for searches, and what is at each address of them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { createFinder, type Finder, type Scope, spacesOf } from "../../server/find/index.ts";
import { createKnownSets } from "../../server/known-sets/index.ts";
import type { SnapshotRecord, Store } from "../../server/store/index.ts";
import { type Pattern, wholeSpace } from "../../shared/find/index.ts";
import { ingest, temporaryFolder } from "../ingest/temporary-store.ts";
import { makeCore, prpsinfo } from "../readers/make-core.ts";

export interface Piece {
  readonly address: bigint;
  readonly content: Uint8Array;
  /** Bytes of memory; as many as of the content without it. */
  readonly memory?: bigint;
}

/** Ingests a core of process 7 that holds these pieces. */
export async function snapshotOf(store: Store, pieces: readonly Piece[], name = "made"): Promise<SnapshotRecord> {
  const file = path.join(temporaryFolder(), "core");
  const segments = pieces.map(({ address, content, memory }) => ({
    vaddr: address,
    memsz: memory ?? content.length,
    content,
  }));
  writeFileSync(file, makeCore({ segments, notes: [prpsinfo(7, "made", "made")] }));
  return (await ingest(store, file, name)).snapshot;
}

export function temporaryFinder(store: Store): Finder {
  const finder = createFinder(store, createKnownSets(store));
  onTestFinished(() => finder.close());
  return finder;
}

export function everywhere(store: Store, record: SnapshotRecord): Scope {
  return { regions: spacesOf(store.manifest(record)).map(wholeSpace), among: null };
}

export interface Found {
  readonly hits: readonly string[];
  readonly isLimitMet: boolean;
  readonly pagesRead: number;
}

/** Every hit as `p7 0x1000+2`. */
export async function findAll(
  store: Store,
  finder: Finder,
  record: SnapshotRecord,
  pattern: Partial<Pattern> & Pick<Pattern, "text">,
  request: { readonly scope?: Scope; readonly limit?: number } = {},
): Promise<Found> {
  const hits: string[] = [];
  const options = { limit: 1e6, scope: everywhere(store, record), ...request, signal: new AbortController().signal };
  for await (const event of finder.find(record, { form: "text", ignoreCase: false, ...pattern }, options)) {
    if (event.kind === "found") {
      for (const { page, offset, length } of event.found)
        hits.push(`${event.space} 0x${(BigInt(page) * 4096n + BigInt(offset)).toString(16)}+${length}`);
    }
    if (event.kind === "done") return { hits, isLimitMet: event.next !== null, pagesRead: event.pagesRead };
  }
  throw new Error("the search ended without saying so");
}
