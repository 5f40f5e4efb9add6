/** Charts and the bytes pane beside a viewer, for pictures in tests: `?side=pair` shows the two-sided bytes. */
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "../../../client/styles/tokens.css";
import { useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { ClassBar, EntropyLegend, Histogram, Minimap, Ruler } from "../../../client/charts/index.ts";
import { BytesPane, createHexPane, type HexSide } from "../../../client/hex/index.ts";
import { createViewer, type Viewer } from "../../../client/viewer/index.ts";
import { positionOfPage } from "../../../shared/strip/index.ts";
import { CLASS_OF_BYTE } from "../../../shared/summary/index.ts";
import { cellStateCode, LEFT_TO_ANY_FILE } from "../../../shared/tile/index.ts";
import { type Synthetic, synthetic } from "../synthetic.ts";

const parameters = new URLSearchParams(location.search);
const theme = parameters.get("theme") === "light" ? "light" : "dark";
document.documentElement.dataset.theme = theme;
const made = synthetic();
const viewer = createViewer({
  strip: made.strip,
  mappings: made.mappings,
  source: made.source,
  look: {
    layout: "hilbert",
    channel: parameters.get("channel") === "provenance" ? "provenance" : "class",
    rasterWidth: 256,
    theme,
    borders: true,
    pageGrid: false,
    lit: null,
    litProvenance: null,
    litLeft: LEFT_TO_ANY_FILE,
    litWays: null,
  },
});

function sideOf(name: string, content: Synthetic, edit: (position: number, bytes: Uint8Array) => Uint8Array): HexSide {
  const positionOf = (space: "p1", page: number) => positionOfPage(content.strip, space, page as never);
  return {
    name,
    byteOrder: "little",
    source: {
      stateOf: (space, page) => viewer.pageState(space, page),
      subscribe: viewer.subscribe,
      async read(space, page, pages) {
        const states = new Uint8Array(pages).fill(255);
        const bytes = new Uint8Array(pages * 4096);
        for (let n = 0; n < pages; n++) {
          const at = positionOf(space as "p1", page + n);
          const found = at === undefined ? undefined : content.bytesAt(at);
          if (!found || at === undefined) continue;
          states[n] = 0;
          bytes.set(edit(at, found), n * 4096);
        }
        return { states, bytes };
      },
    },
  };
}

const same = (_: number, bytes: Uint8Array) => bytes;
const edited = (position: number, bytes: Uint8Array) => {
  const copy = bytes.slice();
  if (position % 3 === 0) copy.set([0x31, 0x32, 0x33], 0x25);
  return copy;
};
const isPair = parameters.get("side") === "pair";
const pane = createHexPane({
  sides: isPair ? [sideOf("t0", made, same), sideOf("t1", made, edited)] : [sideOf("t1", made, same)],
  mappings: made.mappings,
  theme,
  onMove: (place) => viewer.setCursor(place, { show: true }),
});

function Stage({ viewer }: { viewer: Viewer }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => viewer.attach(host.current!), [viewer]);
  return <div className="stage" ref={host} />;
}

function Panes() {
  const cursor = useSyncExternalStore(viewer.subscribe, () => viewer.cursor);
  const { counts, classes } = useMemo(() => {
    const at = cursor ? positionOfPage(made.strip, cursor.space, cursor.page) : undefined;
    const counts = new Array<number>(256).fill(0);
    const classes = new Array<number>(6).fill(0);
    for (const byte of (at === undefined ? undefined : made.bytesAt(at)) ?? []) {
      counts[byte]++;
      classes[CLASS_OF_BYTE[byte]]++;
    }
    return { counts, classes };
  }, [cursor]);
  return (
    <>
      <Ruler
        viewer={viewer}
        strip={made.strip}
        mappings={made.mappings}
        theme={theme}
        ticks="provenance"
        tickCodes={new Set([3, 4, 5])}
        onGo={(place) => viewer.setCursor(place, { show: true })}
      />
      <div className="side">
        <Minimap viewer={viewer} />
        <EntropyLegend
          windows={Array.from(
            { length: 64 },
            (_, n) => Math.round(900 * Math.exp(-((n - 30) ** 2) / 60)) + (n === 58 ? 500 : 0),
          )}
        />
        <ClassBar counts={classes} theme={theme} />
        <Histogram counts={counts} />
      </div>
      <Stage viewer={viewer} />
      <div className="bytes">
        <BytesPane
          pane={pane}
          theme={theme}
          place={cursor}
          values={!isPair}
          onGo={(place) => viewer.setCursor(place, { show: true })}
        />
      </div>
    </>
  );
}

createRoot(document.getElementById("panes")!).render(<Panes />);
Object.assign(window, { viewer, made, pane, recorded: cellStateCode("recorded") });
