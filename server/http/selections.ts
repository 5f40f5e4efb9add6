/** Selections over HTTP: the figures of a part of a snapshot, told while it is read; and its files. */
import { pipeline } from "node:stream/promises";
import type { z } from "zod";
import type { SelectionPictureQuerySchema, SelectionQuerySchema, SelectionSchema } from "../../shared/api/index.ts";
import { DumpError, isDumpError } from "../../shared/errors/index.ts";
import { PROVENANCES, provenanceCode } from "../../shared/provenance/index.ts";
import { BYTES_NAME, exportSelection, type SelectedRange, selectedRanges } from "../export/index.ts";
import { type Filling, type Fillings, filledListName, filledListText, filledRanges } from "../filling/index.ts";
import {
  type AbsentFigures,
  absentFigures,
  absentPages,
  figuresOf,
  orderedRegions,
  type Scope,
  spacesOf,
} from "../find/index.ts";
import { type SelectionPicture, selectionLegend, selectionPicture } from "../picture/index.ts";
import type { Manifest, SnapshotRecord } from "../store/index.ts";
import type { AppParts, Mount } from "./app.ts";
import { sendJson } from "./compression.ts";
import { download, safeName } from "./download.ts";
import type { Drawings } from "./drawings.ts";
import { scopeOf } from "./finds.ts";
import { signalOfLeaving } from "./leaving.ts";
import { sendLines } from "./lines.ts";
import { regionsOf } from "./requested.ts";

interface SelectionParts extends Pick<AppParts, "store" | "known" | "finder" | "log"> {
  readonly drawings: Drawings;
  readonly fillings: Fillings;
}

export function mountSelections(mount: Mount, parts: SelectionParts): void {
  const { store, known, finder, drawings, fillings, log } = parts;

  /** Among provenances every page is the dump's. */
  async function fillingFor(record: SnapshotRecord, { filled, among }: SelectionQuery): Promise<Filling | undefined> {
    return filled === "1" && among === undefined ? await fillings.of(record) : undefined;
  }

  mount("figures", async ({ response, params, body }) => {
    const record = store.snapshot(params.snapshot);
    const manifest = store.manifest(record);
    const scope = scopeOf(manifest, body);
    await sendLines(response, log, async function* (signal) {
      for await (const event of finder.measure(record, { scope, signal }))
        yield event.kind === "done"
          ? { ...event, figures: figuresOf(manifest, scope, event.figures, finder.provenance(record, scope)) }
          : event;
    });
  });

  mount("selectionFigures", async ({ request, response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const manifest = store.manifest(record);
    const scope = scopeOfQuery(manifest, query);
    const filling = await fillingFor(record, query);
    for await (const event of finder.measure(record, { scope, signal: signalOfLeaving(response) })) {
      if (event.kind !== "done") continue;
      const ranges = selectedRanges(finder.pages(record, scope, filling));
      const figures = figuresOf(manifest, scope, event.figures, finder.provenance(record, scope));
      const filled = filling ? filledRanges(filling, scope.regions) : null;
      download(response, "application/json", fileName(record, "json"));
      await sendJson(request, response, {
        ...describe(record, query, figures, ranges),
        filled,
        figures,
      });
    }
  });

  mount("selectionBytes", async ({ response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const manifest = store.manifest(record);
    const scope = scopeOfQuery(manifest, query);
    const filling = await fillingFor(record, query);
    const list = filling && {
      name: filledListName(BYTES_NAME),
      text: (whole: { readonly bytes: number; readonly sha256: string }) =>
        filledListText({
          snapshot: record.id,
          out: BYTES_NAME,
          ...whole,
          filled: filledRanges(filling, scope.regions),
        }),
    };
    const exported = {
      reader: filling ?? store.pages,
      batches: () => finder.pages(record, scope, filling),
      describe: (ranges: readonly SelectedRange[]) => describe(record, query, absentFigures(manifest, scope), ranges),
      list,
    };
    const gone = signalOfLeaving(response);
    download(response, "application/x-tar", fileName(record, "tar"));
    try {
      await pipeline(exportSelection(exported, gone), response);
    } catch (error) {
      // Who asked has left; what is wrong with the store itself is told.
      if (!response.destroyed || isDumpError(error)) throw error;
    }
  });

  /** What the picture and its legend tell is counted first. */
  async function pictured(
    record: SnapshotRecord,
    query: z.output<typeof SelectionPictureQuerySchema>,
    signal: AbortSignal,
  ): Promise<SelectionPicture> {
    const manifest = store.manifest(record);
    const scope = scopeOfQuery(manifest, query);
    const filling = await fillingFor(record, query);
    const { in: places = "everywhere", among, layout, channel, palette, width } = query;
    const selection = among === undefined ? places : `${places}, only ${among}`;
    const counts = absentPages(manifest, scope, filling);
    for await (const event of finder.measure(record, { scope, signal }))
      if (event.kind === "done")
        return { scope, selection, figures: event.figures, places: counts, filling, layout, channel, palette, width };
    throw new Error("the measurement ended without saying so");
  }

  mount("selectionPicture", async ({ response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const png = await drawings.draw(response, async (signal) =>
      selectionPicture(store, known, record, await pictured(record, query, signal), signal),
    );
    download(response, "image/png", fileName(record, "png")).send(png);
  });

  mount("selectionLegend", async ({ response, params, query }) => {
    const record = store.snapshot(params.snapshot);
    const choice = await pictured(record, query, signalOfLeaving(response));
    const svg = await selectionLegend(store, known, record, choice);
    download(response, "image/svg+xml", fileName(record, "svg")).send(svg);
  });
}

type SelectionQuery = z.output<typeof SelectionQuerySchema>;

/** Its regions in strip order and apart. @throws DumpError `bad-request`, `not-found` of a space */
function scopeOfQuery(manifest: Manifest, query: SelectionQuery): Scope {
  const spaces = spacesOf(manifest);
  const regions = query.in === undefined ? undefined : regionsOf(query.in);
  const foreign = regions?.find(({ space }) => !spaces.includes(space));
  if (foreign)
    throw new DumpError("not-found", `There is no space ${foreign.space} in this snapshot`, { space: foreign.space });
  const among = provenancesOf(query);
  return {
    regions: orderedRegions(manifest, regions ?? scopeOf(manifest, {}).regions),
    among: among && new Set(among.map(provenanceCode)),
  };
}

/** @throws DumpError `bad-request` */
function provenancesOf({ among }: SelectionQuery) {
  if (among === undefined) return null;
  return among.split(",").map((name) => {
    const provenance = PROVENANCES.find((candidate) => candidate === name);
    if (!provenance) throw new DumpError("bad-request", `${name} is no provenance`, {});
    return provenance;
  });
}

function fileName({ container, name }: SnapshotRecord, extension: string): string {
  return `${safeName(container)}-${name}-selection.${extension}`;
}

function describe(
  { id, name, container, sha256, unpackedSha256 }: SnapshotRecord,
  query: SelectionQuery,
  { absent, ofDeletedFiles }: AbsentFigures,
  ranges: readonly SelectedRange[],
): z.output<typeof SelectionSchema> {
  const among = provenancesOf(query);
  return {
    snapshot: id,
    name,
    container,
    sha256,
    unpackedSha256,
    in: query.in ?? "",
    among,
    leftToFile: absent?.file ?? null,
    ofDeletedFiles,
    ranges: [...ranges],
  };
}
