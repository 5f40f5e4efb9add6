/** The look with which a picture opens: what its address says, and what this browser remembers. */
import { themeInUse } from "../../styles/theme.ts";
import type { Look } from "../../viewer/contract.ts";
import type { PictureUrl } from "../url/picture-url.ts";
import { litCodes } from "./lit.ts";
import { rememberedLines } from "./use-layout-acts.ts";

export function lookOfUrl(url: PictureUrl): Omit<Look, "litProvenance" | "litLeft" | "litWays"> {
  return {
    layout: url.layout,
    channel: url.channel,
    palette: url.palette,
    rasterWidth: url.rasterWidth,
    theme: themeInUse(),
    ...rememberedLines(),
    lit: litCodes(url.channel, url.lit),
  };
}
