/** The commands that every picture has: layouts, channels, zoom, lines, widths. */
import { useSyncExternalStore } from "react";
import { channelTitle } from "../../../shared/channel/index.ts";
import type { Layout } from "../../../shared/layout/index.ts";
import { PALETTES, paletteIn, palettesOf } from "../../../shared/palette/index.ts";
import { type CommandId, useActs } from "../../keys/index.ts";
import type { AnyChannel, Look, Viewer } from "../../viewer/contract.ts";
import { noBestWidth } from "./row-width.tsx";

/** Shows the memory map, or the picture again. */
export interface MapSwitch {
  readonly isShown: boolean;
  show(isShown: boolean): void;
}

export interface LayoutActsOptions {
  /** All get the same look; the first one leads. */
  readonly viewers: readonly Viewer[];
  readonly look: Look;
  readonly channels: readonly AnyChannel[];
  /** Channels that cannot be shown now, each with the reason. */
  readonly unavailable?: Partial<Readonly<Record<AnyChannel, string>>>;
  readonly onChannel: (channel: AnyChannel) => void;
  /** Where there is a memory map, which takes the place of the picture. */
  readonly map?: MapSwitch;
  readonly onFit: () => void;
  /** What a key answers, in the status line. */
  readonly say?: (text: string) => void;
}

type Lines = Pick<Look, "borders" | "pageGrid">;
const LINES_KEY = "dumpscope.lines";

function linesOf({ borders, pageGrid }: Look): Lines {
  return { borders, pageGrid };
}

function rememberLines(lines: Lines): Lines {
  localStorage.setItem(LINES_KEY, `${Number(lines.borders)}${Number(lines.pageGrid)}`);
  return lines;
}

/** Which lines a person wants to see: a habit of theirs, so it is no part of a link. Without a choice the borders. */
export function rememberedLines(): Lines {
  const stored = localStorage.getItem(LINES_KEY) ?? "10";
  return { borders: stored[0] !== "0", pageGrid: stored[1] === "1" };
}

const NARROWEST = 1;
const WIDEST = 65_536;

export function useLayoutActs(options: LayoutActsOptions): void {
  const { viewers, look, channels, unavailable, onChannel, onFit, map, say } = options;
  const setLook = (change: Partial<Look>) => {
    for (const viewer of viewers) viewer.setLook(change);
  };
  const overMap = map?.isShown ? "the map is shown" : undefined;
  const raster = look.layout === "raster" && !map?.isShown ? undefined : "only in the layout Raster";
  const layoutAct = (layout: Layout) => ({
    run: () => {
      map?.show(false);
      setLook({ layout });
    },
    inUse: look.layout === layout && !map?.isShown,
  });
  const widen = (by: number) => ({
    run: () => setLook({ rasterWidth: Math.min(WIDEST, Math.max(NARROWEST, look.rasterWidth + by)) }),
    unavailable: raster,
  });
  const noBest = useSyncExternalStore(viewers[0].subscribe, () =>
    look.layout === "raster" ? noBestWidth(viewers[0].rowWidths()) : undefined,
  );
  useActs({
    "layout-hilbert": layoutAct("hilbert"),
    "layout-z-order": layoutAct("z-order"),
    "layout-raster": layoutAct("raster"),
    ...(map && { "layout-map": { run: () => map.show(true), inUse: map.isShown } }),
    narrower: widen(-1),
    wider: widen(1),
    "much-narrower": widen(-16),
    "much-wider": widen(16),
    "best-width": {
      run: () => {
        const widths = viewers[0].rowWidths();
        if (widths === null || widths === "measuring") return;
        if (widths.peaks[0]) setLook({ rasterWidth: widths.peaks[0].width });
      },
      unavailable: raster ?? noBest,
      refuse: (reason) => say?.(`Best row width: ${reason}`),
    },
    "zoom-in": { run: () => viewers[0].zoomBy(1), unavailable: overMap },
    "zoom-out": { run: () => viewers[0].zoomBy(-1), unavailable: overMap },
    fit: { run: onFit, unavailable: overMap },
    borders: { run: () => setLook(rememberLines({ ...linesOf(look), borders: !look.borders })), inUse: look.borders },
    "page-grid": {
      run: () => setLook(rememberLines({ ...linesOf(look), pageGrid: !look.pageGrid })),
      inUse: look.pageGrid,
    },
    ...Object.fromEntries(
      PALETTES.map((palette) => [
        `palette-${palette}` satisfies CommandId,
        {
          run: () => setLook({ palette: palette === palettesOf(look.channel)[0] ? null : palette }),
          inUse: paletteIn(look.channel, look.palette) === palette,
          unavailable: palettesOf(look.channel).includes(palette)
            ? undefined
            : `${channelTitle(look.channel)} has no such palette`,
        },
      ]),
    ),
    ...Object.fromEntries(
      channels.map((channel, index) => [
        `channel-${channel}` satisfies CommandId,
        {
          run: () => onChannel(channel),
          inUse: look.channel === channel,
          keys: index < 9 ? [String(index + 1)] : [],
          unavailable: unavailable?.[channel],
        },
      ]),
    ),
  });
}
