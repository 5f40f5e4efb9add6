/** Taking a known set away: it explains nothing from the next look on. */
import { DumpError } from "../../shared/errors/index.ts";
import type { Store } from "../store/index.ts";

/** @throws DumpError `not-found`, `store-busy` */
export async function removeKnownSet(store: Store, name: string): Promise<void> {
  if (!store.catalog.knownSets().some((set) => set.name === name))
    throw new DumpError("not-found", `There is no known set ${name}`, { name });
  using _lock = await store.lock(`known remove ${name}`);
  store.catalog.transaction(() => store.catalog.removeKnownSet(name));
  store.sweep();
}
