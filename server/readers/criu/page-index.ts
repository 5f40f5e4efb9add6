/**
 * Page maps: which pages a checkpoint records, and where their bytes lie. The traps of the format are all here:
 * only entries with the PRESENT bit have bytes (LAZY on top of it means nothing, LAZY alone means the bytes went over
 * the network and are lost), `pages-N.img` is named by the page map's head and not by pid, the count is in field 5
 * since CRIU 4.2, and a page of the dumped machine may be 16 or 64 KiB.
 * @see docs/formats/criu.md#pagemap
 */
import { createHash } from "node:crypto";
import { DumpError } from "../../../shared/errors/index.ts";
import { PAGE_SIZE } from "../../../shared/memory/index.ts";
import type { PageRunsBuilder, RunKind } from "../page-runs.ts";
import type { TarMember } from "../tar/index.ts";
import { type ImageContext, MAGIC, messages } from "./image-file.ts";
import { type PagemapEntry, PE_LAZY, PE_PARENT, PE_PRESENT, parsePagemapEntry, parsePagemapHead } from "./messages.ts";

/** 4 TiB: pages without bytes cost an attacker nothing; all pages in the parent were memory of one machine once. */
const BYTELESS_PAGES_LIMIT = 2 ** 30;
/** 17 B a row, and 33 B as a run: 500 MB at the limit, of page maps of at least 100 MB. Real ones have thousands. */
const ENTRIES_LIMIT = 10_000_000;
const ADDRESS_SPACE_PAGES = 2 ** 52;
/** Of a 32-bit process. */
const NARROW_SPACE_PAGES = 2 ** 20;

/** Page sizes of the machines that CRIU runs on. */
const PAGE_SIZES = [4096, 16_384, 65_536];

/** Entries in file order, as columns of equal length. */
export interface PageMap {
  readonly member: TarMember;
  readonly pagesId: number;
  readonly length: number;
  /** Address / 4096, as the file has it. */
  readonly page: Float64Array;
  /** Pages of the dumped machine, which may be of 16 or 64 KiB. */
  readonly count: Float64Array;
  /** PE_* bits. */
  readonly flags: Uint8Array;
  /** Pages of the machine that have bytes. */
  readonly presentPages: number;
  /** Of the records behind the head: two page maps of one pages file must agree in it. */
  readonly digest: string;
}

/** @throws DumpError for damage, cuts, and what only development versions of CRIU write. */
export async function readPageMap(context: ImageContext, member: TarMember): Promise<PageMap> {
  let page = new Float64Array(64);
  let count = new Float64Array(64);
  let flags = new Uint8Array(64);
  let length = 0;
  const hash = createHash("sha256");
  let pagesId: number | null = null;
  let presentPages = 0;
  for await (const { bytes, offset } of messages(context, member, MAGIC.pagemap)) {
    try {
      if (pagesId === null) {
        pagesId = parsePagemapHead(bytes);
        continue;
      }
      const entry = parsePagemapEntry(bytes);
      refuseForeign(entry, member, offset);
      hash.update(bytes).update(SEPARATOR);
      if (entry.pages === 0n) continue;
      const pages = Number(entry.pages);
      if (entry.vaddr % BigInt(PAGE_SIZE) !== 0n || pages > ADDRESS_SPACE_PAGES) {
        throw new RangeError(`${entry.pages} pages at 0x${entry.vaddr.toString(16)} are no range of pages`);
      }
      if (length >= ENTRIES_LIMIT) {
        throw new DumpError("limit-met", `${member.name} has more than ${ENTRIES_LIMIT} entries`, {
          member: member.name,
          limit: ENTRIES_LIMIT,
        });
      }
      if (length === page.length) {
        page = grown(page, new Float64Array(length * 2));
        count = grown(count, new Float64Array(length * 2));
        flags = grown(flags, new Uint8Array(length * 2));
      }
      page[length] = Number(entry.vaddr / BigInt(PAGE_SIZE));
      count[length] = pages;
      flags[length] = entry.flags;
      length++;
      if ((entry.flags & PE_PRESENT) !== 0) presentPages += pages;
    } catch (error) {
      if (error instanceof DumpError) throw error;
      context.losses.damaged(
        `${member.name} has a damaged entry at byte ${offset}: ${error instanceof Error ? error.message : error}`,
        { member: member.name, offset },
        { cause: error },
      );
      break;
    }
  }
  return { member, pagesId: pagesId ?? 0, length, page, count, flags, presentPages, digest: hash.digest("hex") };
}

