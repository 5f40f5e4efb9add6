/** A picture is drawn in the palette that was asked for, or not at all: never in another one. */
import { type Channel, channelTitle } from "../../shared/channel/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import { type Palette, palettesOf } from "../../shared/palette/index.ts";

/** @throws DumpError `bad-request` when the channel does not have the palette */
export function demandPalette(channel: Channel, palette: Palette | undefined): void {
  const palettes = palettesOf(channel);
  if (palette === undefined || palettes.includes(palette)) return;
  throw new DumpError(
    "bad-request",
    `${channelTitle(channel)} has no palette ${palette}; it has ${palettes.join(", ")}`,
    {
      channel,
      palette,
    },
  );
}
