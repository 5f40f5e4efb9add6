/** Colours as three bytes of sRGB, and the one way in which they are mixed: straight in sRGB, rounded once. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** @param hex six digits, with or without `#`. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.replace("#", ""), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `from` at 0, `to` at 1. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (c: 0 | 1 | 2) => Math.round(from[c] + (to[c] - from[c]) * share);
  return [part(0), part(1), part(2)];
}

/** `#rrggbb`, for canvases and SVG. */
export function cssColor(color: Rgb): string {
  return `#${color.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** A colour of a scale of evenly spaced stops; `at` from 0 to 1, clamped. */
export function scaleColor(stops: readonly Rgb[], at: number): Rgb {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  return mix(stops[below], stops[below + 1], place - below);
}
