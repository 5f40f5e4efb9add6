/** Searches over HTTP: each event a line of JSON, sent when it is there; who leaves ends the search. */
import type { Response } from "express";
import type { z } from "zod";
import type { FindRequestSchema, StringRow } from "../../shared/api/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { BEYOND, isSecret, type Region, stringKinds, wholeSpace } from "../../shared/find/index.ts";
import {
  type Address,
  addressOfPage,
  formatAddress,
  type PageAddress,
  parseAddress,
} from "../../shared/memory/index.ts";
import { provenanceCode } from "../../shared/provenance/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Fillings } from "../filling/index.ts";
import {
  type BytePlace,
  type FindEvent,
  type FoundRun,
  filledHit,
  type Match,
  matchOfRun,
  type NotSearched,
  notSearched,
  type Scope,
  scopeFrom,
  spacesOf,
} from "../find/index.ts";
import type { Manifest } from "../store/index.ts";
import type { AppParts, Mount } from "./app.ts";
import { sendLines } from "./lines.ts";

type Asked = z.output<typeof FindRequestSchema>;
type AskedScope = Pick<Asked, "regions" | "among">;

interface FindParts extends Pick<AppParts, "store" | "finder" | "log"> {
  readonly fillings: Fillings;
}

export function mountFinds(mount: Mount, { store, finder, fillings, log }: FindParts): void {
  mount("find", async ({ response, params, body }) => {
    const { record, filling, ...asked } = await askedOf(params.snapshot, body);
    const hitOf = (match: Match, space: Space) => {
      const filled = filling && filledHit(filling, space, match);
      return { address: addressAt(match.page, match.offset), length: match.length, ...(filled && { filled }) };
    };
    await stream(response, hitOf, asked.notSearched, (signal) =>
      finder.find(record, body.pattern, { ...asked.request, signal }),
    );
  });

  mount("strings", async ({ response, params, body }) => {
    const { record, filling, ...asked } = await askedOf(params.snapshot, body);
    const rowOf = (run: FoundRun, space: Space): StringRow => {
      const { page, offset, encoding, length, text } = run;
      const filled = filling && filledHit(filling, space, matchOfRun(run));
      return {
        address: addressAt(page, offset),
        encoding,
        length,
        text,
        kinds: stringKinds(text),
        secret: isSecret(text),
        ...(filled && { filled }),
      };
    };
    const { leastLength, kinds } = body;
    await stream(response, rowOf, asked.notSearched, (signal) =>
      finder.strings(record, { ...asked.request, leastLength, kinds, signal }),
    );
  });

  /** What both kinds of search are asked: where, in what is filled too or not, and how much. */
  async function askedOf(snapshot: string, body: AskedScope & Pick<Asked, "from" | "filled" | "limit">) {
    const record = store.snapshot(snapshot);
    const manifest = store.manifest(record);
    const scope = scopeOf(manifest, body);
    const rest = body.from ? scopeFrom(manifest, scope, placeOf(manifest, body.from)) : scope;
    const filling = body.filled ? await fillings.of(record) : undefined;
    return {
      record,
      filling,
      request: { scope: rest, ...(filling && { filling }), limit: body.limit },
      notSearched: () => notSearched(manifest, scope, filling),
    };
  }

  async function stream<T, Row extends object>(
    response: Response,
    rowOf: (found: T, space: Space) => Row,
    unseen: () => NotSearched | null,
    search: (signal: AbortSignal) => AsyncGenerator<FindEvent<T>>,
  ): Promise<void> {
    await sendLines(
      response,
      log,
      async function* (gone) {
        for await (const event of search(gone)) {
          if (event.kind === "found") yield { ...event, found: event.found.map((one) => rowOf(one, event.space)) };
          else if (event.kind === "done") {
            const { next, searched, ...others } = event;
            yield {
              ...others,
              limitMet: next !== null,
              next: next && { space: next.space, address: addressAt(next.page, next.offset) },
              notSearched: unseen(),
              searched: searched.map(writeRegion),
            };
          } else yield { ...event, searched: event.searched.map(writeRegion) };
        }
      },
      (leftOut, line) =>
        "searched" in leftOut && "searched" in line
          ? { ...line, searched: [...leftOut.searched, ...line.searched] }
          : line,
    );
  }
}

function addressAt(page: number, offset: number): string {
  return formatAddress(addressOfPage(page as PageAddress, offset));
}

/** As requests have them: the last byte of 64 bits has no address behind it. */
function writeRegion({ space, start, end }: Region) {
  return {
    space,
    start: formatAddress(start as Address),
    ...(end === BEYOND ? {} : { end: formatAddress(end as Address) }),
  };
}

/** @throws DumpError `not-found` of the space, `bad-request` */
function placeOf(manifest: Manifest, { space, address }: NonNullable<Asked["from"]>): BytePlace {
  const at = parseAddress(address);
  if (at === undefined) throw new DumpError("bad-request", `${address} is no address`, {});
  return { space: spaceIn(manifest, space), page: Number(at >> 12n), offset: Number(at & 4095n) };
}

/** @throws DumpError `not-found` */
function spaceIn(manifest: Manifest, name: string): Space {
  const space = spacesOf(manifest).find((candidate) => candidate === name);
  if (space === undefined)
    throw new DumpError("not-found", `There is no space ${name} in this snapshot`, { space: name });
  return space;
}

/** @throws DumpError `not-found` of a space, `bad-request` */
export function scopeOf(manifest: Manifest, { regions, among }: AskedScope): Scope {
  return {
    regions: (regions ?? spacesOf(manifest).map((space) => ({ space, start: undefined, end: undefined }))).map(
      (region) => {
        const space = spaceIn(manifest, region.space);
        const whole = wholeSpace(space);
        const start = region.start === undefined ? whole.start : parseAddress(region.start);
        const end = region.end === undefined ? whole.end : parseAddress(region.end);
        if (start === undefined || end === undefined || start >= end)
          throw new DumpError("bad-request", `${region.start} to ${region.end} is no range: it has no bytes`, {});
        return { space, start, end };
      },
    ),
    among: among ? new Set(among.map(provenanceCode)) : null,
  };
}
