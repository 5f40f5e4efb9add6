/** One look for both sides: the theme, what is lit, and what going back has changed on the leading one. */
import { useEffect } from "react";
import type { Look, Theme, Viewer } from "../../viewer/contract.ts";
import { litCodes } from "../picture/lit.ts";

/**
 * @param look of side A
 * @param lit names of the channel's codes
 */
export function useJointLook(
  pair: Readonly<Record<"a" | "b", Viewer>>,
  look: Look,
  theme: Theme,
  lit: readonly string[],
): void {
  const { layout, channel, palette, rasterWidth } = look;
  useEffect(() => {
    for (const side of ["a", "b"] as const) pair[side].setLook({ theme, lit: litCodes(channel, lit) });
  }, [pair, theme, channel, lit]);
  useEffect(() => {
    pair.b.setLook({ layout, channel, palette, rasterWidth });
  }, [pair, layout, channel, palette, rasterWidth]);
}
