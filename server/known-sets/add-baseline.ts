/** A snapshot → a known set, its *baseline*: the distinct pages of a clean dump, which the store holds already. */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { mappingName } from "../../shared/snapshot/index.ts";
import type { KnownSetRecord, SnapshotRecord, Store } from "../store/index.ts";
import { type AddedKnownSet, commitKnownSet, refuseTaken } from "./add-known-set.ts";
import { GrowingColumn } from "./growing-column.ts";
import { type BaselineMapping, buildKnownSet } from "./known-set.ts";

/** Pages of a mapping are told by 32-bit numbers. */
const COLUMN_LIMIT = 2 ** 32;

/**
 * @param options `withBytes`: its pages are kept by the set too. The snapshot cannot be deleted while the set is here
 * @throws DumpError `name-taken`, `store-busy`
 */
export async function addBaseline(
  store: Store,
  snapshot: SnapshotRecord,
  name: string,
  { withBytes = false }: { readonly withBytes?: boolean } = {},
): Promise<AddedKnownSet> {
  const label = `${snapshot.container}/${snapshot.name}`;
  using _lock = await store.lock(`known add ${name}`);
  refuseTaken(store, name);
  try {
    const manifest = store.manifest(snapshot);
    const builder = buildKnownSet(store.blobs);
    const mappings: BaselineMapping[] = [];
    const filesOf = new Set<string>();
    // By row of the set.
    const kept = new GrowingColumn();
    for (const { mapping, chunks } of manifest.laid) {
      let file = -1;
      let start: number = mapping.spaceStart;
      for (const chunk of chunks) {
        if (mapping.path !== null) filesOf.add(mapping.path);
        // A mapping of terabytes that is hardly touched has pages beyond what the column takes: it gets several entries.
        if (file < 0 || chunk.start + chunk.rows - start > COLUMN_LIMIT) {
          file = builder.addFile({ paths: [mapping.path ?? mappingName(mapping)], layer: 0 });
          start = chunk.start;
          const before = (start - mapping.spaceStart) * PAGE_SIZE;
          mappings.push({ space: mapping.space, start, offset: mapping.offset + before });
        }
        const recorded = manifest.columns(chunk).page;
        const hashes = store.pages.hashes(recorded.filter((page) => page < ZERO_PAGE));
        let at = 0;
        for (let row = 0; row < recorded.length; row++) {
          if (recorded[row] >= ZERO_PAGE) continue;
          const its = builder.addPage(file, chunk.start + row - start, hashes, at);
          if (its === kept.length) kept.push(recorded[row]);
          at += 32;
        }
      }
    }
    const about = { layers: [], notes: [], packages: [], packageOf: () => -1 };
    const record: KnownSetRecord = {
      name,
      source: `snapshot ${label}`,
      digest: `sha256:${snapshot.sha256}`,
      ...builder.finish(about, {
        baseline: { snapshot: label, mappings },
        ...(withBytes && { numbers: kept.values() }),
      }),
      files: filesOf.size,
      withBytes,
      addedAt: new Date().toISOString(),
    };
    commitKnownSet(store, record);
    return { ...record, notes: about.notes };
  } finally {
    store.sweep();
  }
}
