/** Which of exported bytes are not the dump's, and from what: a list that lies beside them, so that nobody takes them for evidence. */
import type { Region } from "../../shared/find/index.ts";
import { type Address, bisect, formatAddress, PAGE_SIZE } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Filling } from "./filling.ts";
import type { FillingSource } from "./source.ts";

export interface FilledRange {
  readonly space: Space;
  /** Of the first byte, as the bytes were asked for. */
  readonly address: string;
  readonly bytes: number;
  readonly source: FillingSource;
  /** Byte of the file. */
  readonly offset: number;
}

export interface AskedBytes extends Region {
  /** What their addresses are told as, less what they are in the space; 0 without it. */
  readonly shift?: bigint;
}

/** In the order of what was asked for, and in that of addresses within it. */
export function filledRanges(filling: Pick<Filling, "runs">, asked: Iterable<AskedBytes>): FilledRange[] {
  const runs = [...filling.runs()].map(({ page, count, ...run }) => ({
    ...run,
    start: BigInt(page) * BigInt(PAGE_SIZE),
    end: BigInt(page + count) * BigInt(PAGE_SIZE),
  }));
  const bySpace = Map.groupBy(runs, ({ space }) => space);
  for (const own of bySpace.values()) own.sort((x, y) => (x.start < y.start ? -1 : 1));
  const found: FilledRange[] = [];
  for (const { space, start, end, shift = 0n } of asked) {
    const own = bySpace.get(space) ?? [];
    for (let i = bisect(own.length, (at) => own[at].end <= start); i < own.length && own[i].start < end; i++) {
      const run = own[i];
      const before = start > run.start ? start - run.start : 0n;
      const behind = run.end > end ? run.end - end : 0n;
      found.push({
        space,
        address: formatAddress((run.start + before + shift) as Address),
        bytes: Number(run.end - run.start - before - behind),
        source: run.source,
        offset: run.offset + Number(before),
      });
    }
  }
  return found;
}

export interface FilledList {
  readonly snapshot: string;
  /** The file that the list lies beside. */
  readonly out: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly filled: readonly FilledRange[];
}

/** What the list is called. */
export function filledListName(out: string): string {
  return `${out}.filled.json`;
}

export function filledListText({ snapshot, out, bytes, sha256, filled }: FilledList): string {
  return `${JSON.stringify({ snapshot, out, bytes, sha256, filled }, undefined, 2)}\n`;
}
