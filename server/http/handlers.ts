/** What each route does, over the core. Faces hold no rule of their own: these are calls and their answers' form. */

import { statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import type { z } from "zod";
import { encodeRangeBytes, type PictureDifferenceQuerySchema } from "../../shared/api/index.ts";
import { COMPARISON_CHANNELS, type DrawnChannel, isPageChannel, tilesOf } from "../../shared/channel/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { pageAddressOf } from "../../shared/memory/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import { countVerdicts } from "../compare/index.ts";
import { exportDump } from "../export/index.ts";
import { type Fillings, filledContents } from "../filling/index.ts";
import {
  type ComparedSnapshots,
  codedSide,
  codedStrip,
  createStrips,
  filledStrip,
  inspectPage,
  type JointStrip,
  pageContents,
  readBytes,
  type SnapshotStrip,
  snapshotContents,
  snapshotHistograms,
  snapshotSummary,
} from "../inspect/index.ts";
import { addBaseline, deleteUnneeded, describeKnownSet, removeKnownSet } from "../known-sets/index.ts";
import { createPageChannels } from "../page-channels/index.ts";
import { pictureOf } from "../picture/index.ts";
import { renameContainer } from "../store/index.ts";
import { stripReport, stripSnapshot } from "../stripping/index.ts";
import { symbolsOf } from "../symbols/index.ts";
import { tamperOf } from "../tamper/index.ts";
import { type CutChannel, type PageContents, pictureDifference, type TileCutter } from "../tiles/index.ts";
import type { AppParts, Mount } from "./app.ts";
import type { Comparisons } from "./comparisons.ts";
import { sendBytes, sendJson } from "./compression.ts";
import { download, safeName } from "./download.ts";
import type { Drawings } from "./drawings.ts";
import { signalOfLeaving } from "./leaving.ts";
import { createStoredBytes, libraryOf, receiptsOf, SAMPLE } from "./library.ts";
import { streamLines } from "./lines.ts";
import {
  addressOf,
  heldDigests,
  noChannel,
  pageChannelOf,
  regionsOf,
  stripOf,
  tileChannelOf,
  tileIndices,
} from "./requested.ts";
import { createWaysTiles } from "./ways-tiles.ts";

type PictureDifferenceQuery = z.output<typeof PictureDifferenceQuerySchema>;

export interface HandlerParts extends AppParts {
  readonly comparisons: Comparisons;
  readonly cutter: TileCutter;
  readonly drawings: Drawings;
  readonly fillings: Fillings;
}

export function mountHandlers(mount: Mount, parts: HandlerParts): void {
  const { store, known, jobs, uploads, comparisons, cutter, drawings, fillings } = parts;
  const contents = pageContents(store, parts.whenSummarised);
  const strips = createStrips(store, known);

  const storedBytes = createStoredBytes(store);
  mount("library", ({ request, response }) =>
    sendJson(request, response, libraryOf({ store, known, jobs, address: parts.address(), storedBytes })),
  );

  mount("receipts", ({ request, response }) =>
    sendJson(request, response, { receipts: receiptsOf(store.catalog.receipts(), store.catalog.snapshots()) }),
  );

  /** @throws DumpError `not-found` */
  const receiptOf = (receipt: string) => {
    const found = store.catalog.receipts().find((candidate) => String(candidate.receipt) === receipt);
    if (!found) throw new DumpError("not-found", `There is no receipt ${receipt}`, { receipt });
    return found;
  };
  const keptOf = (receipt: string) => {
    const { upload } = receiptOf(receipt);
    if (upload === null) throw new DumpError("not-found", `No bytes are kept of receipt ${receipt}`, { receipt });
    return upload;
  };

  mount("ingest", async ({ response, body }) => {
    // Of a refused dump whose rest was awaited and did not come, what is there may be kept all the same.
    if (body.keepCut && store.catalog.receipts().some(({ upload }) => upload === body.upload))
      await uploads.resize(body.upload);
    const { file, fileName, bytes } = await uploads.arrived(body.upload);
    const arrived = { file, fileName, bytes, upload: body.upload };
    const job =
      body.kind === "known"
        ? jobs.add({
            ...arrived,
            kind: "known",
            name: body.name ?? fileName,
            withBytes: body.withBytes,
            filePath: body.filePath,
          })
        : jobs.add({
            ...arrived,
            kind: "dump",
            container: body.container,
            parent: body.parent,
            asRaw: body.format === "raw",
            base: pageBase(body.base),
            keepCut: body.keepCut,
            once: !body.again,
          });
    response.status(202).json({ job });
  });

  mount("sample", ({ response }) => {
    const started = SAMPLE.map(({ file, container }) => {
      const there = statSync(file, { throwIfNoEntry: false });
      if (!there)
        throw new DumpError("not-found", "The bundled sample is not here: dumps/samples is missing from this copy", {});
      const fileName = file.slice(file.lastIndexOf("/") + 1);
      const options = { parent: undefined, asRaw: false, base: 0n, keepCut: false, once: false };
      return jobs.add({ kind: "dump", file, fileName, bytes: there.size, upload: null, container, ...options });
    });
    response.status(202).json({ jobs: started });
  });

  mount("cancel", ({ response, params }) => {
    if (!jobs.cancel(params.job))
      throw new DumpError("not-found", `There is no job ${params.job}`, { job: params.job });
    response.json({});
  });

  mount("dismiss", ({ response, params }) => {
    const upload = store.catalog.dismissReceipt(receiptOf(params.receipt).receipt);
    if (upload !== null) uploads.drop(upload);
    response.json({});
  });

  mount("kept", async ({ response, params }) => {
    const upload = keptOf(params.receipt);
    response.json({ upload, ...(await uploads.kept(upload)) });
  });

  mount("grow", async ({ response, params, body }) => {
    await uploads.resize(keptOf(params.receipt), body.bytes);
    response.json({});
  });

  mount("snapshot", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const histograms = await snapshotHistograms(store, contents, record);
    await sendJson(request, response, { ...snapshotContents(store, known, record), ...histograms });
  });

  mount("summary", ({ request, response, params }) =>
    sendJson(request, response, snapshotSummary(known, store.snapshot(params.snapshot))),
  );

  mount("stripping", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const gone = signalOfLeaving(response);
    const stripping = await stripSnapshot(store, known, record, { signal: gone });
    const report = stripReport(store, known, record, stripping, await fillings.of(record));
    await sendJson(request, response, { snapshot: record.id, ...report });
  });

  mount("filling", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const { counts, fillers } = await fillings.of(record);
    const told = fillers.map(({ space, start, end, offset, source }) => ({ space, start, end, offset, source }));
    await sendJson(request, response, { snapshot: record.id, ...counts, fillers: told });
  });

  mount("tampering", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const gone = signalOfLeaving(response);
    const tampering = await tamperOf(store, known, record, { signal: gone });
    await sendJson(request, response, { snapshot: record.id, ...tampering });
  });

  mount("filePages", async ({ response, params }) => {
    const record = store.snapshot(params.snapshot);
    await streamLines(response, parts.log, async (send, signal) => {
      await tamperOf(store, known, record, { signal, onPage: send });
    });
  });

  mount("deleteSnapshot", async ({ response, params }) => {
    const record = store.snapshot(params.snapshot);
    await deleteUnneeded(store, record);
    response.json({});
  });

  mount("explainAgainst", ({ response, params, body }) => {
    const { id, container, file, bytes } = store.snapshot(params.snapshot);
    // Told now, not when its turn comes.
    const parent = body.parent === "none" ? "none" : store.snapshot(body.parent).id;
    if (parent === id) throw new DumpError("bad-request", "A snapshot cannot be explained against itself", { parent });
    const job = jobs.add({ kind: "again", snapshot: id, parent, container, fileName: file, bytes, upload: null });
    response.status(202).json({ job });
  });

  mount("rename", async ({ response, params, body }) => {
    {
      using _lock = await store.lock(`rename ${params.container}`);
      renameContainer(store, params.container, body.name);
    }
    jobs.renamed(params.container, body.name);
    response.json({});
  });

  mount("strip", async ({ request, response, params }) => {
    const strip = stripOf(params.strip);
    const record = store.snapshot(params.snapshot);
    await sendJson(request, response, { strip, ...strips.choose(record, strip) });
  });

  mount("tiles", async ({ request, response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const channel = params.channel === "ways" ? "ways" : tileChannelOf(params.channel);
    if (query.content !== undefined && strips.choose(record, query.strip).content !== query.content)
      throw laidOtherwise();
    const source = (channel === "provenance" ? strips.source : strips.unranked)(record, query.strip);
    const laid = query.strip === "all" ? "" : strips.choose(record, query.strip).content;
    if (channel === "ways") {
      const ways = waysTiles.of(record, source.strip, query.within);
      await sendTiles(request, response, {
        source: ways.source,
        contents,
        key: `${laid} ${ways.key}`,
        channel,
        ...query,
      });
      return;
    }
    if (isPageChannel(channel)) {
      const { codes } = pageChannels.of(record, channel);
      await sendTiles(request, response, {
        source: codedStrip(store.manifest(record), source, codes),
        contents,
        key: `${laid} ${record.name} ${pageChannels.keyOf(record, channel)}`,
        channel,
        ...query,
      });
      return;
    }
    const key = `${record.manifest} ${laid} ${channel === "provenance" ? `${record.provenanceBlob} ${known.generation(record)}` : ""}`;
    if (query.filled === "0") return sendTiles(request, response, { source, contents, key, channel, ...query });
    const filling = await fillings.of(record);
    await sendTiles(request, response, {
      source: filledStrip(source, filling, channel),
      contents: filledContents(contents, filling),
      key: `${key} ${filling.key}`,
      channel,
      ...query,
    });
  });

  mount("comparisonTiles", async ({ request, response, params, query }) => {
    const asked = COMPARISON_CHANNELS.find((candidate) => candidate === params.channel);
    const channel = asked && tilesOf(asked);
    if (channel === undefined || channel !== asked) throw noChannel(params.channel);
    const open = comparisons.open(params.a, params.b);
    const strip = comparisons.strip(open, query.strip);
    if (query.content !== undefined && strip.content !== query.content) throw laidOtherwise();
    const { source, key } = sideOf(open, strip, query.side, channel);
    await sendTiles(request, response, {
      source,
      contents,
      key: `${open.a.manifest} ${open.b.manifest} ${strip.content} ${query.side} ${key}`,
      channel,
      ...query,
    });
  });

  /** What a side shows of a channel; `key` names what that is of beside both manifests. */
  function sideOf(
    { a, b, comparison }: ComparedSnapshots,
    { sides }: JointStrip,
    side: "a" | "b",
    channel: DrawnChannel,
  ): { readonly source: SnapshotStrip; readonly key: string } {
    if (!isPageChannel(channel)) return { source: sides[side], key: "" };
    const codes = pageChannels.ofBoth(a, b, channel);
    const manifest = store.manifest(side === "a" ? a : b);
    const ownSpace = (space: Space) => (side === "a" ? comparison.nameInA(space) : space);
    return { source: codedSide(manifest, sides[side], codes[side], ownSpace), key: codes.key };
  }

  const waysTiles = createWaysTiles(store, known);
  const pageChannels = createPageChannels(store, known);
  interface TilesAsked {
    readonly source: SnapshotStrip;
    readonly contents: PageContents;
    readonly key: string;
    readonly channel: CutChannel;
    readonly level: number;
    readonly tiles: string;
    readonly held: string;
  }

  async function sendTiles(
    request: Request,
    response: Response,
    { source, contents: from, key, channel, level, tiles, held }: TilesAsked,
  ): Promise<void> {
    const indices = tileIndices(tiles, level, source.end);
    const options = { held: heldDigests(held), signal: signalOfLeaving(response) };
    const batch = await cutter.tiles({ key, source, contents: from, channel, level }, indices, options);
    await sendBytes(request, response, "application/octet-stream", batch);
  }

  mount("channelCodes", async ({ request, response, params }) => {
    const record = store.snapshot(params.snapshot);
    const channel = pageChannelOf(params.channel);
    await sendJson(request, response, { channel, codes: pageChannels.of(record, channel).rows });
  });

  mount("comparedCodes", async ({ request, response, params }) => {
    const { a, b } = comparisons.open(params.a, params.b);
    const channel = pageChannelOf(params.channel);
    await sendJson(request, response, { channel, codes: pageChannels.ofBoth(a, b, channel).rows });
  });

  mount("page", async ({ request, response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const page = pageAddressOf(addressOf(query.address));
    const filling = await fillings.of(record);
    await sendJson(request, response, inspectPage(store, known, record, query.space as Space, page, filling));
  });

  mount("symbols", ({ request, response, params, query }) =>
    sendJson(request, response, symbolsOf(store, known, store.snapshot(params.snapshot), query.name, query.file)),
  );

  mount("bytes", async ({ request, response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const filling = query.filled === "1" ? await fillings.of(record) : undefined;
    const range = readBytes(store, record, query.space as Space, addressOf(query.address), query.length, filling);
    await sendBytes(request, response, "application/octet-stream", encodeRangeBytes(range));
  });

  mount("picture", async ({ response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const filling = query.filled === "1" ? await fillings.of(record) : undefined;
    const choice = { ...query, filling };
    const png = await drawings.draw(response, (signal) => pictureOf(store, known, record, choice, signal));
    download(response, "image/png", `${safeName(record.container)}-${record.name}-${query.channel}.png`).send(png);
  });

  mount("export", async ({ response, params }) => {
    const record = store.snapshot(params.snapshot);
    const extension = record.format.startsWith("criu") ? "tar" : record.format.startsWith("elf") ? "elf" : "raw";
    download(response, "application/octet-stream", `${safeName(record.container)}-${record.name}.${extension}`);
    try {
      await pipeline(Readable.from(exportDump(store, record)), response);
    } catch (error) {
      // Who asked has left; what is wrong with the dump itself is told.
      if (!response.destroyed || isDumpError(error)) throw error;
    }
  });

  mount("comparison", ({ request, response, params }) =>
    sendJson(request, response, comparisons.describe(comparisons.open(params.a, params.b))),
  );

  mount("comparedSelection", ({ request, response, params, query }) => {
    const { comparison } = comparisons.open(params.a, params.b);
    return sendJson(request, response, countVerdicts(comparison, regionsOf(query.in)));
  });

  mount("comparedPage", ({ request, response, params, query }) => {
    const open = comparisons.open(params.a, params.b);
    return sendJson(
      request,
      response,
      comparisons.page(open, query.space as Space, pageAddressOf(addressOf(query.address))),
    );
  });

  mount("comparisonStrip", async ({ request, response, params }) => {
    const strip = stripOf(params.strip);
    const { content, shown, pages } = comparisons.strip(comparisons.open(params.a, params.b), strip);
    await sendJson(request, response, { strip, content, shown, pages });
  });

  const differenceOf = (open: ComparedSnapshots, query: PictureDifferenceQuery, signal: AbortSignal) => {
    const strip = comparisons.strip(open, query.strip);
    const subjectOf = (side: "a" | "b") => ({ source: sideOf(open, strip, side, query.channel).source, contents });
    return pictureDifference({
      a: subjectOf("a"),
      b: subjectOf("b"),
      strip: strip.sides.b.strip,
      layout: query.layout,
      channel: query.channel,
      level: query.level,
      signal,
    });
  };

  mount("pictureDifference", async ({ request, response, params, query }) => {
    const open = comparisons.open(params.a, params.b);
    const { pixels, width, height, level } = await drawings.draw(response, (signal) =>
      differenceOf(open, query, signal),
    );
    const { layout, channel, strip } = query;
    await sendJson(request, response, { pixels, width, height, level, layout, channel, strip });
  });

  mount("pictureDifferencePng", async ({ response, params, query }) => {
    const open = comparisons.open(params.a, params.b);
    const png = await drawings.draw(response, async (signal) => (await differenceOf(open, query, signal)).png());
    const name = `${safeName(open.a.container)}-${open.a.name}-${open.b.name}-difference.png`;
    download(response, "image/png", name).send(png);
  });

  mount("known", ({ request, response, params }) => {
    const set = known.sets().find(({ record }) => record.name === params.name);
    if (!set) throw new DumpError("not-found", `There is no known set ${params.name}`, { name: params.name });
    return sendJson(request, response, describeKnownSet(known, set, store.catalog.snapshots()));
  });

  mount("addBaseline", async ({ response, params, body }) => {
    await addBaseline(store, store.snapshot(params.snapshot), body.name);
    response.json({});
  });

  mount("removeKnown", async ({ response, params }) => {
    await removeKnownSet(store, params.name);
    response.json({});
  });
}

/** A strip that was laid before known sets have changed. */
function laidOtherwise(): DumpError {
  return new DumpError("not-found", "Its pages are explained otherwise by now: ask for its strip again", {});
}

function pageBase(text: string | undefined): bigint {
  const base = text === undefined ? 0n : addressOf(text);
  if (base % 4096n !== 0n) throw new DumpError("bad-request", "The base of a raw image is divisible by 0x1000", {});
  return base;
}
