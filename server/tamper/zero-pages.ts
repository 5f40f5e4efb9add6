/**
 * Recorded pages of zeros where a program does not write: code that was wiped is code that was changed. `filePages` leaves
 * zeros out, since in what a program writes they say nothing.
 */
import { PAGE_SIZE } from "../../shared/memory/index.ts";
import { stateCode } from "../../shared/snapshot/index.ts";
import { verifyPage } from "../relocation/index.ts";
import type { Manifest } from "../store/index.ts";
import type { FileContents, FilePageCheck } from "../stripping/index.ts";
import type { PageToJudge } from "./judge-page.ts";
import { isExecutable, isWritable, type JudgedProcess } from "./process.ts";

const ZEROS = new Uint8Array(PAGE_SIZE);
const ZERO_STATES = [stateCode("zero"), stateCode("parent-zero")];

/** What is not compared, in pages. */
export interface PassedOver {
  /** In what a program writes. */
  zero: number;
  /** Of which the dump holds a part. */
  partial: number;
}

export function* zeroPages(
  manifest: Manifest,
  process: JudgedProcess,
  contents: FileContents,
  passedOver: PassedOver,
): Generator<PageToJudge> {
  const { pid } = process.facts;
  for (const { mapping, chunks } of manifest.laid) {
    const { path } = mapping;
    if (mapping.space !== `p${pid}` || mapping.kind !== "file" || path === null) continue;
    const isWritten = isWritable(mapping) && !isExecutable(mapping);
    const set = process.setOf(path);
    for (const chunk of chunks) {
      const { state, partial } = manifest.columns(chunk);
      const parts = new Set(partial.map(({ row }) => row));
      passedOver.partial += parts.size;
      for (let row = 0; row < state.length; row++) {
        if (!ZERO_STATES.includes(state[row]) || parts.has(row)) continue;
        if (isWritten) {
          passedOver.zero++;
          continue;
        }
        const page = chunk.start + row;
        const offset = mapping.offset + (page - mapping.spaceStart) * PAGE_SIZE;
        const filePage = () => set && contents.pageOf(set, path, offset / PAGE_SIZE);
        const place = { pid, mapping, path, page, offset, set, content: () => ZEROS, filePage };
        yield { ...place, check: checkOf(place, process) };
      }
    }
  }
}

function checkOf(
  { mapping, path, page, offset, set, filePage }: Omit<PageToJudge, "check">,
  { images }: JudgedProcess,
): FilePageCheck {
  if (mapping.deleted) return { outcome: "deleted-file" };
  if (!set) return { outcome: "unknown-file" };
  const kept = filePage();
  // Without bytes a set still tells which pages are not all zero.
  if (!kept) return set.hasPage(path, offset / PAGE_SIZE) ? { outcome: "other-content" } : { outcome: "same" };
  const member = images.memberOf.get(mapping);
  if (member) {
    const place = { image: member.image, base: member.base, address: page * PAGE_SIZE, filePage: kept };
    return verifyPage(ZEROS, place, images.scope);
  }
  return kept.some((byte) => byte !== 0) ? { outcome: "other-content" } : { outcome: "same" };
}
