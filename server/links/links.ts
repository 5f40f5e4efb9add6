/**
 * Long parts of links: what is selected, or which mappings are lit, where that is too long for an address. Kept under
 * the beginning of its SHA-256, so who has a link has it for as long as the store is there.
 */
import { createHash } from "node:crypto";
import { DumpError } from "../../shared/errors/index.ts";
import type { Store } from "../store/index.ts";

/** Of all texts, compressed: of thousands of selections. */
const MOST_BYTES = 64 << 20;
/** 96 bits: the 2^40th text meets another one's id with a chance of one in 100,000. */
const ID_LENGTH = 16;

/** @returns its id; of a text that is kept already the same. @throws DumpError `bad-request` when there is no room */
export function keepLink(store: Store, text: string): string {
  const id = createHash("sha256").update(text).digest("base64url").slice(0, ID_LENGTH);
  if (store.catalog.linkText(id) !== undefined) return id;
  if (store.catalog.linkBytes() > MOST_BYTES)
    throw new DumpError("bad-request", `The store keeps ${MOST_BYTES >> 20} MiB of long links, and no more`, {});
  store.catalog.transaction(() => store.catalog.addLink(id, text, new Date().toISOString()));
  return id;
}

/** @throws DumpError `not-found` */
export function linkText(store: Store, id: string): string {
  const text = store.catalog.linkText(id);
  if (text === undefined) throw new DumpError("not-found", `Nothing is kept of a link ${id}`, { link: id });
  return text;
}