function grown<T extends Float64Array | Uint8Array>(column: T, into: T): T {
  into.set(column);
  return into;
}

const SEPARATOR = new Uint8Array([0]);

function refuseForeign(entry: PagemapEntry, member: TarMember, offset: number): void {
  const where = { member: member.name, offset };
  if (entry.foreign !== null) {
    const encrypted = entry.foreign.code === "dump-encrypted";
    throw new DumpError(
      entry.foreign.code,
      `${member.name} says that its pages are ${encrypted ? "encrypted" : "compressed"}: ${entry.foreign.field} of an entry at byte ${offset}`,
      { ...where, field: entry.foreign.field },
    );
  }
  const known = PE_PARENT | PE_LAZY | PE_PRESENT;
  if ((entry.flags & ~known) !== 0) {
    throw new DumpError(
      "dump-unsupported",
      `${member.name} has an entry with flags 0x${entry.flags.toString(16)} at byte ${offset}; flags up to 0x7 are known`,
      { ...where, field: "flags (4)", value: `0x${entry.flags.toString(16)}` },
    );
  }
}

/**
 * The page size of the dumped machine: what its processes' auxiliary vectors say, else the size with which all page
 * maps fill their pages files exactly, else 4096.
 */
export function machinePageSize(
  stated: ReadonlySet<number>,
  maps: readonly PageMap[],
  pagesFile: (id: number) => TarMember | undefined,
  context: ImageContext,
): number {
  const sizes = [...stated].filter((size) => size > 0);
  if (sizes.length > 1 || sizes.some((size) => !PAGE_SIZES.includes(size))) {
    context.losses.damaged(`The processes' page sizes (AT_PAGESZ) are ${sizes.join(", ")}`, {
      values: sizes.join(", "),
    });
    return PAGE_SIZE;
  }
  if (sizes.length === 1) return sizes[0];
  const fits = PAGE_SIZES.find((size) =>
    maps.every((map) => map.presentPages * size === (pagesFile(map.pagesId)?.size ?? 0)),
  );
  return fits ?? PAGE_SIZE;
}

/** Where pages files are, and which page maps have used them. */
export class PagesFiles {
  readonly #context: ImageContext;
  readonly #file: (id: number) => TarMember | undefined;
  readonly #users = new Map<number, PageMap>();
  readonly #pageSize: number;
  #byteless = 0;

  constructor(context: ImageContext, file: (id: number) => TarMember | undefined, pageSize: number) {
    this.#context = context;
    this.#file = file;
    this.#pageSize = pageSize;
  }

