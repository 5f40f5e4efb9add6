/** The bytes of pages by number, those of zero pages too. */
import { ZERO_PAGE } from "../../shared/manifest/index.ts";
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Store } from "../store/index.ts";

/** @returns 4,096 bytes a page, in the order of `numbers`, which holds page numbers and `ZERO_PAGE` */
export function pagesOf(store: Store, numbers: Uint32Array): Uint8Array {
  const content = store.pages.bytes(numbers.filter((page) => page !== ZERO_PAGE));
  if (content.length === numbers.length * PAGE_SIZE) return content;
  const out = new Uint8Array(numbers.length * PAGE_SIZE);
  let at = 0;
  numbers.forEach((page, i) => {
    if (page === ZERO_PAGE) return;
    out.set(content.subarray(at, at + PAGE_SIZE), i * PAGE_SIZE);
    at += PAGE_SIZE;
  });
  return out;
}
