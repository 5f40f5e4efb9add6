/** The picture of a dump that grows, and the reading of one place in it. What needs a snapshot says so. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { MAIN_CHANNELS, type TileChannel } from "../../../shared/channel/index.ts";
import { isSameStrip, layStrip, type Strip } from "../../../shared/strip/index.ts";
import { arrivingTiles, snapshotQuery, snapshotTiles, useArrivingPage } from "../../api/index.ts";
import { Minimap, Ruler } from "../../charts/index.ts";
import { Empty, Tabs, tabPanelProps } from "../../controls/index.ts";
import { formatCount, formatHex, formatPart, formatPlural } from "../../format/index.ts";
import { useActs } from "../../keys/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import type { AnyChannel, PictureMapping, Place, Viewer } from "../../viewer/contract.ts";
import { createViewer } from "../../viewer/index.ts";
import { litOf } from "../explain/parts.ts";
import { useFinder } from "../palette/finders.ts";
import { BytesArea } from "../picture/bytes-area.tsx";
import { GotoField } from "../picture/goto-field.tsx";
import { handViewer } from "../picture/handed-viewer.ts";
import { arrivingHexMapping, pointedMappings } from "../picture/hex-mappings.ts";
import { chooseName, litCodes } from "../picture/lit.ts";
import { lookOfUrl } from "../picture/look-of-url.ts";
import { mappingMoves } from "../picture/mapping-moves.ts";
import { pictureMapping } from "../picture/mappings.ts";
import picture from "../picture/picture.module.css";
import { PictureCanvas } from "../picture/picture-canvas.tsx";
import { RowWidth } from "../picture/row-width.tsx";
import { SelectedByte } from "../picture/selected-byte.tsx";
import { SideBar } from "../picture/side-bar.tsx";
import { StatusHover } from "../picture/status-hover.tsx";
import { TileStatusText } from "../picture/tile-status.tsx";
import { TooSmallScreen } from "../picture/too-small-screen.tsx";
import { arrivingBytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import { useLayoutActs } from "../picture/use-layout-acts.ts";
import { DRAWER, NARROW, TOO_SMALL, useMedia, WIDE } from "../picture/use-media.ts";
import { applyUrl, usePictureUrl } from "../picture/use-picture-url.ts";
import { useUrlState } from "../picture/use-url-state.ts";
import { useCursor, useLook, useRegions, useZoom } from "../picture/use-viewer.ts";
import { ValuesSwitch } from "../picture/values-switch.tsx";
import { ViewBar } from "../picture/view-bar.tsx";
import { type Answer, type Atlas, addressOf, findPlace, mappingOf, placeInMaps } from "../place/places.ts";
import { useSelectedText } from "../selection/use-selected-text.ts";
import { announce } from "../shell/announce.ts";
import { Notice } from "../shell/notice.tsx";
import { StatusBar } from "../shell/status-bar.tsx";
import { TitleBar } from "../shell/title-bar.tsx";
import { PageReading } from "../sidebar/page-reading.tsx";
import { foundIn } from "../snapshot/found-places.ts";
import { SnapshotLegend } from "../snapshot/snapshot-legend.tsx";
import { parsePictureUrl } from "../url/picture-url.ts";
import { ArrivalBar } from "./arrival-bar.tsx";
import { ArrivingMappings } from "./arriving-mappings.tsx";
import { changedRanges, type Seen } from "./seen.ts";
import { STAGES } from "./stages.ts";

const TABS = [
  { value: "page", title: "Page" },
  { value: "mappings", title: "Mappings" },
] as const;
const DEFAULTS = { channel: "class", tab: "page", tabs: TABS, strips: ["all"], maps: [] } as const;
type Tab = (typeof TABS)[number]["value"];
/** Of bytes: what is known of pages comes with the commit. */
const BYTE_CHANNELS = ["class", "value", "entropy", "entropy-max", "zeros", "ascii"] as const;
const SHOWN_CHANNELS: readonly AnyChannel[] = [...MAIN_CHANNELS, ...BYTE_CHANNELS.slice(3)];
const FETCHED_AHEAD: readonly TileChannel[] = ["class", "value", "entropy"];
const UNAVAILABLE = { provenance: "Why a page needs no look is known when the dump is committed." } as const;

interface Laid {
  readonly mappings: readonly PictureMapping[];
  readonly strip: Strip;
}

