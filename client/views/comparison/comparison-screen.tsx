import { useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import type { ApiMapping, Comparison, JointMapping, SnapshotDetail } from "../../../shared/api/index.ts";
import { COMPARISON_CHANNELS } from "../../../shared/channel/index.ts";
import { type Region, wholeSpace } from "../../../shared/find/index.ts";
import { type Address, parseAddress } from "../../../shared/memory/index.ts";
import { verdictCode } from "../../../shared/provenance/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { positionOfPage, STRIPS, type StripChoice } from "../../../shared/strip/index.ts";
import { useComparedPage, useComparison, useFollowedProvenance, useSnapshot } from "../../api/index.ts";
import { pairText, Ruler } from "../../charts/index.ts";
import { Segmented, Tabs, tabPanelProps } from "../../controls/index.ts";
import { useActs } from "../../keys/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import type { AnyChannel, Look, Place } from "../../viewer/contract.ts";
import type { Asked, Wanted } from "../find/follow-search.ts";
import { RingedHits } from "../find/ringed-hits.tsx";
import { searchedOfBoth, unsearchedText } from "../find/searched-words.ts";
import { useFindActs } from "../find/use-find-acts.ts";
import { useFinder } from "../palette/finders.ts";
import { BytesArea } from "../picture/bytes-area.tsx";
import { GotoField } from "../picture/goto-field.tsx";
import { chooseName } from "../picture/lit.ts";
import { mappingMoves } from "../picture/mapping-moves.ts";
import { jointPictureMapping } from "../picture/mappings.ts";
import { OpeningScreen } from "../picture/opening-screen.tsx";
import picture from "../picture/picture.module.css";
import { SelectedByte } from "../picture/selected-byte.tsx";
import { SelectedCell } from "../picture/selected-cell.tsx";
import { SideBar } from "../picture/side-bar.tsx";
import { StripSwitch } from "../picture/strip-switch.tsx";
import { TileStatusText } from "../picture/tile-status.tsx";
import { TooSmallScreen } from "../picture/too-small-screen.tsx";
import { UnopenedScreen } from "../picture/unopened-screen.tsx";
import { useCopyLink } from "../picture/use-copy-link.ts";
import { useLayoutActs } from "../picture/use-layout-acts.ts";
import { NARROW, STILL, TOO_SMALL, useMedia } from "../picture/use-media.ts";
import { usePictureUrl } from "../picture/use-picture-url.ts";
import { useSaid } from "../picture/use-said.ts";
import { useStripActs } from "../picture/use-strip-acts.ts";
import { type UrlState, useUrlState } from "../picture/use-url-state.ts";
import { useCursor, useLook, useRegions } from "../picture/use-viewer.ts";
import { ValuesSwitch } from "../picture/values-switch.tsx";
import { ViewBar } from "../picture/view-bar.tsx";
import { followAnswer } from "../place/follow-answer.ts";
import { mappingOf, placeAt, placeInMaps } from "../place/places.ts";
import { askedRegions } from "../selection/asked-regions.ts";
import { exportLook } from "../selection/export-files.tsx";
import { residualOf } from "../selection/selection-ways.ts";
import { useSelectedText } from "../selection/use-selected-text.ts";
import { announce } from "../shell/announce.ts";
import { Notice } from "../shell/notice.tsx";
import { StatusBar } from "../shell/status-bar.tsx";
import { PageReading } from "../sidebar/page-reading.tsx";
import { foundIn } from "../snapshot/found-places.ts";
import { formatPlace } from "../url/picture-url.ts";
import { useLongParts } from "../url/use-long-parts.ts";
import { BothHovers } from "./both-hovers.tsx";
import { BothNotesPanel } from "./both-notes-panel.tsx";
import { BytesHead, NothingSelected } from "./bytes-head.tsx";
import { ChangesPanel } from "./changes-panel.tsx";
import { ComparedSelectionPanel } from "./compared-selection.tsx";
import { comparedSides } from "./compared-side.ts";
import { ComparisonLegend } from "./comparison-legend.tsx";
import { ComparisonTitle, SideHeads } from "./comparison-title.tsx";
import { DifferenceBar } from "./difference-bar.tsx";
import { differenceTicks } from "./difference-ticks.ts";
import { comparedText, differenceAt, VERDICT_ORDER } from "./differences.ts";
import { FindOfBothPanel } from "./find-of-both-panel.tsx";
import type { HitOfBoth } from "./hits-of-both.ts";
import { PictureDifference } from "./picture-difference.tsx";
import { mapsOfBoth, placesOfBoth } from "./places-of-both.ts";
import { hasRows, SidePictures } from "./side-pictures.tsx";
import { spaceNames } from "./space-names.ts";
import { useBlink } from "./use-blink.ts";
import { useDifferenceSteps } from "./use-difference-steps.ts";
import { useFindOfBoth } from "./use-find-of-both.ts";
import { useHexOfBoth, useMarkedHits } from "./use-hex-of-both.ts";
import { useJointCodes } from "./use-joint-codes.ts";
import { useJointLook } from "./use-joint-look.ts";
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
import { usePageOfBoth } from "./use-page-of-both.ts";
import { useViewerPair, type ViewerPair } from "./use-viewer-pair.ts";

/** Hits are found here, and drawn nowhere else. */
const SHOWN_CHANNELS: readonly AnyChannel[] = [...COMPARISON_CHANNELS, "hits"];
const TABS = [
  { value: "changes", title: "Changes" },
  { value: "page", title: "Page" },
  { value: "selection", title: "Selection" },
  { value: "find", title: "Find" },
  { value: "notes", title: "Notes" },
] as const;
const DEFAULTS = {
  channel: "verdict",
  tab: "changes",
  tabs: TABS,
  strips: STRIPS,
  maps: ["differing", "recorded", "virtual"],
} as const;
type Tab = (typeof TABS)[number]["value"];
const VIEWS = [
  { value: "sides", title: "Side by side" },
  { value: "blink", title: "Blink" },
] as const;

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
  const maps = useMemo(() => mapsOfBoth(comparison, left, right), [comparison, left, right]);
  const pair = useViewerPair(names, chosen.laid, {
    isLaid,
    defaults: DEFAULTS,
    placeOf: (place) => placeInMaps(place, maps),
  });
  if (!isLaid) return <OpeningScreen sentence="The strip is being laid." />;
  return (
    pair && (
      <ComparisonView {...sides} maps={maps} names={names} all={all} chosen={chosen} urlState={urlState} pair={pair} />
    )
  );
}

