/** The palette of the channel in use, where it has more than one: a menu in the head of its legend. */
import { PALETTE_TITLES, paletteIn, palettesOf } from "../../../shared/palette/index.ts";
import { Select } from "../../controls/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import { useLook } from "./use-viewer.ts";

export function PaletteChoice({ viewer }: { viewer: Viewer }) {
  const { channel, palette } = useLook(viewer);
  const palettes = palettesOf(channel);
  if (palettes.length === 1) return null;
  return (
    <Select
      look="quiet"
      label="Palette"
      choices={palettes.map((one) => ({ value: one, title: PALETTE_TITLES[one] }))}
      value={paletteIn(channel, palette)}
      // The channel's own is no choice: another channel then has its own too.
      onChoose={(chosen) => viewer.setLook({ palette: chosen === palettes[0] ? null : chosen })}
    />
  );
}