export interface ArrivingViewProps {
  readonly arriving: string;
  readonly seen: Seen;
  /** What it has become. */
  readonly snapshot: string | null;
}

/** Makes the viewer, gives it what has come, and at last hands it to the screen of the snapshot. */
export function ArrivingView({ arriving, seen, snapshot }: ArrivingViewProps) {
  const laid = useLaid(seen);
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const opened = useRef({ seen, laid });
  const isHanded = useRef(false);
  const onHanded = useCallback(() => {
    isHanded.current = true;
  }, []);
  useEffect(() => {
    const first = opened.current;
    const { url } = parsePictureUrl(window.location.search, DEFAULTS);
    const channel = BYTE_CHANNELS.find((one) => one === url.channel) ?? DEFAULTS.channel;
    const made = createViewer({
      ...pictureOf(arriving, first.seen, first.laid),
      look: { ...lookOfUrl({ ...url, channel }), ...litOf(null) },
    });
    applyUrl(made, { ...url, channel }, (place) => placeInMaps(place, first.seen.picture.maps));
    setViewer(made);
    return () => {
      if (!isHanded.current) made.dispose();
    };
  }, [arriving]);

  const { content } = seen.picture;
  useEffect(() => {
    const before = opened.current;
    if (!viewer || before.seen.picture.content === content) return;
    opened.current = { seen, laid };
    const changed = changedRanges(laid.strip, before.seen.picture.laid, seen.picture.laid);
    viewer.setPicture(pictureOf(arriving, seen, laid), changed);
  }, [viewer, arriving, content, seen, laid]);

  if (!viewer) return null;
  return (
    <Watched arriving={arriving} seen={seen} laid={laid} viewer={viewer} snapshot={snapshot} onHanded={onHanded} />
  );
}

/** The strip stays the same object as long as every page stays where it is. */
function useLaid({ picture: { laid } }: Seen): Laid {
  const kept = useRef<Laid | null>(null);
  return useMemo(() => {
    const mappings = laid.map(pictureMapping);
    const strip = layStrip(mappings);
    const before = kept.current?.strip;
    kept.current = { mappings, strip: before && isSameStrip(before, strip) ? before : strip };
    return kept.current;
  }, [laid]);
}

function pictureOf(arriving: string, { picture: { content } }: Seen, { mappings, strip }: Laid) {
  return { mappings, strip, source: arrivingTiles(arriving, content), channels: FETCHED_AHEAD, pageChannel: null };
}

interface WatchedProps extends ArrivingViewProps {
  readonly laid: Laid;
  readonly viewer: Viewer;
  /** The viewer is somebody else's from now on. */
  readonly onHanded: () => void;
}