interface ComparisonViewProps extends Sides {
  /** Of both, as the joint strip names spaces. */
  readonly maps: readonly ApiMapping[];
  readonly names: JointSides;
  readonly all: LaidJoint;
  readonly chosen: ChosenJoint;
  readonly urlState: UrlState;
  readonly pair: ViewerPair;
}

function ComparisonView({ comparison, left, right, maps, names, all, chosen, urlState, pair }: ComparisonViewProps) {
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
  const [said, say] = useSaid(viewer, cursor);
  const setBlink = (on: boolean) => setState((now) => ({ ...now, blink: on }));
  const blink = useBlink(state.blink, still, setBlink);

  const current = differenceAt(comparison.differences, cursor);
  const url = usePictureUrl({
    viewer,
    defaults: DEFAULTS,
    state: useMemo(() => ({ ...state, difference: current >= 0 ? current + 1 : null }), [state, current]),
    onState: setState,
    placeOf: (place) => placeInMaps(place, maps),
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

  useJointLook(pair, look, theme, state.lit);

  useFollowedProvenance(left);
  useFollowedProvenance(right);
  const mapping = cursor ? mappingOf(comparison.joint, cursor) : -1;
  const spaces = useMemo(() => spaceNames(comparison.joint), [comparison]);
  const sides = useMemo(() => comparedSides(left, right, pair, spaces), [left, right, pair, spaces]);
  const { codes, since } = useJointCodes(sides, look.channel, names.explained);
  useJointPicture(pair, names, chosen.laid, pair.laid, since);

  const compared = useComparedPage(left.snapshot, right.snapshot, cursor);
  const page = usePageOfBoth(sides, cursor, mapping);
  const hex = useHexOfBoth(sides, comparison.joint, all);
  const search = useFindOfBoth({ left, right, joint: comparison.joint, spaces });
  useMarkedHits(sides, hex, search.searched);
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

  const { find, lookUp } = placesOfBoth(sides, chosen.laid, cursor);
  const goTo = (place: Place, said?: string) => {
    url.jump(() => viewer.setCursor(place, { show: true }));
    if (said !== undefined) say(said);
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
  const from = compared.data?.from ?? null;
  const onEnter = () => {
    const origin = from ? find(`${sides[0].jointSpace(from.space as Space)}:${from.address}`) : null;
    if (origin?.answer === "place") goTo(origin.place);
    else if (mapping >= 0) viewer.fitMapping(mapping);
  };
  const onRelated = (snapshot: string, place: Place) => {
    const isA = snapshot === left.snapshot;
    if (isA || snapshot === right.snapshot) {
      goTo(isA ? { ...place, space: sides[0].jointSpace(place.space) } : place);
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
  const selected = useMemo(() => askedRegions(regions), [regions]);
  const goToHit = ({ key, place }: HitOfBoth) => {
    search.setCurrent(key);
    url.jump(() => viewer.setCursor(place, { show: true }));
  };
  // A search that did not begin in the panel: it is made anew, with what is searched for.
  const [preset, setPreset] = useState(0);
  const searchIn = (wanted: Wanted, scope: Asked["scope"]) => {
    search.search({ wanted, scope, filled: false });
    setPreset((count) => count + 1);
    setTab("find");
  };
  const searchFor = (text: string) => searchIn({ kind: "pattern", form: "text", text, ignoreCase: false }, {});
  const findInSelection = (wanted: Wanted) => searchIn(wanted, { regions: selected });
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

  useLayoutActs({ viewers, look, channels: SHOWN_CHANNELS, onChannel: setChannel, onFit: viewer.fit, map, say });
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
    blink: { run: blink.onKey, inUse: state.blink },
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
    a: { codes, mappings, unsearched: unsearchedText(search.a) },
    b: { codes, mappings, unsearched: unsearchedText(search.b) },
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
            selected={selectedWords}
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
              [
                { name: sides[0].name, pages: left.pages },
                { name: sides[1].name, pages: right.pages },
              ],
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
            codes={codes}
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
                query={page.query}
                theme={theme}
                detail={page.side.detail}
                place={page.place}
                selected={selectedWords}
                channel={<SelectedCell viewer={page.side.viewer} {...cells[page.side.key]} />}
                mapping={page.mapping}
                onMapping={() => viewer.fitMapping(mapping)}
                onRelated={onRelated}
                onOffset={(offset) => cursor && viewer.setCursor({ ...cursor, offset }, { show: true })}
                narrow={narrow}
              />
            )}
            {tab === "selection" && (
              <ComparedSelectionPanel
                sides={sides}
                regions={regions}
                asked={selected}
                theme={theme}
                look={exportLook(look)}
                onMapping={mapping < 0 ? undefined : selectMapping}
                onPair={(pair) =>
                  findInSelection({ kind: "pattern", form: "hex", text: pairText(pair), ignoreCase: false })
                }
                onStrings={() => findInSelection({ kind: "strings", leastLength: 6, of: null })}
                onPart={({ jointSpace }, { space, address }) =>
                  goTo(placeAt(jointSpace(space as Space), parseAddress(address) ?? (0n as Address)))
                }
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
        notice={
          comparison.notice !== null && !noticed ? (
            <Notice onDismiss={() => setNoticed(true)}>{comparison.notice}</Notice>
          ) : (
            ignored !== null && <Notice onDismiss={dismissIgnored}>{ignored}</Notice>
          )
        }
        right={
          <>
            <RingedHits viewer={sides[0].viewer} beside={sides[1].viewer} />
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
