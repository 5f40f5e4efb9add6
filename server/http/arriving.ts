/** Dumps that are still arriving, in the forms that snapshots have. */

import { encodeRangeBytes } from "../../shared/api/index.ts";
import { isPageChannel } from "../../shared/channel/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { pageAddressOf } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { Arriving } from "../arriving/index.ts";
import { inspectArrivingPage, readLaid } from "../inspect/index.ts";
import type { TileCutter } from "../tiles/index.ts";
import type { Mount } from "./app.ts";
import { sendBytes, sendJson } from "./compression.ts";
import { streamEvents } from "./events.ts";
import { signalOfLeaving } from "./leaving.ts";
import { addressOf, heldDigests, noChannel, tileChannelOf, tileIndices } from "./requested.ts";

export interface ArrivingRoutes {
  readonly arriving: Arriving;
  readonly cutter: TileCutter;
}

export function mountArriving(mount: Mount, { arriving, cutter }: ArrivingRoutes): void {
  mount("arriving", async ({ request, response, params }) =>
    sendJson(request, response, await arriving.look(params.arriving)),
  );

  mount("arrivingEvents", async ({ response, params }) => {
    let tell: () => void = () => undefined;
    const stop = await arriving.watch(params.arriving, () => tell());
    tell = streamEvents("grown", stop, response);
  });

  mount("arrivingTiles", async ({ request, response, params, query }) => {
    const channel = tileChannelOf(params.channel);
    if (channel === "provenance" || isPageChannel(channel)) throw noChannel(`${channel} before the commit`);
    const { strip, layout, pages, tileContent } = await arriving.picture(params.arriving);
    if (!query.content.startsWith(`${layout}-`))
      throw new DumpError("not-found", "More of the dump has come, and it is laid anew: ask for its picture again", {});
    const indices = tileIndices(query.tiles, query.level, strip.end);
    const gone = signalOfLeaving(response);
    const asked = { source: strip, contents: pages.contents, channel, level: query.level };
    const tiles = indices.map((index) =>
      cutter.tile({ ...asked, key: `${params.arriving} ${tileContent(query.level, index)}` }, index, gone),
    );
    const batch = cutter.batch(await Promise.all(tiles), indices, heldDigests(query.held));
    await sendBytes(request, response, "application/octet-stream", batch);
  });

  mount("arrivingPage", async ({ request, response, params, query }) => {
    const { laid, pages, isWhole } = await arriving.picture(params.arriving);
    const page = pageAddressOf(addressOf(query.address));
    await sendJson(request, response, inspectArrivingPage(laid, pages, query.space as Space, page, isWhole));
  });

  mount("arrivingBytes", async ({ request, response, params, query }) => {
    const { laid, pages } = await arriving.picture(params.arriving);
    const range = readLaid(laid, pages, query.space as Space, addressOf(query.address), query.length);
    await sendBytes(request, response, "application/octet-stream", encodeRangeBytes(range));
  });
}