function Watched({ arriving, seen, laid: { mappings, strip }, viewer, snapshot, onHanded }: WatchedProps) {
  const ids = useId();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const narrow = useMedia(NARROW);
  const drawer = useMedia(DRAWER);
  const wide = useMedia(WIDE);
  const tooSmall = useMedia(TOO_SMALL);
  const look = useLook(viewer);
  const cursor = useCursor(viewer);
  const zoom = useZoom(viewer);
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  const { state, setState, ignored, dismissIgnored } = useUrlState(DEFAULTS);
  const [folded, setFolded] = useState(drawer);
  const [values, setValues] = useState(!narrow);
  const [asked, setAsked] = useState(0);
  const { facts, laid, maps, content, pages, lost } = seen.picture;

  const url = usePictureUrl({
    viewer,
    defaults: DEFAULTS,
    state,
    onState: setState,
    placeOf: (place) => placeInMaps(place, seen.picture.maps),
  });
  const tab: Tab = TABS.find((candidate) => candidate.value === state.tab)?.value ?? DEFAULTS.tab;
  const shownTab: Tab = wide && tab === "page" ? "mappings" : tab;
  const setTab = (next: Tab) => {
    setState({ ...state, tab: next });
    setFolded(false);
  };

  useEffect(() => viewer.setLook({ theme }), [viewer, theme]);
  useEffect(() => {
    viewer.setLook({ lit: litCodes(look.channel, state.lit) });
  }, [viewer, look.channel, state.lit]);

  // The snapshot goes on where this stops: the same viewer, the same address behind its own path.
  useEffect(() => {
    if (snapshot === null) return;
    let isLeft = false;
    void client.fetchQuery(snapshotQuery(snapshot)).then((detail) => {
      if (isLeft) return;
      const next = detail.laid.map(pictureMapping);
      url.now();
      viewer.setPicture({ mappings: next, strip: layStrip(next), source: snapshotTiles(snapshot) }, [[0, strip.end]]);
      onHanded();
      handViewer(snapshot, viewer);
      announce(`Committed as ${detail.container} ${detail.name}`);
      navigate(`/s/${snapshot}${window.location.search}`, { replace: true });
    });
    return () => {
      isLeft = true;
    };
  }, [snapshot, client, viewer, strip, url, navigate, onHanded]);

  const page = useArrivingPage(arriving, content, cursor);
  const mapping = cursor ? mappingOf(laid, cursor) : -1;
  useEffect(() => {
    if (cursor) announce(`${formatHex(addressOf(cursor))}, ${laid[mappingOf(laid, cursor)]?.name ?? "no mapping"}`);
  }, [cursor, laid]);

  const regions = useRegions(viewer);
  const selected = useSelectedText(regions, laid, false);
  const atlas: Atlas = { name: seen.file, maps, strip, choice: "all", cursor };
  const find = (text: string): Answer => findPlace(text, atlas);
  const goTo = (place: Place) => url.jump(() => viewer.setCursor(place, { show: true }));
  const { openMapping, toEdge } = mappingMoves(viewer, strip, mappings, url.jump);
  const setChannel = (channel: AnyChannel) => {
    viewer.setLook({ channel });
    setState({ ...state, lit: [] });
  };

  useLayoutActs({
    viewers: [viewer],
    look,
    channels: SHOWN_CHANNELS,
    unavailable: UNAVAILABLE,
    onChannel: setChannel,
    onFit: viewer.fit,
  });
  useActs({
    address: { run: () => setAsked((count) => count + 1) },
    "fit-mapping": {
      run: () => viewer.fitMapping(mapping),
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "drop-selection": { run: () => (regions.length > 0 ? viewer.setRegions([]) : viewer.setCursor(null)) },
    sidebar: { run: () => setFolded(!folded), inUse: !folded },
    values: { run: () => setValues(!values), inUse: values },
    "tab-page": { run: () => setTab("page"), inUse: tab === "page" },
    "tab-mappings": { run: () => setTab("mappings"), inUse: tab === "mappings" },
  });
  useFinder((text) =>
    foundIn(seen.picture, text, { find, goTo, openMapping, search: null, goToSymbol: null, notes: [] }),
  );

  const mappingsPanel = (
    <ArrivingMappings
      id={`${ids}-mappings`}
      mappings={laid}
      current={mapping}
      onOpen={openMapping}
      onHover={viewer.outline}
    />
  );
  const pagePanel = cursor ? (
    <PageReading
      query={page}
      theme={theme}
      detail={{ maps, facts, snapshot: arriving }}
      place={cursor}
      mapping={laid[mapping] ?? null}
      missing={lost > 0 ? undefined : "not here yet"}
      onMapping={() => openMapping(mapping)}
      onRelated={(_, place) => goTo(place)}
      onOffset={(offset) => viewer.setCursor({ ...cursor, offset }, { show: true })}
      narrow={narrow}
    />
  ) : (
    <Empty>{selected ?? "Nothing is selected"}. Click a cell of the picture, or go to an address.</Empty>
  );

  if (tooSmall) return <TooSmallScreen title={<Title seen={seen} />}>{mappingsPanel}</TooSmallScreen>;
  return (
    <div className={picture.screen}>
      <Title seen={seen} />
      <div className={picture.bars}>
        <ViewBar
          look={look}
          channels={SHOWN_CHANNELS}
          unavailable={UNAVAILABLE}
          narrow={narrow}
          onLayout={(layout) => viewer.setLook({ layout })}
          onChannel={setChannel}
          end={<GotoField place={cursor} find={find} onGo={goTo} asked={asked} />}
        />
        <ArrivalBar seen={seen} narrow={narrow} />
        {seen.reason !== null && <Notice>{seen.reason}</Notice>}
      </div>
      <div className={picture.body}>
        <main className={picture.stage}>
          <h1 className="visually-hidden">{seen.file}</h1>
          <div className={picture.ruler}>
            <Ruler
              viewer={viewer}
              strip={strip}
              mappings={mappings}
              theme={theme}
              ticks={null}
              tickCodes={NO_CODES}
              onGo={goTo}
            />
          </div>
          <div className={picture.view} data-region="picture">
            <PictureCanvas
              viewer={viewer}
              label={`Picture of ${seen.file}, ${look.layout}, ${look.channel}`}
              describedBy={`${ids}-text`}
              selected={selected}
              onStartOfMapping={() => toEdge(mapping, "start")}
              onEndOfMapping={() => toEdge(mapping, "end")}
              onFitMapping={() => mapping >= 0 && viewer.fitMapping(mapping)}
            />
            {look.layout === "raster" && (
              <RowWidth
                viewer={viewer}
                width={look.rasterWidth}
                onWidth={(rasterWidth) => viewer.setLook({ rasterWidth })}
              />
            )}
            <p id={`${ids}-text`} className="visually-hidden">
              {formatCount(strip.mappings.length)} mappings are shown. The panel Mappings lists them with what is here
              of each.
            </p>
          </div>
          <ArrivingBytes
            key={layoutOf(content)}
            arriving={arriving}
            seen={seen}
            viewer={viewer}
            place={cursor}
            selected={selected}
            values={values}
            onGo={goTo}
            note={narrow ? <ValuesSwitch onPress={() => setValues(!values)} /> : undefined}
          />
        </main>
        <SideBar folded={folded} onToggle={() => setFolded(!folded)}>
          <SnapshotLegend
            viewer={viewer}
            detail={{ pages, classes: null, entropy: null, provenance: null, notHere: pages.absent.missing - lost }}
            look={look}
            level={zoom.level}
            narrow={narrow}
            minimap={<Minimap viewer={viewer} />}
            onChoose={(name, add) => setState({ ...state, lit: chooseName(state.lit, name, add) })}
            onReset={() => setState({ ...state, lit: [] })}
          />
          {wide && <div className={picture.upper}>{pagePanel}</div>}
          <Tabs
            id={`${ids}-tabs`}
            label="Panels"
            tabs={wide ? TABS.slice(1) : TABS}
            value={shownTab}
            onChoose={setTab}
          />
          <div className={picture.panel} {...tabPanelProps(`${ids}-tabs`, shownTab)}>
            {shownTab === "page" && pagePanel}
            {shownTab === "mappings" && mappingsPanel}
          </div>
        </SideBar>
      </div>
      <StatusBar
        left={
          <StatusHover
            viewer={viewer}
            mappings={mappings}
            selected={<SelectedByte place={cursor} said={null} selected={selected} />}
          />
        }
        notice={ignored !== null && <Notice onDismiss={dismissIgnored}>{ignored}</Notice>}
        right={<TileStatusText viewer={viewer} />}
      />
    </div>
  );
}

const NO_CODES: ReadonlySet<number> = new Set();

/** The part of a picture's name that stays until pages stand at other places. */
function layoutOf(content: string): string {
  return content.slice(0, content.indexOf("-"));
}

interface ArrivingBytesProps
  extends Pick<Parameters<typeof BytesArea>[0], "place" | "selected" | "values" | "onGo" | "note"> {
  readonly arriving: string;
  readonly seen: Seen;
  readonly viewer: Viewer;
}

function ArrivingBytes({ arriving, seen, viewer, ...area }: ArrivingBytesProps) {
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  const { content, facts, laid, maps } = seen.picture;
  const hex = useHexPane(
    () => ({
      sides: [
        {
          name: "this dump",
          source: arrivingBytesSource(arriving, viewer),
          byteOrder: facts.byteOrder,
          pointed: pointedMappings(maps),
        },
      ],
      mappings: laid.map(arrivingHexMapping),
    }),
    viewer,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever more is here
  useEffect(() => hex?.renew(), [hex, content]);
  return <BytesArea {...area} pane={hex} sides={1} height="bytes" theme={theme} />;
}

function Title({ seen }: { seen: Seen }) {
  const { stage, bytes, totalBytes, picture: shown } = seen;
  const part = totalBytes > 0 ? formatPart(bytes, totalBytes) : "";
  return (
    <TitleBar crumbs={[{ title: "Library", href: "/" }, { title: seen.file }]}>
      <span>{stage === "uploading" ? part : STAGES[stage]}</span>
      <span>{formatPlural(shown.here, "page")} so far</span>
    </TitleBar>
  );
}
