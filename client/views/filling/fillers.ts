/** What fills pages that are left to files, by place, and in words. */
import type { FillingAnswer, FillingSourceAnswer } from "../../../shared/api/index.ts";
import { bisect, PAGE_SIZE, type PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { formatHash, formatHex } from "../../format/index.ts";

export interface FilledPlace {
  readonly source: FillingSourceAnswer;
  /** Byte of the file at the start of the page. */
  readonly offset: number;
}

export interface Fillers {
  /** Of a page that is left to its file; `undefined` when nothing fills it. */
  at(space: Space, page: PageAddress): FilledPlace | undefined;
}

export function fillersOf({ fillers }: Pick<FillingAnswer, "fillers">): Fillers {
  const bySpace = Map.groupBy(fillers, ({ space }) => space);
  for (const own of bySpace.values()) own.sort((x, y) => x.start - y.start);
  return {
    at(space, page) {
      const own = bySpace.get(space) ?? [];
      const found = own[bisect(own.length, (i) => own[i].start <= page) - 1];
      if (!found || page >= found.end) return undefined;
      return { source: found.source, offset: found.offset + (page - found.start) * PAGE_SIZE };
    },
  };
}

/** Short: for labels and the legend. */
export function wordsOf(source: FillingSourceAnswer): string {
  return source.kind === "ghost" ? "from the dump's ghost file" : "known, from image";
}

/** In the bytes: from what each page comes. */
export function filledTextOf(fillers: Fillers): (space: Space, page: PageAddress) => string | undefined {
  return (space, page) => {
    const filled = fillers.at(space, page);
    return filled && sentenceOf(filled);
  };
}

/** File, offset, set and layer. */
export function sentenceOf({ source, offset }: FilledPlace): string {
  const at = `${source.path} at ${formatHex(BigInt(offset))}`;
  if (source.kind === "ghost") return `${wordsOf(source)}: ${at}`;
  const layer = source.layer === null ? "" : `, layer ${formatHash(source.layer.replace(/^sha256:/, ""), 12)}`;
  return `${wordsOf(source)}: ${at}, in ${source.set}${layer}`;
}
