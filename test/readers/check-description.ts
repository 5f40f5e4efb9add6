/** What every description of every reader must keep, whatever the dump was. */
import { type ByteSource, type DumpDescription, RUN_KINDS } from "../../server/readers/index.ts";

const PAGE = 4096;

/** @throws Error naming the first promise of the contract that is broken. */
export function checkDescription(source: ByteSource, description: DumpDescription): void {
  const { runs, spaces, mappings, segments } = description;
  const need = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`broken promise: ${what}`);
  };
  need(new Set(spaces).size === spaces.length, "a space is listed once");
  for (const column of [runs.space, runs.page, runs.count, runs.kind, runs.offset, runs.from, runs.to]) {
    need(column.length === runs.length, "columns are of equal length");
  }
  for (let row = 0; row < runs.length; row++) {
    const count = runs.count[row];
    need(runs.space[row] < spaces.length, "a run stands in a listed space");
    need(Number.isSafeInteger(runs.page[row]) && Number.isSafeInteger(count), "places are whole numbers");
    need(count >= 1 && runs.page[row] + count <= 2 ** 52, "a run lies in the address space");
    need(runs.from[row] < runs.to[row] && runs.to[row] <= PAGE, "a part is within a page");
    const whole = runs.from[row] === 0 && runs.to[row] === PAGE;
    need(whole || count === 1, "a part is of one page");
    if (RUN_KINDS[runs.kind[row]] === "bytes") {
      const length = whole ? count * PAGE : runs.to[row] - runs.from[row];
      need(runs.offset[row] >= 0 && runs.offset[row] + length <= source.size, "bytes lie in the file");
    } else need(whole && runs.offset[row] === -1, "a run without bytes has no offset and no part");
    if (row === 0) continue;
    const sameSpace = runs.space[row] === runs.space[row - 1];
    need(runs.space[row] >= runs.space[row - 1], "runs are ordered by space");
    need(!sameSpace || runs.page[row] >= runs.page[row - 1] + runs.count[row - 1], "runs ascend without overlap");
  }
  if (mappings === null) return;
  for (const [index, mapping] of mappings.entries()) {
    need(mapping.range.start < mapping.range.end, "a mapping is not empty");
    need(spaces.includes(mapping.space), "a mapping stands in a listed space");
    if (index === 0 || mapping.pid === 0) continue;
    const before = mappings[index - 1];
    need(before.pid <= mapping.pid, "mappings are ordered by pid");
    need(before.pid !== mapping.pid || before.range.end <= mapping.range.start, "mappings do not overlap");
  }
  for (const [index, space] of spaces.entries()) {
    const covered: (readonly [number, number])[] = mappings
      .filter((mapping) => mapping.space === space)
      .map(({ spaceStart, range }): [number, number] => [spaceStart, spaceStart + range.end - range.start]);
    covered.sort((a, b) => a[0] - b[0]);
    for (let row = 0; row < runs.length; row++) {
      if (runs.space[row] !== index) continue;
      let page = runs.page[row];
      for (const [start, end] of covered) if (start <= page && end > page) page = end;
      need(page >= runs.page[row] + runs.count[row], "a recorded page lies in a mapping");
    }
  }
  for (const { space, mapped } of segments) {
    need(spaces.includes(space), "a segment is a listed space");
    for (const [index, [start, end]] of mapped.entries()) {
      need(start < end && (index === 0 || mapped[index - 1][1] < start), "mapped parts ascend and are united");
    }
  }
}

/** The first bytes of another source: a dump that was cut. */
export class CutSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;

  constructor(source: ByteSource, size: number) {
    this.#source = source;
    this.size = Math.min(size, source.size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#source.read(offset, Math.max(0, Math.min(length, this.size - offset)));
  }
}
