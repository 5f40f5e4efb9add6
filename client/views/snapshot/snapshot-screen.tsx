/** A snapshot: its picture, what explains it, and the reading of one place in all panels. */
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { CHANNELS, MAIN_CHANNELS } from "../../../shared/channel/index.ts";
import { type Address, parseAddress } from "../../../shared/memory/index.ts";
import { provenanceCode } from "../../../shared/provenance/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { layStrip, positionOfPage, STRIPS, type StripChoice } from "../../../shared/strip/index.ts";
import {
  snapshotTiles,
  urlOf,
  useChannelCodes,
  useFilling,
  useFollowedProvenance,
  useLibrary,
  usePage,
  useSnapshot,
} from "../../api/index.ts";
import { Minimap, pairText, Ruler } from "../../charts/index.ts";
import { Tabs, tabPanelProps } from "../../controls/index.ts";
import { formatCount, formatHash, formatHex, formatPlural, formatTime } from "../../format/index.ts";
import { useActs } from "../../keys/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import type { AnyChannel, Place, Viewer } from "../../viewer/contract.ts";
import { createViewer } from "../../viewer/index.ts";
import { ExplanationBar, LossesLine } from "../explain/explanation-bar.tsx";
import { type Choosable, choosePart, isResidualOnly, litOf, RESIDUAL } from "../explain/parts.ts";
import { FilledHead } from "../filling/filled-head.tsx";
import { filledTextOf, fillersOf } from "../filling/fillers.ts";
import { FillingLegend } from "../filling/filling-legend.tsx";
import { useFilledPicture } from "../filling/use-filled-picture.ts";
import { FindPanel } from "../find/find-panel.tsx";
import type { Wanted } from "../find/follow-search.ts";
import { RingedHits } from "../find/ringed-hits.tsx";
import { searchedNumbers, unsearchedText } from "../find/searched-words.ts";
import { useFind } from "../find/use-find.ts";
import { useFindActs } from "../find/use-find-acts.ts";
import { notesOnPage } from "../notes/noted-places.ts";
import { NotesPanel } from "../notes/notes-panel.tsx";
import { PageNotes } from "../notes/page-notes.tsx";
import { useSnapshotNotes } from "../notes/use-snapshot-notes.ts";
import { useFinder } from "../palette/finders.ts";
import { BytesArea } from "../picture/bytes-area.tsx";
import { GotoField } from "../picture/goto-field.tsx";
import { handedViewer, takeHandedViewer } from "../picture/handed-viewer.ts";
import { hexMapping, pointedMappings } from "../picture/hex-mappings.ts";
import { chooseName, litCodes } from "../picture/lit.ts";
import { lookOfUrl } from "../picture/look-of-url.ts";
import { mappingMoves } from "../picture/mapping-moves.ts";
import { pictureMapping } from "../picture/mappings.ts";
import { OpeningScreen } from "../picture/opening-screen.tsx";
import picture from "../picture/picture.module.css";
import { PictureCanvas } from "../picture/picture-canvas.tsx";
import { RowWidth } from "../picture/row-width.tsx";
import { SelectedByte } from "../picture/selected-byte.tsx";
import { SelectedCell } from "../picture/selected-cell.tsx";
import { SideBar } from "../picture/side-bar.tsx";
import { StatusHover } from "../picture/status-hover.tsx";
import { StripSwitch } from "../picture/strip-switch.tsx";
import { TileStatusText } from "../picture/tile-status.tsx";
import { TooSmallScreen } from "../picture/too-small-screen.tsx";
import { UnopenedScreen } from "../picture/unopened-screen.tsx";
import { useCopyLink } from "../picture/use-copy-link.ts";
import { filledBytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import { useLayoutActs } from "../picture/use-layout-acts.ts";
import { DRAWER, NARROW, TOO_SMALL, useMedia, WIDE } from "../picture/use-media.ts";
import { usePageStates } from "../picture/use-page-states.ts";
import { applyUrl, usePictureUrl } from "../picture/use-picture-url.ts";
import { useSaid } from "../picture/use-said.ts";
import { useSiblings } from "../picture/use-siblings.ts";
import { useStripActs } from "../picture/use-strip-acts.ts";
import { type UrlState, useUrlState } from "../picture/use-url-state.ts";
import { useCursor, useLook, useRegions, useZoom } from "../picture/use-viewer.ts";
import { ValuesSwitch } from "../picture/values-switch.tsx";
import { ViewBar } from "../picture/view-bar.tsx";
import { followAnswer } from "../place/follow-answer.ts";
import { type Answer, type Atlas, addressOf, findPlace, mappingOf, placeAt, placeInMaps } from "../place/places.ts";
import { findSymbol, parseSymbol } from "../place/symbol-places.ts";
import { askedRegions } from "../selection/asked-regions.ts";
import { exportLook } from "../selection/export-files.tsx";
import { SelectionPanel } from "../selection/selection-panel.tsx";
import { residualOf, selectionWays } from "../selection/selection-ways.ts";
import { useSelectedText } from "../selection/use-selected-text.ts";
import { announce } from "../shell/announce.ts";
import { Notice } from "../shell/notice.tsx";
import { StatusBar } from "../shell/status-bar.tsx";
import { TitleBar } from "../shell/title-bar.tsx";
import { FactsPanel } from "../sidebar/facts-panel.tsx";
import { MappingsPanel } from "../sidebar/mappings-panel.tsx";
import { PageReading } from "../sidebar/page-reading.tsx";
import { StrippedPanel } from "../stripped/stripped-panel.tsx";
import { litByWays, type WayFilter } from "../stripped/way-filter.ts";
import { WaysLead } from "../stripped/ways-lead.tsx";
import { formatPlace, type PictureUrl, parsePictureUrl } from "../url/picture-url.ts";
import { useLongParts } from "../url/use-long-parts.ts";
import { CompareMenu } from "./compare-menu.tsx";
import { foundIn } from "./found-places.ts";
import { useLegendNumbers } from "./legend-of.tsx";
import { MapView } from "./map-view.tsx";
import { useProvenanceTiles } from "./page-provenance.ts";
import { ParentInput } from "./parent-input.tsx";
import { SnapshotLegend } from "./snapshot-legend.tsx";
import { stripNote } from "./strip-note.ts";
import { type ChosenStrip, type LaidStrip, useChosenStrip } from "./use-chosen-strip.ts";
import { useEntropySearch } from "./use-entropy-search.ts";
import { useFirstPlace } from "./use-first-place.ts";
import { useResidualSteps } from "./use-residual-steps.ts";

/** Hits are found here, and drawn nowhere else. */
const SHOWN_CHANNELS: readonly AnyChannel[] = [...CHANNELS, "hits"];
const TABS = [
  { value: "page", title: "Page" },
  { value: "mappings", title: "Mappings" },
  { value: "selection", title: "Selection" },
  { value: "stripped", title: "Stripped" },
  { value: "facts", title: "Facts" },
  { value: "find", title: "Find" },
  { value: "notes", title: "Notes" },
] as const;
const DEFAULTS = { channel: "class", tab: "page", tabs: TABS, strips: STRIPS, maps: ["recorded", "virtual"] } as const;
type Tab = (typeof TABS)[number]["value"];

/** What stays lit: by parts of the explanation bar, or by ways. */
function litOfFilters(parts: PictureUrl["parts"], ways: PictureUrl["ways"]) {
  return ways ? litByWays(ways) : litOf(parts);
}

export function SnapshotScreen({ snapshot }: { snapshot: string }) {
  const query = useSnapshot(snapshot);
  const isLinkLoaded = useLongParts();
  if (query.data && isLinkLoaded) return <WithViewer key={query.data.snapshot} detail={query.data} />;
  if (query.error) {
    return (
      <UnopenedScreen
        error={query.error}
        title="The snapshot cannot be shown"
        missing={`${snapshot} names none of the snapshots of this store.`}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <OpeningScreen sentence="The snapshot is being opened." />;
}

/** Makes the viewer of a snapshot, or takes the one that watched it arrive, and releases it. */
function WithViewer({ detail }: { detail: SnapshotDetail }) {
  // What explains its pages may change, where they are does not.
  const [all] = useState(() => allOf(detail));
  const url = useUrlState(DEFAULTS);
  const chosen = useChosenStrip(detail, all, url.state.strip);
  const { strip, mappings, source } = chosen.laid;
  const isLaid = url.opened.strip === "all" || !chosen.isLaying;
  const [viewer, setViewer] = useState<Viewer | null>(() => handedViewer(detail.snapshot));
  // Made once, of the strip that the address asks for; another one is given to it later.
  const first = useRef({ strip, mappings, source });
  if (viewer === null) first.current = { strip, mappings, source };
  // Counts in them change, places do not.
  const maps = useRef(detail.maps);
  useEffect(() => {
    if (!isLaid) return;
    const handed = takeHandedViewer(detail.snapshot);
    if (handed) {
      setViewer(handed.viewer);
      return handed.release;
    }
    const { url } = parsePictureUrl(window.location.search, DEFAULTS);
    const made = createViewer({
      ...first.current,
      channels: MAIN_CHANNELS,
      look: { ...lookOfUrl(url), ...litOfFilters(url.parts, url.ways) },
    });
    applyUrl(made, url, (place) => placeInMaps(place, maps.current));
    setViewer(made);
    return () => made.dispose();
  }, [detail.snapshot, isLaid]);
  if (!isLaid) return <OpeningScreen sentence="The strip is being laid." />;
  return viewer && <SnapshotView detail={detail} all={all} chosen={chosen} urlState={url} viewer={viewer} />;
}

function allOf(detail: SnapshotDetail): LaidStrip {
  const mappings = detail.laid.map(pictureMapping);
  return { choice: "all", strip: layStrip(mappings), mappings, source: snapshotTiles(detail.snapshot), pages: null };
}

interface SnapshotViewProps {
  readonly detail: SnapshotDetail;
  readonly all: LaidStrip;
  readonly chosen: ChosenStrip;
  readonly urlState: UrlState;
  readonly viewer: Viewer;
}

function SnapshotView({ detail, all, chosen, urlState, viewer }: SnapshotViewProps) {
  const { strip, mappings, source } = chosen.laid;
  const ids = useId();
  const [, navigate] = useLocation();
  const narrow = useMedia(NARROW);
  const drawer = useMedia(DRAWER);
  const wide = useMedia(WIDE);
  const tooSmall = useMedia(TOO_SMALL);
  const look = useLook(viewer);
  const cursor = useCursor(viewer);
  const zoom = useZoom(viewer);
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  const { opened, state, setState, ignored, dismissIgnored } = urlState;
  const [folded, setFolded] = useState(drawer);
  const [values, setValues] = useState(!narrow);
  const [asked, setAsked] = useState(0);
  const [said, setSaid] = useSaid(viewer, cursor);
  const parentFile = useRef<HTMLInputElement>(null);

  const url = usePictureUrl({
    viewer,
    defaults: DEFAULTS,
    state,
    onState: setState,
    placeOf: (place) => placeInMaps(place, detail.maps),
  });
  useCopyLink(url, setSaid);
  const tab: Tab = TABS.find((candidate) => candidate.value === state.tab)?.value ?? DEFAULTS.tab;
  // A wide window has room for the page beside the others.
  const shownTab: Tab = wide && tab === "page" ? "mappings" : tab;
  const setTab = (next: Tab) => {
    setState({ ...state, tab: next });
    setFolded(false);
  };

  useEffect(() => viewer.setLook({ theme }), [viewer, theme]);
  useEffect(() => {
    viewer.setLook({ lit: litCodes(look.channel, state.lit), ...litOfFilters(state.parts, state.ways) });
  }, [viewer, look.channel, state.lit, state.parts, state.ways]);

  const { data: library } = useLibrary();
  const knownSets = library?.knownSets.map(({ name, addedAt }) => `${name} ${addedAt}`) ?? [];
  const leftToFile = detail.pages.absent.file;
  const { data: filling } = useFilling(detail.snapshot, knownSets, library !== undefined && leftToFile > 0);
  const shownFilling = state.filled ? (filling ?? null) : null;
  const filledAt = useMemo(() => (shownFilling ? filledTextOf(fillersOf(shownFilling)) : undefined), [shownFilling]);
  const siblings = useSiblings(library, detail);
  const { data: told } = useChannelCodes(detail.snapshot, look.channel, siblings.names);
  // What explains the pages, and the snapshots that some channels are of: with others no tile is that of before.
  const explained = useMemo(() => ({ laid: detail.laid, since: siblings.since }), [detail.laid, siblings.since]);
  useFilledPicture({ viewer, strip, mappings, source, filling: shownFilling, explained });
  const filledNow = useRef(filledAt);
  useLayoutEffect(() => {
    filledNow.current = filledAt;
  });

  useFollowedProvenance(detail);
  const page = usePage(detail.snapshot, cursor);
  const search = useFind(detail.snapshot);
  useEffect(() => viewer.setSearched(search.searched), [viewer, search.searched]);
  const noted = useSnapshotNotes(detail.snapshot, viewer);
  const [askedNote, setAskedNote] = useState(0);
  const provenance = useProvenanceTiles(detail.snapshot, source);
  const mapping = cursor ? mappingOf(detail.laid, cursor) : -1;
  const states = usePageStates(viewer, all.strip, all.source);
  const hex = useHexPane(
    () => ({
      sides: [
        {
          name: detail.name,
          source: filledBytesSource(detail.snapshot, states, () => filledNow.current),
          byteOrder: detail.facts.byteOrder,
          pointed: pointedMappings(detail.maps),
        },
      ],
      mappings: detail.laid.map(hexMapping),
    }),
    viewer,
  );

  useEffect(() => hex?.setNotes(0, noted.marked), [hex, noted.marked]);
  useEffect(() => hex?.setHits(0, search.hits), [hex, search.hits]);

  useFirstPlace({
    tiles: provenance,
    strip,
    viewer,
    isGiven: opened.at !== null || opened.regions.length > 0,
    imply: url.imply,
  });

  useEffect(() => {
    if (!cursor) return;
    const name = detail.laid[mappingOf(detail.laid, cursor)]?.name ?? "no mapping";
    announce(`${formatHex(addressOf(cursor))}, ${name}`);
  }, [cursor, detail]);

  const atlas: Atlas = { name: detail.name, maps: detail.maps, strip, choice: chosen.laid.choice, cursor };
  const find = (text: string): Answer => findPlace(text, atlas);
  const goTo = (place: Place, said?: string) => {
    url.jump(() => viewer.setCursor(place, { show: true }));
    if (said !== undefined) setSaid(said);
  };
  const lookUp = (text: string): Promise<Answer> => {
    const written = parseSymbol(text);
    return written ? findSymbol(detail.snapshot, written, atlas) : Promise.resolve({ answer: "no-address" });
  };
  const goToHit = (index: number) => {
    const hit = search.hits[index];
    if (!hit) return;
    search.setCurrent(index);
    url.jump(() => viewer.setCursor(hit.place, { show: true }));
  };
  // A search that did not begin in the panel: it is made anew, with what is searched for.
  const [preset, setPreset] = useState(0);
  const searchFor = (text: string) => {
    search.search({
      wanted: { kind: "pattern", form: "text", text, ignoreCase: false },
      scope: {},
      filled: state.filled,
    });
    setPreset((count) => count + 1);
    setTab("find");
  };
  const regions = useRegions(viewer);
  const selecting = selectionWays({ viewer, detail, mapping, onSelected: () => setTab("selection") });
  const selectedWords = useSelectedText(regions, detail.laid, mapping < 0);
  const [onlyResidual, setOnlyResidual] = useState(state.strip === "residual");
  const selected = useMemo(() => askedRegions(regions), [regions]);
  const askedFigures = useMemo(
    () => ({ regions: selected, ...(onlyResidual ? { among: residualOf(state.parts) } : {}) }),
    [selected, onlyResidual, state.parts],
  );
  const legend = useLegendNumbers(detail, look.channel, askedFigures, regions.length > 0);
  const findInSelection = (wanted: Wanted) => {
    // Filled bytes are not the dump's, and in no figure.
    search.search({ wanted, scope: askedFigures, filled: false });
    setPreset((count) => count + 1);
    setTab("find");
  };
  const { openMapping: openLaid, toEdge } = mappingMoves(viewer, strip, mappings, url.jump);
  const openMapping = (index: number) => {
    if (mappings[index].shown.length > 0) openLaid(index);
    else setSaid(`${mappings[index].name} is not on the strip of ${chosen.laid.choice} pages`);
  };
  const map = {
    isShown: state.map !== null,
    show: (isShown: boolean) => setState({ ...state, map: isShown ? (state.map ?? "recorded") : null }),
  };
  const openFromMap = (index: number) => {
    if (mappings[index].shown.length > 0) map.show(false);
    openMapping(index);
  };
  const setStrip = (choice: StripChoice) => {
    setState({ ...state, strip: choice });
    announce(`Strip: ${choice} pages`);
  };
  const setChannel = (channel: AnyChannel) => {
    viewer.setLook({ channel });
    setState({ ...state, lit: [] });
  };
  const residualCodes = useMemo(
    () => litOf(isResidualOnly(state.parts) ? state.parts : RESIDUAL).litProvenance ?? new Set([provenanceCode("new")]),
    [state.parts],
  );
  const stepResidual = useResidualSteps({
    tiles: provenance,
    strip,
    viewer,
    codes: residualCodes,
    jump: url.jump,
    say: setSaid,
  });
  const goToEntropyChange = useEntropySearch({
    strip,
    source,
    viewer,
    jump: url.jump,
    say: setSaid,
  });
  const pictureQuery = exportLook(look);
  const setParts = (parts: ReadonlySet<Choosable> | null) => setState({ ...state, parts, ways: null });
  const setWays = (ways: WayFilter | null) => setState({ ...state, parts: null, ways });
  const onRelated = (snapshot: string, place: Place) => {
    if (snapshot === detail.snapshot) goTo(place);
    else navigate(`/s/${snapshot}?v=1&at=${formatPlace(place)}`);
  };

  useLayoutActs({
    viewers: [viewer],
    look,
    channels: SHOWN_CHANNELS,
    onChannel: setChannel,
    onFit: viewer.fit,
    map,
    say: setSaid,
  });
  useStripActs(state.strip, setStrip);
  const askedFind = useFindActs({
    count: search.hits.length,
    current: search.current,
    isIdle: search.answer.state === "idle",
    isOpen: tab === "find",
    onOpen: () => setTab("find"),
    onGo: goToHit,
    onClear: search.clear,
  });
  useActs({
    address: { run: () => setAsked((count) => count + 1) },
    "residual-only": {
      run: () => setParts(isResidualOnly(state.parts) ? null : RESIDUAL),
      inUse: isResidualOnly(state.parts),
    },
    filled: {
      run: () => setState({ ...state, filled: !state.filled }),
      inUse: state.filled,
      unavailable: leftToFile === 0 ? "the dump has left no page to a file" : undefined,
    },
    "next-residual": { run: () => stepResidual(1) },
    "previous-residual": { run: () => stepResidual(-1) },
    "next-entropy": { run: () => void goToEntropyChange() },
    "fit-mapping": {
      run: () => viewer.fitMapping(mapping),
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "drop-selection": { run: () => (regions.length > 0 ? viewer.setRegions([]) : viewer.setCursor(null)) },
    "add-note": {
      run: () => {
        setTab("notes");
        setAskedNote((count) => count + 1);
      },
      unavailable: cursor === null ? "there is no cursor" : undefined,
    },
    "tab-notes": { run: () => setTab("notes"), inUse: tab === "notes" },
    "select-mapping": {
      run: selecting.mapping,
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "select-process": {
      run: selecting.process,
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "select-all": { run: selecting.everything },
    "tab-selection": {
      run: () => setTab("selection"),
      inUse: tab === "selection",
      ...(mapping < 0 && regions.length > 0 ? { keys: ["S"] } : {}),
    },
    sidebar: { run: () => setFolded(!folded), inUse: !folded },
    values: { run: () => setValues(!values), inUse: values },
    "tab-page": { run: () => setTab("page"), inUse: tab === "page" },
    "tab-mappings": { run: () => setTab("mappings"), inUse: tab === "mappings" },
    "tab-stripped": { run: () => setTab("stripped"), inUse: tab === "stripped" },
    "tab-facts": { run: () => setTab("facts"), inUse: tab === "facts" },
    "save-picture": {
      run: () =>
        window.open(
          urlOf("picture", {
            parameters: { snapshot: detail.snapshot },
            query: { ...pictureQuery, strip: state.strip, filled: state.filled ? "1" : "0" },
          }),
          "_blank",
          "noopener",
        ),
      unavailable: look.channel === "hits" ? "hits are drawn in the browser alone" : undefined,
    },
    "compare-parent": {
      run: () => navigate(`/compare/${detail.parent}/${detail.snapshot}`),
      unavailable: detail.parent === null ? "it is explained against no other snapshot" : undefined,
    },
    "export-dump": {
      run: () => window.location.assign(urlOf("export", { parameters: { snapshot: detail.snapshot } })),
    },
  });
  const goToSymbol = (text: string) => followAnswer(lookUp(text), goTo, setSaid);
  useFinder((text) =>
    foundIn(detail, text, { find, goTo, openMapping, search: searchFor, goToSymbol, notes: noted.notes ?? [] }),
  );

  const cellContext = {
    codes: told?.codes,
    filledFrom: (place: Place) => filledAt?.(place.space, place.page),
    unsearched: unsearchedText(search.answer),
    mappings,
  };
  const isFolded =
    cursor !== null &&
    positionOfPage(strip, cursor.space, cursor.page) === undefined &&
    positionOfPage(all.strip, cursor.space, cursor.page) !== undefined;
  const recorded = detail.pages.present + detail.pages.zero + detail.pages.inParent;
  const mappingsPanel = (
    <MappingsPanel
      id={`${ids}-mappings`}
      mappings={detail.laid}
      count={detail.mappings}
      current={mapping}
      chosen={isResidualOnly(state.parts) ? state.parts : null}
      onOpen={openMapping}
      onHover={viewer.outline}
    />
  );
  const pagePanel = (
    <PageReading
      query={page}
      theme={theme}
      detail={detail}
      place={cursor}
      selected={selectedWords}
      mapping={detail.laid[mapping] ?? null}
      channel={<SelectedCell viewer={viewer} {...cellContext} />}
      onMapping={() => openMapping(mapping)}
      onRelated={onRelated}
      onOffset={(offset) => cursor && viewer.setCursor({ ...cursor, offset }, { show: true })}
      notes={
        cursor && (
          <PageNotes
            notes={notesOnPage(noted.notes ?? [], cursor)}
            onOffset={(offset) => viewer.setCursor({ ...cursor, offset }, { show: true })}
          />
        )
      }
      narrow={narrow}
    />
  );

  if (tooSmall) return <TooSmallScreen title={<Title detail={detail} />}>{mappingsPanel}</TooSmallScreen>;
  return (
    <div className={picture.screen}>
      <Title detail={detail} />
      <div className={picture.bars}>
        <ViewBar
          look={look}
          channels={SHOWN_CHANNELS}
          narrow={narrow}
          onLayout={(layout) => viewer.setLook({ layout })}
          map={map}
          onChannel={setChannel}
          end={
            <>
              <GotoField place={cursor} find={find} lookUp={lookUp} onGo={goTo} asked={asked} />
              <CompareMenu detail={detail} />
            </>
          }
        />
        <ExplanationBar
          snapshot={detail}
          chosen={state.parts}
          lead={state.ways && <WaysLead snapshot={detail.snapshot} filter={state.ways} />}
          narrow={narrow}
          wide={wide}
          onChoose={(part, add) => setParts(choosePart(state.parts, part, add))}
          onResidualOnly={(on) => setParts(on ? RESIDUAL : null)}
        >
          <LossesLine
            snapshot={detail}
            notes={[...new Set(detail.facts.notes)]}
            onUploadParent={() => parentFile.current?.click()}
            onAllNotes={() => setTab("facts")}
          />
        </ExplanationBar>
        <ParentInput input={parentFile} />
      </div>
      <div className={picture.body}>
        <main className={picture.stage}>
          <h1 className="visually-hidden">
            {detail.container} {detail.name}
          </h1>
          <div className={picture.ruler}>
            <Ruler
              viewer={viewer}
              strip={strip}
              mappings={mappings}
              theme={theme}
              ticks={state.parts ? "provenance" : null}
              tickCodes={residualCodes}
              onGo={goTo}
            />
          </div>
          <div className={picture.view} data-region="picture">
            {state.map && (
              <div className={picture.picture}>
                <MapView
                  viewer={viewer}
                  detail={detail}
                  laid={chosen.laid}
                  size={state.map}
                  theme={theme}
                  current={mapping}
                  onSize={(size) => setState({ ...state, map: size })}
                  onOpen={openFromMap}
                />
              </div>
            )}
            <PictureCanvas
              isHidden={state.map !== null}
              viewer={viewer}
              label={`Picture of ${detail.container} ${detail.name}, ${look.layout}, ${look.channel}`}
              describedBy={`${ids}-text`}
              selected={selectedWords}
              onStartOfMapping={() => toEdge(mapping, "start")}
              onEndOfMapping={() => toEdge(mapping, "end")}
              onFitMapping={() => mapping >= 0 && viewer.fitMapping(mapping)}
            >
              {strip.end === 0 && chosen.laid.choice !== "all" && (
                <p className={picture.over}>
                  {chosen.laid.choice === "residual"
                    ? "Nothing is left: every recorded page is explained."
                    : "This snapshot records no pages."}
                </p>
              )}
              {recorded === 0 && chosen.laid.choice === "all" && (
                <p className={picture.over}>
                  This snapshot records no pages. {formatPlural(detail.pages.absent.file, "page")} are left to files.
                </p>
              )}
            </PictureCanvas>
            {look.layout === "raster" && state.map === null && (
              <RowWidth
                viewer={viewer}
                width={look.rasterWidth}
                onWidth={(rasterWidth) => viewer.setLook({ rasterWidth })}
              />
            )}
            <p id={`${ids}-text`} className="visually-hidden">
              {formatCount(strip.mappings.length)} mappings are shown. The panel Mappings lists them with what is left
              in each.
            </p>
          </div>
          <BytesArea
            pane={hex}
            sides={1}
            height="bytes"
            theme={theme}
            place={cursor}
            selected={selectedWords}
            values={values}
            onGo={goTo}
            head={cursor && <FilledHead text={filledAt?.(cursor.space, cursor.page)} page={page.data} />}
            note={narrow ? <ValuesSwitch onPress={() => setValues(!values)} /> : undefined}
          />
        </main>
        <SideBar folded={folded} onToggle={() => setFolded(!folded)}>
          <StripSwitch
            laying={chosen}
            choice={state.strip}
            note={stripNote(chosen.laid, all.strip, detail.pages)}
            isSelectionFolded={isFolded}
            onChoose={setStrip}
          />
          <SnapshotLegend
            viewer={viewer}
            detail={legend.numbers}
            of={legend.of}
            look={look}
            level={zoom.level}
            narrow={narrow}
            codes={told?.codes}
            search={searchedNumbers(search.answer, detail)}
            minimap={<Minimap viewer={viewer} />}
            onChoose={(name, add) => setState({ ...state, lit: chooseName(state.lit, name, add) })}
            onReset={() => setState({ ...state, lit: [] })}
          >
            <FillingLegend
              filling={filling}
              leftToFile={leftToFile}
              channel={look.channel}
              on={state.filled}
              onChange={(filled) => setState({ ...state, filled })}
            />
          </SnapshotLegend>
          {wide && (
            <div className={picture.upper} data-short={shownTab === "find"}>
              {pagePanel}
            </div>
          )}
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
            {shownTab === "stripped" && (
              <StrippedPanel
                detail={detail}
                current={mapping}
                filter={state.ways}
                onFilter={setWays}
                onGo={goTo}
                onOpen={openMapping}
                onHover={viewer.outline}
              />
            )}
            {shownTab === "selection" && (
              <SelectionPanel
                detail={detail}
                regions={regions}
                asked={askedFigures}
                theme={theme}
                look={pictureQuery}
                filled={state.filled}
                onlyResidual={onlyResidual}
                onOnlyResidual={setOnlyResidual}
                onPair={(pair) =>
                  findInSelection({ kind: "pattern", form: "hex", text: pairText(pair), ignoreCase: false })
                }
                onStrings={() => findInSelection({ kind: "strings", leastLength: 6, of: null })}
                onPart={({ space, address }) => goTo(placeAt(space as Space, parseAddress(address) ?? (0n as Address)))}
                onDrop={() => viewer.setRegions([])}
                ways={selecting.ways}
              />
            )}
            {shownTab === "facts" && <FactsPanel detail={detail} />}
            {shownTab === "notes" && (
              <NotesPanel detail={detail} of={noted} cursor={cursor} regions={regions} asked={askedNote} onGo={goTo} />
            )}
            {shownTab === "find" && (
              <FindPanel
                key={preset}
                detail={detail}
                find={search}
                mapping={mapping}
                selected={selected}
                residual={residualOf(state.parts)}
                filled={state.filled}
                asked={askedFind}
                viewer={viewer}
                onGo={goToHit}
                onPlace={goTo}
                onShowHits={look.channel === "hits" ? undefined : () => setChannel("hits")}
              />
            )}
          </div>
        </SideBar>
      </div>
      <StatusBar
        left={
          <StatusHover
            viewer={viewer}
            {...cellContext}
            selected={<SelectedByte place={cursor} said={said} selected={selectedWords} />}
          />
        }
        notice={ignored !== null && <Notice onDismiss={dismissIgnored}>{ignored}</Notice>}
        right={
          <>
            <RingedHits viewer={viewer} />
            <TileStatusText viewer={viewer} />
            {!narrow && (
              <span title={detail.sha256}>
                {detail.name} sha256 <code>{formatHash(detail.sha256, 12)}</code>
              </span>
            )}
          </>
        }
      />
    </div>
  );
}

function Title({ detail }: { detail: SnapshotDetail }) {
  return (
    <TitleBar
      crumbs={[{ title: "Library", href: "/" }, { title: detail.container, href: "/" }, { title: detail.name }]}
    >
      <span>{detail.checkpointedAt === null ? "time not in the dump" : formatTime(detail.checkpointedAt)}</span>
      <span>
        {formatPlural(detail.processes, "process", "processes")}
        {detail.mappings !== null && `, ${formatPlural(detail.mappings, "mapping")}`}
      </span>
    </TitleBar>
  );
}
