import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import type { ApiMapping, Comparison, JointMapping, SnapshotDetail } from "../../../shared/api/index.ts";
import { COMPARISON_CHANNELS } from "../../../shared/channel/index.ts";
import { type Region, wholeSpace } from "../../../shared/find/index.ts";
import { verdictCode } from "../../../shared/provenance/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { positionOfPage, STRIPS, type StripChoice } from "../../../shared/strip/index.ts";
import {
  useComparedCodes,
  useComparedPage,
  useComparison,
  useFollowedProvenance,
  useLibrary,
  usePage,
  useSnapshot,
} from "../../api/index.ts";
import { Ruler } from "../../charts/index.ts";
import { Segmented, Tabs, tabPanelProps } from "../../controls/index.ts";
import { useActs } from "../../keys/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import type { AnyChannel, Look, Place } from "../../viewer/contract.ts";
import { searchedOfBoth, unsearchedText } from "../find/searched-words.ts";
import { useFindActs } from "../find/use-find-acts.ts";
import { useFinder } from "../palette/finders.ts";
import { BytesArea } from "../picture/bytes-area.tsx";
import { GotoField } from "../picture/goto-field.tsx";
import { jointHexMapping, pointedMappings } from "../picture/hex-mappings.ts";
import type { CellContext } from "../picture/hover-text.ts";
import { chooseName, litCodes } from "../picture/lit.ts";
import { mappingMoves } from "../picture/mapping-moves.ts";
import { jointPictureMapping } from "../picture/mappings.ts";
import { OpeningScreen } from "../picture/opening-screen.tsx";
import picture from "../picture/picture.module.css";
import { SelectedByte } from "../picture/selected-byte.tsx";
import { SelectedCell } from "../picture/selected-cell.tsx";
import { SideBar } from "../picture/side-bar.tsx";
import { StatusHover } from "../picture/status-hover.tsx";
import { StripSwitch } from "../picture/strip-switch.tsx";
import { TileStatusText } from "../picture/tile-status.tsx";
import { TooSmallScreen } from "../picture/too-small-screen.tsx";
import { UnopenedScreen } from "../picture/unopened-screen.tsx";
import { useCopyLink } from "../picture/use-copy-link.ts";
import { bytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import { useLayoutActs } from "../picture/use-layout-acts.ts";
import { NARROW, STILL, TOO_SMALL, useMedia } from "../picture/use-media.ts";
import { usePictureUrl } from "../picture/use-picture-url.ts";
import { useSiblings } from "../picture/use-siblings.ts";
import { useStripActs } from "../picture/use-strip-acts.ts";
import { type UrlState, useUrlState } from "../picture/use-url-state.ts";
import { useCursor, useLook, useRegions } from "../picture/use-viewer.ts";
import { ValuesSwitch } from "../picture/values-switch.tsx";
import { ViewBar } from "../picture/view-bar.tsx";
import { followAnswer } from "../place/follow-answer.ts";
import { type Answer, type Atlas, findPlace, mappingOf, placeInMaps } from "../place/places.ts";
import { parseSymbol } from "../place/symbol-places.ts";
import { askedRegions } from "../selection/asked-regions.ts";
import { residualOf } from "../selection/selection-ways.ts";
import { useSelectedText } from "../selection/use-selected-text.ts";
import { announce } from "../shell/announce.ts";
import { Notice } from "../shell/notice.tsx";
import { StatusBar } from "../shell/status-bar.tsx";
import { PageReading } from "../sidebar/page-reading.tsx";
import { foundIn } from "../snapshot/found-places.ts";
import { formatPlace, ignoredText } from "../url/picture-url.ts";
import { useLongParts } from "../url/use-long-parts.ts";
import { BothNotesPanel } from "./both-notes-panel.tsx";
import { BytesHead, NothingSelected } from "./bytes-head.tsx";
import { ChangesPanel } from "./changes-panel.tsx";
import { ComparedSelectionPanel } from "./compared-selection.tsx";
import { type ComparedSides, comparedSides } from "./compared-side.ts";
import { ComparisonLegend } from "./comparison-legend.tsx";
import { ComparisonTitle, SideHeads, sideName } from "./comparison-title.tsx";
import { DifferenceBar } from "./difference-bar.tsx";
import { differenceTicks } from "./difference-ticks.ts";
import { comparedText, differenceAt, VERDICT_ORDER } from "./differences.ts";
import { FindOfBothPanel } from "./find-of-both-panel.tsx";
import type { HitOfBoth } from "./hits-of-both.ts";
import { PictureDifference } from "./picture-difference.tsx";
import { hasRows, SidePictures } from "./side-pictures.tsx";
import { spaceNames } from "./space-names.ts";
import { findSymbolOfBoth } from "./symbols-of-both.ts";
import { useBlink } from "./use-blink.ts";
import { useDifferenceSteps } from "./use-difference-steps.ts";
import { useFindOfBoth } from "./use-find-of-both.ts";
import {
  type ChosenJoint,
  type JointSides,
  jointStripNote,
  type LaidJoint,
  layAll,
  useChosenJoint,
  useJointPicture,
} from "./use-joint-strip.ts";
import { useNotesOfBoth } from "./use-notes-of-both.ts";
import { useViewerPair, type ViewerPair } from "./use-viewer-pair.ts";

/** Hits are found here, and drawn nowhere else. */
const SHOWN_CHANNELS: readonly AnyChannel[] = [...COMPARISON_CHANNELS, "hits"];
const DEFAULTS = {
  channel: "verdict",
  tab: "changes",
  strips: STRIPS,
  maps: ["differing", "recorded", "virtual"],
} as const;
const TABS = [
  { value: "changes", title: "Changes" },
  { value: "page", title: "Page" },
  { value: "selection", title: "Selection" },
  { value: "find", title: "Find" },
  { value: "notes", title: "Notes" },
] as const;
type Tab = (typeof TABS)[number]["value"];
const VIEWS = [
  { value: "sides", title: "Side by side" },
  { value: "blink", title: "Blink" },
] as const;
/** The key held longer than this blinks only while it is held. */
const HELD_MS = 500;

export function ComparisonScreen({ a, b }: { a: string; b: string }) {
  const comparison = useComparison(a, b);
  const left = useSnapshot(a);
  const right = useSnapshot(b);
  const isLinkLoaded = useLongParts();
  const error = comparison.error ?? left.error ?? right.error;
  if (comparison.data && left.data && right.data && isLinkLoaded) {
    return (
      <WithViewers
        key={`${left.data.snapshot} ${right.data.snapshot}`}
        comparison={comparison.data}
        left={left.data}
        right={right.data}
      />
    );
  }
  if (error) {
    return (
      <UnopenedScreen
        error={error}
        title="The comparison cannot be shown"
        missing={`One of ${a} and ${b} names no snapshot of this store.`}
        onRetry={() => void comparison.refetch()}
      />
    );
  }
  return <OpeningScreen sentence="The snapshots are being compared." />;
}

interface Sides {
  readonly comparison: Comparison;
  readonly left: SnapshotDetail;
  readonly right: SnapshotDetail;
}

/** Makes both viewers under one camera, and releases them. */
function WithViewers(sides: Sides) {
  const { comparison, left, right } = sides;
  const urlState = useUrlState(DEFAULTS);
  const all = useMemo(() => layAll(comparison.joint.map(jointPictureMapping)), [comparison]);
  const explained = JSON.stringify([left.provenance, right.provenance]);
  const names = useMemo(
    () => ({ a: left.snapshot, b: right.snapshot, explained }),
    [left.snapshot, right.snapshot, explained],
  );
  const chosen = useChosenJoint(names, all, urlState.state.strip);
  const isLaid = urlState.opened.strip === "all" || !chosen.isLaying;
  const pair = useViewerPair(names, chosen.laid, {
    isLaid,
    defaults: DEFAULTS,
    placeOf: (place) => placeInMaps(place, right.maps),
  });
  if (!isLaid) return <OpeningScreen sentence="The strip is being laid." />;
  return pair && <ComparisonView {...sides} names={names} all={all} chosen={chosen} urlState={urlState} pair={pair} />;
}

interface ComparisonViewProps extends Sides {
  readonly names: JointSides;
  readonly all: LaidJoint;
  readonly chosen: ChosenJoint;
  readonly urlState: UrlState;
  readonly pair: ViewerPair;
}

function ComparisonView({ comparison, left, right, names, all, chosen, urlState, pair }: ComparisonViewProps) {
  const { strip, mappings } = chosen.laid;
  const ids = useId();
  const [, navigate] = useLocation();
  const narrow = useMedia(NARROW);
  const tooSmall = useMedia(TOO_SMALL);
  const still = useMedia(STILL);
  const viewer = pair.a;
  const viewers = useMemo(() => [pair.a, pair.b], [pair]);
  const look = useLook(viewer);
  const cursor = useCursor(viewer);
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  const { opened, state, setState, ignored, dismissIgnored } = urlState;
  // Two sides of bytes need the width of a narrow window for themselves.
  const [folded, setFolded] = useState(narrow);
  const [values, setValues] = useState(!narrow);
  const [asked, setAsked] = useState(0);
  const [noticed, setNoticed] = useState(false);
  // What was found or not, in the status line until the cursor goes on.
  const [answer, setAnswer] = useState<{ readonly text: string; readonly at: Place | null } | null>(null);
  const say = (text: string) => {
    setAnswer({ text, at: viewer.cursor });
    announce(text);
  };
  const said = answer?.at === cursor ? answer.text : null;
  const blink = useBlink(state.blink, still);

  const current = differenceAt(comparison.differences, cursor);
  const url = usePictureUrl({
    viewer,
    defaults: DEFAULTS,
    state: useMemo(() => ({ ...state, difference: current >= 0 ? current + 1 : null }), [state, current]),
    onState: setState,
    placeOf: (place) => placeInMaps(place, right.maps),
  });
  useCopyLink(url, announce);
  const tab: Tab = TABS.find((candidate) => candidate.value === state.tab)?.value ?? DEFAULTS.tab;
  const setTab = (next: Tab) => {
    setState({ ...state, tab: next });
    setFolded(false);
  };
  const setLook = (change: Partial<Look>) => {
    for (const one of viewers) one.setLook(change);
  };

  useEffect(() => {
    for (const one of viewers) one.setLook({ theme });
  }, [viewers, theme]);
  useEffect(() => {
    for (const one of viewers) one.setLook({ lit: litCodes(look.channel, state.lit) });
  }, [viewers, look.channel, state.lit]);
  // Going back changes the look of the leading side; the other follows.
  useEffect(() => {
    pair.b.setLook({
      layout: look.layout,
      channel: look.channel,
      palette: look.palette,
      rasterWidth: look.rasterWidth,
    });
  }, [pair, look.layout, look.channel, look.palette, look.rasterWidth]);

  useFollowedProvenance(left);
  useFollowedProvenance(right);
  const { data: library } = useLibrary();
  const siblings = [useSiblings(library, left), useSiblings(library, right)];
  const { data: told } = useComparedCodes(left.snapshot, right.snapshot, look.channel, [
    names.explained,
    ...siblings.flatMap((one) => one.names),
  ]);
  const since = [names.explained, ...siblings.map((one) => one.since)].join(" ");
  useJointPicture(pair, names, chosen.laid, pair.laid, since);

  const mapping = cursor ? mappingOf(comparison.joint, cursor) : -1;
  const spaces = useMemo(() => spaceNames(comparison.joint), [comparison]);
  const sides = useMemo(() => comparedSides(left, right, pair, spaces), [left, right, pair, spaces]);
  const compared = useComparedPage(left.snapshot, right.snapshot, cursor);
  // What B does not have, the panel reads in A; places are named as in B.
  const inB = cursor ? mappingOf(right.laid, cursor) : -1;
  const onlyInA = cursor !== null && inB < 0 && mapping >= 0;
  const read = onlyInA ? left : right;
  const readAt = cursor && onlyInA ? { ...cursor, space: spaces.inA.get(cursor.space) ?? cursor.space } : cursor;
  const page = usePage(read.snapshot, readAt);
  const hex = useHexPane(
    () => ({
      sides: [
        {
          name: sideName(left, left, right),
          source: bytesSource(left.snapshot, pair.a, (space) => spaces.inA.get(space) ?? space),
          byteOrder: left.facts.byteOrder,
          pointed: pointedMappings(left.maps, (space) => spaces.inB.get(space) ?? space),
        },
        {
          name: sideName(right, left, right),
          source: bytesSource(right.snapshot, pair.b),
          byteOrder: right.facts.byteOrder,
          pointed: pointedMappings(right.maps),
        },
      ],
      mappings: comparison.joint.map(jointHexMapping),
    }),
    viewer,
  );

  const search = useFindOfBoth({ left, right, joint: comparison.joint, spaces });
  useEffect(() => {
    for (const [index, { key, viewer }] of sides.entries()) {
      viewer.setSearched(search.searched[key]);
      hex?.setHits(index, search.searched[key].hits);
    }
  }, [sides, hex, search.searched]);
  const noted = useNotesOfBoth({ a: left.snapshot, b: right.snapshot, pair, hex, inB: spaces.inB });

  const verdictFilter = state.lit.filter((name) => (VERDICT_ORDER as readonly string[]).includes(name));
  const { isShown, goToDifference, messageAt, forget } = useDifferenceSteps({
    comparison,
    viewer,
    filter: verdictFilter,
    jump: url.jump,
  });
  const shownVerdicts = verdictFilter.join();
  const ticks = useMemo(() => {
    const shown = shownVerdicts.split(",");
    return differenceTicks(
      comparison.differences,
      strip,
      ({ verdict }) => shownVerdicts === "" || shown.includes(verdict),
    );
  }, [comparison, strip, shownVerdicts]);
  // A link that names a difference and no place goes there.
  const followed = useRef(false);
  useEffect(() => {
    if (followed.current) return;
    followed.current = true;
    if (opened.difference !== null && opened.at === null) goToDifference(opened.difference - 1);
  });

  const mapsOfA = left.maps.map((map) => ({ ...map, space: spaces.inB.get(map.space) ?? map.space }));
  const atlas: Atlas = {
    name: right.name,
    maps: [...right.maps, ...mapsOfA],
    strip,
    choice: chosen.laid.choice,
    cursor,
  };
  const find = (text: string): Answer => findPlace(text, atlas);
  const goTo = (place: Place, said?: string) => {
    url.jump(() => viewer.setCursor(place, { show: true }));
    if (said !== undefined) say(said);
  };
  const lookUp = (text: string): Promise<Answer> => {
    const written = parseSymbol(text);
    if (!written) return Promise.resolve({ answer: "no-address" });
    const [a, b] = [left.snapshot, right.snapshot];
    const nameOfA = sideName(left, left, right);
    return findSymbolOfBoth({ a, b, nameOfA, spaceOf: (space) => spaces.inB.get(space) }, written, atlas);
  };
  const goToSymbol = (text: string) => followAnswer(lookUp(text), goTo, say);
  const setChannel = (channel: AnyChannel) => {
    setLook({ channel });
    setState({ ...state, lit: [] });
  };
  const setStrip = (choice: StripChoice) => {
    setState({ ...state, strip: choice });
    announce(`Strip: ${choice} pages`);
  };
  const choose = (name: string, add: boolean) => {
    forget();
    setState({ ...state, lit: chooseName(state.lit, name, add) });
  };
  const setBlink = (on: boolean) => setState({ ...state, blink: on });
  const onBlinkKey = () => {
    if (still && state.blink) {
      blink.flip();
      return;
    }
    setBlink(!state.blink);
    const pressed = performance.now();
    window.addEventListener(
      "keyup",
      () => {
        if (performance.now() - pressed > HELD_MS) setState((now) => ({ ...now, blink: false }));
      },
      { once: true },
    );
  };
  const from = compared.data?.from ?? null;
  const onEnter = () => {
    const origin = from ? find(`${spaces.inB.get(from.space) ?? from.space}:${from.address}`) : null;
    if (origin?.answer === "place") goTo(origin.place);
    else if (mapping >= 0) viewer.fitMapping(mapping);
  };
  const onRelated = (snapshot: string, place: Place) => {
    const isA = snapshot === left.snapshot;
    if (isA || snapshot === right.snapshot) {
      goTo(isA ? { ...place, space: spaces.inB.get(place.space) ?? place.space } : place);
    } else navigate(`/s/${snapshot}?v=1&at=${formatPlace(place)}`);
  };
  const regions = useRegions(viewer);
  const selectedWords = useSelectedText(regions, comparison.joint, mapping < 0);
  const selectRegions = (chosen: readonly Region[]) => {
    viewer.setRegions(chosen);
    setTab("selection");
  };
  const selectMapping = () => {
    const { space, start, pages } = comparison.joint[mapping];
    selectRegions([{ space: space as Space, start: BigInt(start) * 4096n, end: BigInt(start + pages) * 4096n }]);
  };
  const nameInA = useCallback((space: string) => spaces.inA.get(space) ?? space, [spaces]);
  const selected = useMemo(() => askedRegions(regions), [regions]);
  const goToHit = ({ key, place }: HitOfBoth) => {
    search.setCurrent(key);
    url.jump(() => viewer.setCursor(place, { show: true }));
  };
  // A search that did not begin in the panel: it is made anew, with what is searched for.
  const [preset, setPreset] = useState(0);
  const searchFor = (text: string) => {
    const wanted = { kind: "pattern", form: "text", text, ignoreCase: false } as const;
    search.search({ wanted, scope: {}, filled: false });
    setPreset((count) => count + 1);
    setTab("find");
  };
  const outline = (index: number | null) => {
    for (const one of viewers) one.outline(index);
  };

  const map = {
    isShown: state.map !== null,
    show: (isShown: boolean) => setState({ ...state, map: isShown ? (state.map ?? DEFAULTS.maps[0]) : null }),
  };
  const { openMapping: openLaid, toEdge } = mappingMoves(viewer, strip, mappings, url.jump);
  const openMapping = (index: number) => {
    if (mappings[index].shown.length > 0) openLaid(index);
    else say(`${mappings[index].name} is not on the strip of ${chosen.laid.choice} pages`);
  };
  const openFromMap = (index: number) => {
    if (mappings[index].shown.length > 0) map.show(false);
    openMapping(index);
  };

  useLayoutActs({ viewers, look, channels: SHOWN_CHANNELS, onChannel: setChannel, onFit: viewer.fit, map });
  useStripActs(state.strip, setStrip);
  const askedFind = useFindActs({
    count: search.listed.length,
    current: search.current,
    isIdle: search.asked === null,
    isOpen: tab === "find",
    onOpen: () => setTab("find"),
    onGo: (index) => goToHit(search.listed[index]),
    onClear: search.clear,
  });
  useActs({
    address: { run: () => setAsked((count) => count + 1) },
    blink: { run: onBlinkKey, inUse: state.blink },
    swap: {
      run: () => navigate(`/compare/${right.snapshot}/${left.snapshot}${window.location.search}`, { replace: true }),
    },
    "fit-mapping": {
      run: () => viewer.fitMapping(mapping),
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "drop-selection": { run: () => (regions.length > 0 ? viewer.setRegions([]) : viewer.setCursor(null)) },
    "select-mapping": {
      run: selectMapping,
      unavailable: mapping < 0 ? "the cursor is in no mapping" : undefined,
    },
    "select-all": {
      run: () => selectRegions([...new Set(comparison.joint.map(({ space }) => space as Space))].map(wholeSpace)),
    },
    "tab-selection": {
      run: () => setTab("selection"),
      inUse: tab === "selection",
      ...(mapping < 0 && regions.length > 0 ? { keys: ["S"] } : {}),
    },
    sidebar: { run: () => setFolded(!folded), inUse: !folded },
    values: { run: () => setValues(!values), inUse: values },
    "tab-changes": { run: () => setTab("changes"), inUse: tab === "changes" },
    "tab-page": { run: () => setTab("page"), inUse: tab === "page" },
    "tab-notes": { run: () => setTab("notes"), inUse: tab === "notes" },
  });
  const named = useMemo(() => ({ laid: comparison.joint.flatMap(namedMapping) }), [comparison]);
  const notes = useMemo(() => (noted.notes ?? []).map(({ note }) => note), [noted.notes]);
  useFinder((text) => foundIn(named, text, { find, goTo, openMapping, search: searchFor, goToSymbol, notes }));

  const isFolded =
    cursor !== null &&
    positionOfPage(strip, cursor.space, cursor.page) === undefined &&
    positionOfPage(all.strip, cursor.space, cursor.page) !== undefined;
  const cells = {
    a: { codes: told?.codes, unsearched: unsearchedText(search.a) },
    b: { codes: told?.codes, unsearched: unsearchedText(search.b) },
  };
  const title = <ComparisonTitle left={left} right={right} />;
  const changes = (
    <ChangesPanel
      comparison={comparison}
      current={current}
      isShown={isShown}
      changedBytes={compared.data?.bytes ?? null}
      onGo={goToDifference}
      onHover={outline}
    />
  );
  if (tooSmall) {
    return <TooSmallScreen title={title}>{changes}</TooSmallScreen>;
  }
  return (
    <div className={picture.screen}>
      {title}
      <div className={picture.bars}>
        <ViewBar
          look={look}
          channels={SHOWN_CHANNELS}
          narrow={narrow}
          onLayout={(layout) => setLook({ layout })}
          map={map}
          onChannel={setChannel}
          end={<GotoField place={cursor} find={find} lookUp={lookUp} onGo={goTo} asked={asked} />}
        >
          <span className={picture.group}>
            {!narrow && "View"}
            <Segmented
              label="View"
              choices={VIEWS}
              value={state.blink ? "blink" : "sides"}
              onChoose={(view) => setBlink(view === "blink")}
            />
          </span>
        </ViewBar>
        {ignored.length > 0 && <Notice onDismiss={dismissIgnored}>{ignoredText(ignored)}</Notice>}
        {comparison.notice !== null && !noticed && (
          <Notice onDismiss={() => setNoticed(true)}>{comparison.notice}</Notice>
        )}
        <DifferenceBar
          comparison={comparison}
          current={current}
          lit={verdictFilter}
          message={messageAt(current)}
          onChoose={choose}
        />
      </div>
      <div className={picture.body} data-comparison="true">
        <main className={picture.stage}>
          <h1 className="visually-hidden">
            {left.container} {left.name} and {right.container} {right.name}
          </h1>
          <SideHeads
            left={left}
            right={right}
            blink={state.blink}
            shown={blink.side}
            hasPanel={hasRows(look, state.map)}
          />
          <div className={picture.ruler}>
            <Ruler
              viewer={viewer}
              strip={strip}
              mappings={mappings}
              theme={theme}
              ticks="verdict"
              tickCodes={TICK_CODES}
              ranks={ticks}
              onGo={goTo}
            />
          </div>
          <SidePictures
            comparison={comparison}
            sides={sides}
            laid={chosen.laid}
            look={look}
            blink={state.blink}
            shown={blink.side}
            map={state.map}
            mapping={mapping}
            onMapSize={(size) => setState({ ...state, map: size })}
            onOpen={openFromMap}
            onEdge={(end) => toEdge(mapping, end)}
            onEnter={onEnter}
            onRowWidth={(rasterWidth) => setLook({ rasterWidth })}
          />
          <BytesArea
            pane={hex}
            sides={2}
            height="bytes-of-both"
            theme={theme}
            place={cursor}
            selected={selectedWords}
            values={values}
            empty={<NothingSelected differences={comparison.differences.length} />}
            onGo={goTo}
            {...(from && { onEnter })}
            head={<BytesHead pane={hex} compared={compared.data} onOrigin={onEnter} />}
            note={narrow ? <ValuesSwitch onPress={() => setValues(!values)} /> : undefined}
          />
        </main>
        <SideBar folded={folded} onToggle={() => setFolded(!folded)}>
          <StripSwitch
            laying={chosen}
            choice={state.strip}
            note={jointStripNote(
              chosen.laid,
              all.strip,
              [sideName(left, left, right), sideName(right, left, right)],
              comparison.differing,
            )}
            isSelectionFolded={isFolded}
            onChoose={setStrip}
          />
          <ComparisonLegend
            comparison={comparison}
            viewer={viewer}
            look={look}
            search={searchedOfBoth([search.a, left], [search.b, right])}
            codes={told?.codes}
            lit={state.lit}
            onChoose={choose}
            onReset={() => setState({ ...state, lit: [] })}
          />
          <PictureDifference a={left.snapshot} b={right.snapshot} strip={chosen.laid.choice} look={look} />
          <Tabs id={`${ids}-tabs`} label="Panels" tabs={TABS} value={tab} onChoose={setTab} />
          <div className={picture.panel} {...tabPanelProps(`${ids}-tabs`, tab)}>
            {tab === "changes" && changes}
            {tab === "page" && (
              <PageReading
                query={page}
                theme={theme}
                detail={read}
                place={readAt}
                selected={selectedWords}
                channel={<SelectedCell viewer={onlyInA ? pair.a : pair.b} {...cells[onlyInA ? "a" : "b"]} />}
                mapping={readAt ? (read.laid[mappingOf(read.laid, readAt)] ?? null) : null}
                onMapping={() => viewer.fitMapping(mapping)}
                onRelated={onRelated}
                onOffset={(offset) => cursor && viewer.setCursor({ ...cursor, offset }, { show: true })}
                narrow={narrow}
              />
            )}
            {tab === "selection" && (
              <ComparedSelectionPanel
                a={left}
                b={right}
                names={[sideName(left, left, right), sideName(right, left, right)]}
                regions={regions}
                nameInA={nameInA}
                theme={theme}
                onMapping={mapping < 0 ? undefined : selectMapping}
                onDrop={() => viewer.setRegions([])}
              />
            )}
            {tab === "find" && (
              <FindOfBothPanel
                key={preset}
                of={search}
                sides={sides}
                mappings={named.laid}
                mapping={mapping}
                selected={selected}
                residual={residualOf(null)}
                differences={comparison.differences}
                focused={askedFind}
                onGo={goToHit}
                onPlace={goTo}
                onShowHits={look.channel === "hits" ? undefined : () => setChannel("hits")}
              />
            )}
            {tab === "notes" && (
              <BothNotesPanel
                notes={noted.notes}
                error={noted.error}
                onRetry={noted.retry}
                mappings={named.laid}
                onGo={goTo}
              />
            )}
          </div>
        </SideBar>
      </div>
      <StatusBar
        left={
          <BothHovers
            sides={sides}
            cells={cells}
            selected={
              <SelectedByte place={cursor} said={said ?? (cursor && compared.data?.reason)} selected={selectedWords} />
            }
          />
        }
        right={
          <>
            <TileStatusText viewer={viewer} onRetry={() => viewers.forEach((one) => void one.retry())} />
            <span>{comparedText(comparison)}</span>
          </>
        }
      />
    </div>
  );
}

/** As in B, where B has it; each joint mapping is one, so that indices stay. */
function namedMapping({ a, b, space, start, pages }: JointMapping): ApiMapping[] {
  const own = b ?? a;
  return own ? [{ ...own, space, start, pages }] : [];
}

/** All that is different: zero pages count by their differences. */
const TICK_CODES: ReadonlySet<number> = new Set(VERDICT_ORDER.map(verdictCode));

interface BothHoversProps {
  readonly sides: ComparedSides;
  readonly cells: Readonly<Record<"a" | "b", CellContext>>;
  readonly selected: ReactNode;
}

/** The side that the pointer is over. */
function BothHovers({ sides: [a, b], cells, selected }: BothHoversProps) {
  const overB = useSyncExternalStore(b.viewer.subscribe, () => b.viewer.hovered !== null);
  const over = overB ? b : a;
  return <StatusHover viewer={over.viewer} {...cells[over.key]} selected={selected} />;
}