  /**
   * Adds the rows of a page map to `runs`.
   * @param fold addresses of a 32-bit process of a 32-bit CRIU are sign-extended: the upper half is cut off.
   * @throws DumpError `dump-cut`, `dump-damaged`, `limit-met`.
   */
  add(map: PageMap, space: number, runs: PageRunsBuilder, fold: boolean): void {
    const { losses } = this.#context;
    const scale = this.#pageSize / PAGE_SIZE;
    const file = this.#claim(map);
    const stored = file?.stored ?? 0;
    const spacePages = fold ? NARROW_SPACE_PAGES : ADDRESS_SPACE_PAGES;
    const pageOf = (row: number): number => (fold ? map.page[row] % NARROW_SPACE_PAGES : map.page[row]);
    // Where each entry's bytes begin in the pages file follows from the order of the file, not of addresses.
    const from = new Float64Array(map.length);
    let at = 0;
    let end = 0;
    let ascending = true;
    for (let row = 0; row < map.length; row++) {
      from[row] = at;
      if ((map.flags[row] & PE_PRESENT) !== 0) at += map.count[row] * scale * PAGE_SIZE;
      if (pageOf(row) < end) ascending = false;
      end = pageOf(row) + map.count[row] * scale;
    }
    if (at > stored) {
      const name = file?.name ?? `pages-${map.pagesId}.img`;
      losses.cut(
        file === undefined
          ? `${name} is missing; ${map.member.name} needs ${at} bytes of it`
          : `${name} ends at byte ${stored}; ${map.member.name} needs ${at} bytes of it`,
        { member: name, offset: stored, needed: at, there: stored },
      );
    }
    const order = ascending ? null : sortedBy(map.length, pageOf);
    end = 0;
    for (let place = 0; place < map.length; place++) {
      const row = order === null ? place : order[place];
      const page = pageOf(row);
      const count = map.count[row] * scale;
      const address = (): string => `0x${(BigInt(page) * BigInt(PAGE_SIZE)).toString(16)}`;
      if (page + count > spacePages) {
        losses.damaged(`${map.member.name} records pages beyond the address space, at ${address()}`, {
          member: map.member.name,
          address: address(),
        });
      } else if (page < end) {
        losses.damaged(`${map.member.name} records page ${address()} twice`, {
          member: map.member.name,
          address: address(),
        });
      } else {
        end = page + count;
        this.#addRow({ page, count, flags: map.flags[row], at: from[row] }, space, file, stored, runs);
      }
    }
  }

  /** Bytes of pages files that no page map names, by member. */
  unused(map: PageMap): number {
    const file = this.#file(map.pagesId);
    return file === undefined ? 0 : file.stored - map.presentPages * this.#pageSize;
  }

  #addRow(
    row: { page: number; count: number; flags: number; at: number },
    space: number,
    file: TarMember | undefined,
    stored: number,
    runs: PageRunsBuilder,
  ): void {
    if ((row.flags & PE_PRESENT) === 0) {
      const kind: RunKind = (row.flags & PE_PARENT) !== 0 ? "parent" : (row.flags & PE_LAZY) !== 0 ? "lost" : "zero";
      this.#byteless += row.count;
      if (this.#byteless > BYTELESS_PAGES_LIMIT) {
        throw new DumpError("limit-met", `The page maps record more than ${BYTELESS_PAGES_LIMIT} pages without bytes`, {
          limit: BYTELESS_PAGES_LIMIT,
        });
      }
      runs.add(space, row.page, row.count, kind, -1);
      return;
    }
    const there = Math.max(0, Math.min(row.count * PAGE_SIZE, stored - row.at));
    const whole = Math.floor(there / PAGE_SIZE);
    const part = there % PAGE_SIZE;
    const offset = (file?.offset ?? 0) + row.at;
    runs.add(space, row.page, whole, "bytes", offset);
    runs.addPart(space, row.page + whole, 0, part, offset + whole * PAGE_SIZE);
    const lost = row.count - whole - (part > 0 ? 1 : 0);
    this.#byteless += lost;
    if (this.#byteless > BYTELESS_PAGES_LIMIT) {
      throw new DumpError("limit-met", `The page maps record more than ${BYTELESS_PAGES_LIMIT} pages without bytes`, {
        limit: BYTELESS_PAGES_LIMIT,
      });
    }
    runs.add(space, row.page + row.count - lost, lost, "lost", -1);
  }

  #claim(map: PageMap): TarMember | undefined {
    const before = this.#users.get(map.pagesId);
    if (before === undefined) this.#users.set(map.pagesId, map);
    else if (before.digest !== map.digest) {
      this.#context.losses.damaged(
        `${map.member.name} and ${before.member.name} both name pages-${map.pagesId}.img but record different pages`,
        { member: map.member.name, other: before.member.name, pages_id: map.pagesId },
      );
    }
    return this.#file(map.pagesId);
  }
}

function sortedBy(length: number, pageOf: (row: number) => number): Uint32Array {
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  return order.sort((a, b) => pageOf(a) - pageOf(b) || a - b);
}

/** Whether an address is a 32-bit one with all upper bits set, as 32-bit CRIUs write those of their tasks. */
export function isSignExtended(page: number): boolean {
  return page >= ADDRESS_SPACE_PAGES - NARROW_SPACE_PAGES;
}
