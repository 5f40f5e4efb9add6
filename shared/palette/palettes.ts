/**
 * The palettes that a person can choose, and which of them a channel has. Categories have colours of their own; only
 * byte classes are also known by others' colours, and whatever is a scale can be read on any ordered one.
 */
import type { AnyChannel } from "../channel/index.ts";
import type { Rgb } from "./color.ts";
import { CIVIDIS, GREY, MAGMA, VIRIDIS } from "./tables.ts";

/** `safe`: every pair is told apart by any colour vision. `classic`: byte classes as binvis.io has them. */
export const PALETTES = ["safe", "classic", "viridis", "magma", "cividis", "grey"] as const;
export type Palette = (typeof PALETTES)[number];

export const PALETTE_TITLES: Readonly<Record<Palette, string>> = {
  safe: "Safe",
  classic: "Classic (binvis.io)",
  viridis: "Viridis",
  magma: "Magma",
  cividis: "Cividis",
  grey: "Grey",
};

type ScalePalette = Exclude<Palette, "safe" | "classic">;

/** Evenly spaced colours, from the least value to the most. */
export const SCALES: Readonly<Record<ScalePalette, readonly Rgb[]>> = {
  viridis: VIRIDIS,
  magma: MAGMA,
  cividis: CIVIDIS,
  grey: GREY,
};

/** Palettes of a channel, its own first. */
export function palettesOf(channel: AnyChannel): readonly [Palette, ...Palette[]] {
  switch (channel) {
    case "class":
      return ["safe", "classic"];
    case "value":
      return ["grey", "viridis", "magma", "cividis"];
    case "entropy":
    case "entropy-max":
      return ["viridis", "magma", "cividis", "grey"];
    case "zeros":
    case "ascii":
      return ["grey", "viridis", "magma", "cividis"];
    case "changes":
    case "first-seen":
      return ["cividis", "viridis", "magma", "grey"];
    case "provenance":
    case "permissions":
    case "kind":
    case "file":
    case "verdict":
    case "hits":
      return ["safe"];
    default:
      return channel satisfies never;
  }
}

/** The palette that a channel is drawn with: the chosen one where it has that, else its own. */
export function paletteIn(channel: AnyChannel, chosen: Palette | null): Palette {
  const palettes = palettesOf(channel);
  return chosen !== null && palettes.includes(chosen) ? chosen : palettes[0];
}

/** Stops of a scale's palette. @throws RangeError for a palette of categories */
export function scaleOf(palette: Palette): readonly Rgb[] {
  if (palette === "safe" || palette === "classic") throw new RangeError(`${palette} is a palette of categories`);
  return SCALES[palette];
}
