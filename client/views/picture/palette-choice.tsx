/** The palette of the channel in use, where it has more than one: a menu in the head of its legend. */
import { PALETTE_TITLES, paletteIn, palettesOf } from "../../../shared/palette/index.ts";
import type { Viewer } from "../../viewer/contract.ts";
import styles from "./palette-choice.module.css";
import { useLook } from "./use-viewer.ts";

export function PaletteChoice({ viewer }: { viewer: Viewer }) {
  const { channel, palette } = useLook(viewer);
  const palettes = palettesOf(channel);
  if (palettes.length === 1) return null;
  return (
    <span className={styles.box}>
      <select
        className={styles.select}
        aria-label="Palette"
        value={paletteIn(channel, palette)}
        onChange={(event) => {
          const chosen = palettes.find((one) => one === event.target.value);
          // The channel's own is no choice: another channel then has its own too.
          if (chosen) viewer.setLook({ palette: chosen === palettes[0] ? null : chosen });
        }}
      >
        {palettes.map((one) => (
          <option key={one} value={one}>
            {PALETTE_TITLES[one]}
          </option>
        ))}
      </select>
    </span>
  );
}
