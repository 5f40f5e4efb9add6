/**
 * Gives the data colours of `shared/palette` to style sheets as custom properties of the root element, so that no
 * data colour is written twice: `--class-<code>`, `--class-text-<code>`, `--provenance-<name>`, `--verdict-<name>`,
 * `--data-<place>` and `--data-<place>-line`, `--write-execute`.
 */
import {
  CLASS_COLORS,
  CLASS_TEXT_COLORS,
  cssColor,
  PERMISSION_COLORS,
  PLACE_COLORS,
  PROVENANCE_COLORS,
  type Rgb,
  VERDICT_COLORS,
  VIRIDIS,
} from "../../shared/palette/index.ts";
import { PROVENANCES, VERDICTS } from "../../shared/provenance/index.ts";
import { BYTE_CLASSES } from "../../shared/summary/index.ts";
import type { Theme } from "../viewer/contract.ts";

const PLACES = ["not-loaded", "gap", "image", "untouched", "excluded", "missing"] as const;

export function applyDataColors(theme: Theme): void {
  const style = document.documentElement.style;
  const set = (name: string, color: Rgb) => style.setProperty(name, cssColor(color));
  BYTE_CLASSES.forEach((name, code) => {
    set(`--class-${code}`, CLASS_COLORS[theme][name]);
    set(`--class-text-${code}`, CLASS_TEXT_COLORS[theme][name]);
  });
  for (const name of PROVENANCES) set(`--provenance-${name}`, PROVENANCE_COLORS[theme][name]);
  for (const name of VERDICTS) set(`--verdict-${name}`, VERDICT_COLORS[theme][name]);
  for (const place of PLACES) {
    set(`--data-${place}`, PLACE_COLORS[theme][place].ground);
    set(`--data-${place}-line`, PLACE_COLORS[theme][place].mark);
  }
  set("--write-execute", PERMISSION_COLORS[theme].writeExecute);
  style.setProperty("--data-viridis", VIRIDIS.map(cssColor).join(", "));
}
