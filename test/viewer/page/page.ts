/** The viewer alone on a page, for tests: `window.viewer` and what it is made of. */
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import { createViewer } from "../../../client/viewer/index.ts";
import { LEFT_TO_ANY_FILE } from "../../../shared/tile/index.ts";
import { synthetic } from "../synthetic.ts";

const parameters = new URLSearchParams(location.search);
const made = synthetic({
  delayMs: Number(parameters.get("delay") ?? 0),
  side: (parameters.get("side") as "a" | "b" | undefined) ?? undefined,
});
const viewer = createViewer({
  strip: made.strip,
  mappings: made.mappings,
  source: made.source,
  channels: ["class", "value", "entropy", "provenance"],
  look: {
    layout: "hilbert",
    channel: "class",
    palette: null,
    rasterWidth: 256,
    theme: "dark",
    borders: true,
    pageGrid: false,
    lit: null,
    litProvenance: null,
    litLeft: LEFT_TO_ANY_FILE,
    litWays: null,
  },
});
viewer.attach(document.querySelector<HTMLElement>("#picture")!);
Object.assign(window, { viewer, made });
