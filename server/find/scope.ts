/**
 * Where is searched: parts of spaces, and, of these, all pages or those that something does not explain. A match lies
 * in one part as a whole. With `among`, it also touches one of the pages asked for: its neighbours are looked at as far
 * as a match can reach, so that what begins in such a page is found where it goes on beside it.
 */
import { DumpError } from "../../shared/errors/index.ts";
import { BEYOND, type Region, wholeSpace } from "../../shared/find/index.ts";
import { parseAddress } from "../../shared/memory/index.ts";
import { PROVENANCES, provenanceCode } from "../../shared/provenance/index.ts";
import { mappingName, type Space, spaceOfProcess } from "../../shared/snapshot/index.ts";
import type { Manifest } from "../store/index.ts";
import type { BytePlace } from "./searched.ts";

export interface Scope {
  /** In strip order of their spaces, ascending, apart from each other. */
  readonly regions: readonly Region[];
  /** Codes of PROVENANCES of the pages that count; `null`: all. */
  readonly among: ReadonlySet<number> | null;
}

/** In strip order. */
export function spacesOf(manifest: Manifest): Space[] {
  return [...new Set(manifest.laid.map(({ mapping }) => mapping.space))];
}

/** The private memory of a process, and what it maps of shared segments. */
export function regionsOfProcess(manifest: Manifest, pid: number): Region[] {
  const shared = manifest.segmentMaps
    .filter(({ mapping }) => mapping.pid === pid)
    .map(({ mapping: { space, spaceStart, range } }) => ({
      space,
      start: BigInt(spaceStart) * 4096n,
      end: BigInt(spaceStart + range.end - range.start) * 4096n,
    }));
  return [wholeSpace(spaceOfProcess(pid)), ...shared];
}

/** The same bytes in strip order, each once; parts that touch become one. */
export function orderedRegions(manifest: Manifest, regions: readonly Region[]): Region[] {
  const ordered: Region[] = [];
  for (const space of spacesOf(manifest)) {
    const own = regions.filter((region) => region.space === space && region.start < region.end);
    own.sort((x, y) => (x.start < y.start ? -1 : x.start > y.start ? 1 : 0));
    for (const region of own) {
      const last = ordered.at(-1);
      if (last?.space !== space || region.start > last.end) ordered.push(region);
      else if (region.end > last.end) ordered[ordered.length - 1] = { ...last, end: region.end };
    }
  }
  return ordered;
}

/** What of a scope lies at a place or behind it, in the order in which it is searched. */
export function scopeFrom(manifest: Manifest, scope: Scope, { space, page, offset }: BytePlace): Scope {
  const ahead = spacesOf(manifest);
  ahead.splice(0, ahead.indexOf(space) + 1);
  const at = BigInt(page) * 4096n + BigInt(offset);
  const regions = scope.regions.flatMap((region) => {
    if (region.space !== space) return ahead.includes(region.space) ? [region] : [];
    return region.end > at ? [{ ...region, start: region.start > at ? region.start : at }] : [];
  });
  return { ...scope, regions };
}

/**
 * A part as people write it: `p1` or `s59` (a space, with `p1` a process with the segments it maps), `0x…-0x…` with a
 * space before it where there are several (`p1:0x7f0000-0x7f2000`; an end left out is that of the space), or a mapping:
 * its name, its path, an address in it.
 * @throws DumpError `not-found`, `bad-request`
 */
export function parseRegions(manifest: Manifest, text: string): Region[] {
  const spaces = spacesOf(manifest);
  const asProcess = /^p(\d{1,10})$/.exec(text);
  if (asProcess && isProcess(manifest, Number(asProcess[1]))) return regionsOfProcess(manifest, Number(asProcess[1]));
  const whole = spaces.find((space) => space === text);
  if (whole) return [wholeSpace(whole)];

  const [, prefix, rest] = /^(?:([a-z]+\d*):)?(.*)$/s.exec(text) ?? [];
  const space = prefix === undefined ? undefined : spaces.find((candidate) => candidate === prefix);
  const range = /^(0x[0-9a-f]+)?-(0x[0-9a-f]+)?$/i.exec(space || prefix === undefined ? rest : "");
  if (range && rest !== "-") {
    const start = range[1] === undefined ? 0n : parseAddress(range[1]);
    const end = range[2] === undefined ? BEYOND : parseAddress(range[2]);
    const of = space ?? (spaces.length === 1 ? spaces[0] : undefined);
    if (of === undefined)
      throw new DumpError("bad-request", `${text} needs its space before it, such as ${spaces[0]}:${text}`, {});
    if (start === undefined || end === undefined || start >= end)
      throw new DumpError("bad-request", `${text} is no range: the first address, then the first one behind it`, {});
    return [{ space: of, start, end }];
  }

  const at = parseAddress(/^0x/i.test(rest) ? rest : "");
  const mappings = [...manifest.laid, ...manifest.segmentMaps]
    .map(({ mapping }) => mapping)
    .filter((mapping) => {
      if (at === undefined) return mapping.path === text || mappingName(mapping) === text;
      const page = Number(at >> 12n);
      return mapping.range.start <= page && page < mapping.range.end && (!space || mapping.space === space);
    });
  if (mappings.length === 0)
    throw new DumpError("not-found", `There is no mapping ${text} in this snapshot`, { mapping: text });
  return mappings.map(({ space: own, spaceStart, range: pages }) => ({
    space: own,
    start: BigInt(spaceStart) * 4096n,
    end: BigInt(spaceStart + pages.end - pages.start) * 4096n,
  }));
}

function isProcess(manifest: Manifest, pid: number): boolean {
  return (
    spacesOf(manifest).includes(spaceOfProcess(pid)) || manifest.segmentMaps.some(({ mapping }) => mapping.pid === pid)
  );
}

/**
 * A scope as people write it: parts (`parseRegions`), `residual`, or a provenance, apart by commas. Without a part it is
 * everywhere.
 * @throws DumpError `not-found`, `bad-request`
 */
export function parseScope(manifest: Manifest, text: string | undefined): Scope {
  const regions: Region[] = [];
  const among = new Set<number>();
  for (const word of (text ?? "").split(",").map((part) => part.trim())) {
    const provenance = PROVENANCES.find((name) => name === (word === "residual" ? "new" : word));
    if (provenance !== undefined) among.add(provenanceCode(provenance));
    else if (word !== "") regions.push(...parseRegions(manifest, word));
  }
  return {
    regions: regions.length > 0 ? regions : spacesOf(manifest).map(wholeSpace),
    among: among.size > 0 ? among : null,
  };
}
