/** Two snapshots beside each other on one joint strip: what differs, and the way from one difference to the next. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import type { Comparison, Difference, SnapshotDetail } from "../../../shared/api/index.ts";
import { COMPARISON_CHANNELS } from "../../../shared/channel/index.ts";
import { PAGE_SIZE, type PageAddress } from "../../../shared/memory/index.ts";
import { VERDICT_SIGNS } from "../../../shared/provenance/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { layStrip, type Strip } from "../../../shared/strip/index.ts";
import {
  asApiError,
  comparedPageQuery,
  comparisonTiles,
  useComparedPage,
  useComparison,
  usePage,
  useSnapshot,
} from "../../api/index.ts";
import { ClassBar, EntropyLegend, Histogram, Minimap, Ruler } from "../../charts/index.ts";
import { KeyCap, Segmented, Splitter, Tabs, tabPanelProps } from "../../controls/index.ts";
import { formatCount, formatHex, formatOffset, formatPlural, formatTime } from "../../format/index.ts";
import { BytesPane, type HexPane } from "../../hex/index.ts";
import { useActs } from "../../keys/index.ts";
import { subscribeTheme, themeInUse } from "../../styles/theme.ts";
import type { AnyChannel, Look, PictureMapping, Place, Viewer } from "../../viewer/contract.ts";
import { createCamera, createViewer } from "../../viewer/index.ts";
import { useFinder } from "../palette/finders.ts";
import { GotoField } from "../picture/goto-field.tsx";
import { CommonPlaces, Legend, ShareKey, ValueScale } from "../picture/legend.tsx";
import { chooseName, litCodes } from "../picture/lit.ts";
import { jointPictureMapping } from "../picture/mappings.ts";
import { OpeningScreen } from "../picture/opening-screen.tsx";
import picture from "../picture/picture.module.css";
import { PictureCanvas } from "../picture/picture-canvas.tsx";
import { SideBar } from "../picture/side-bar.tsx";
import { StatusHover } from "../picture/status-hover.tsx";
import { TileStatusText } from "../picture/tile-status.tsx";
import { bytesSource, useHexPane } from "../picture/use-hex-pane.ts";
import { rememberedLines, useLayoutActs } from "../picture/use-layout-acts.ts";
import { NARROW, STILL, TOO_SMALL, useMedia } from "../picture/use-media.ts";
import { applyUrl, type ScreenState, usePictureUrl } from "../picture/use-picture-url.ts";
import { useRememberedHeight } from "../picture/use-remembered-height.ts";
import { useLook, useSelection } from "../picture/use-viewer.ts";
import { ViewBar } from "../picture/view-bar.tsx";
import { type Answer, type Atlas, addressOf, findPlace, mappingOf } from "../place/places.ts";
import { announce } from "../shell/announce.ts";
import { NoSuchPlace } from "../shell/no-such-place.tsx";
import { Notice } from "../shell/notice.tsx";
import { StatusBar } from "../shell/status-bar.tsx";
import { TitleBar } from "../shell/title-bar.tsx";
import { PagePanel } from "../sidebar/page-panel.tsx";
import { formatPlace, ignoredText, parsePictureUrl } from "../url/picture-url.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import styles from "./comparison.module.css";
import { DifferenceBar } from "./difference-bar.tsx";
import { differenceAt, nextDifference, VERDICT_ORDER } from "./differences.ts";
import { pairSelections } from "./pair.ts";
import { PictureDifferenceText } from "./picture-difference.tsx";
import { useBlink } from "./use-blink.ts";
import { fillOfVerdict, isCalmVerdict, VerdictWord } from "./verdicts.tsx";

const DEFAULTS = { channel: "verdict", tab: "changes" } as const;
const TABS = [
  { value: "changes", title: "Changes" },
  { value: "page", title: "Page" },
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
  const error = comparison.error ?? left.error ?? right.error;
  if (comparison.data && left.data && right.data) {
    return <WithViewers comparison={comparison.data} left={left.data} right={right.data} />;
  }
  if (error) {
    const { problem, advice } = asApiError(error);
    const missing = problem.status === 404;
    return (
      <NoSuchPlace
        title={missing ? "There is no such snapshot here" : "The comparison cannot be shown"}
        detail={missing ? `One of ${a} and ${b} names no snapshot of this store.` : problem.detail}
        advice={missing ? "It may have been deleted, or the link is of another store." : advice}
        onRetry={missing ? undefined : () => void comparison.refetch()}
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

interface Pair {
  readonly a: Viewer;
  readonly b: Viewer;
}

/** Makes both viewers under one camera, and releases them. */
function WithViewers({ comparison, left, right }: Sides) {
  const mappings = useMemo(() => comparison.joint.map(jointPictureMapping), [comparison]);
  const strip = useMemo(() => layStrip(mappings), [mappings]);
  const [pair, setPair] = useState<Pair | null>(null);
  useEffect(() => {
    const { url } = parsePictureUrl(window.location.search, DEFAULTS);
    const camera = createCamera();
    const look: Look = {
      layout: url.layout,
      channel: url.channel,
      rasterWidth: url.rasterWidth,
      theme: themeInUse(),
      ...rememberedLines(),
      lit: litCodes(url.channel, url.lit),
      litProvenance: null,
      litImage: true,
    };
    const make = (side: "a" | "b") =>
      createViewer({
        strip,
        mappings,
        source: comparisonTiles(left.snapshot, right.snapshot, side),
        camera,
        look,
        channels: COMPARISON_CHANNELS,
        pageChannel: "verdict",
      });
    const made = { a: make("a"), b: make("b") };
    const unpair = pairSelections(made.a, made.b);
    applyUrl(made.a, url);
    made.b.select(url.at);
    setPair(made);
    return () => {
      unpair();
      made.a.dispose();
      made.b.dispose();
    };
  }, [left.snapshot, right.snapshot, mappings, strip]);
  return (
    pair && (
      <ComparisonView comparison={comparison} left={left} right={right} mappings={mappings} strip={strip} pair={pair} />
    )
  );
}

interface ComparisonViewProps extends Sides {
  readonly mappings: readonly PictureMapping[];
  readonly strip: Strip;
  readonly pair: Pair;
}

function ComparisonView({ comparison, left, right, mappings, strip, pair }: ComparisonViewProps) {
  const ids = useId();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const narrow = useMedia(NARROW);
  const tooSmall = useMedia(TOO_SMALL);
  const still = useMedia(STILL);
  const viewer = pair.a;
  const viewers = useMemo(() => [pair.a, pair.b], [pair]);
  const look = useLook(viewer);
  const selection = useSelection(viewer);
  const theme = useSyncExternalStore(subscribeTheme, themeInUse);
  const [parsed] = useState(() => parsePictureUrl(window.location.search, DEFAULTS));
  const [ignored, setIgnored] = useState(parsed.ignored);
  const [state, setState] = useState<ScreenState>(parsed.url);
  // Two sides of bytes need the width of a narrow window for themselves.
  const [folded, setFolded] = useState(narrow);
  const [asked, setAsked] = useState(0);
  const [message, setMessage] = useState<string | null>(null);
  const [noticed, setNoticed] = useState(false);
  const bytesPane = useRef<HTMLDivElement>(null);
  const bytesHeight = useRememberedHeight(bytesPane, "bytes-of-both");
  const blink = useBlink(state.blink, still);

  const current = differenceAt(comparison.differences, selection);
  const url = usePictureUrl({
    viewer,
    defaults: DEFAULTS,
    state: useMemo(() => ({ ...state, difference: current >= 0 ? current + 1 : null }), [state, current]),
    onState: setState,
  });
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
    pair.b.setLook({ layout: look.layout, channel: look.channel, rasterWidth: look.rasterWidth });
  }, [pair, look.layout, look.channel, look.rasterWidth]);

  const mapping = selection ? mappingOf(comparison.joint, selection) : -1;
  const spaces = useMemo(() => spaceNames(comparison.joint), [comparison]);
  const compared = useComparedPage(left.snapshot, right.snapshot, selection);
  // What B does not have, the panel reads in A; places are named as in B.
  const inB = selection ? mappingOf(right.laid, selection) : -1;
  const onlyInA = selection !== null && inB < 0 && mapping >= 0;
  const read = onlyInA ? left : right;
  const readAt =
    selection && onlyInA ? { ...selection, space: spaces.inA.get(selection.space) ?? selection.space } : selection;
  const page = usePage(read.snapshot, readAt);
  const hex = useHexPane(
    () => ({
      sides: [
        {
          name: sideName(left, left, right),
          source: bytesSource(left.snapshot, pair.a, (space) => spaces.inA.get(space) ?? space),
          byteOrder: left.facts.byteOrder,
        },
        {
          name: sideName(right, left, right),
          source: bytesSource(right.snapshot, pair.b),
          byteOrder: right.facts.byteOrder,
        },
      ],
      mappings,
    }),
    (place) => viewer.select(place, { show: true }),
  );

  const verdictFilter = state.lit.filter((name) => (VERDICT_ORDER as readonly string[]).includes(name));
  const isShown = (difference: Difference) => verdictFilter.length === 0 || verdictFilter.includes(difference.verdict);

  const goToDifference = (index: number) => {
    const difference = comparison.differences[index];
    if (!difference) return;
    const place: Place = { space: difference.space as Space, page: difference.start as PageAddress, offset: 0 };
    url.jump(() => viewer.select(place, { show: true }));
    announce(
      `Difference ${index + 1} of ${comparison.differences.length}, ${difference.verdict}, ${formatHex(addressOf(place))}`,
    );
    // The first changed byte, as soon as the server says which; unless the cursor has gone on.
    void client
      .fetchQuery(comparedPageQuery(left.snapshot, right.snapshot, difference.space, difference.start))
      .then((answer) => {
        const now = viewer.selection;
        const offset = answer.runs[0]?.[0] ?? 0;
        if (offset === 0 || now?.space !== place.space || now.page !== place.page || now.offset !== 0) return;
        viewer.select({ ...place, offset }, { show: true });
      })
      .catch(() => undefined);
  };
  const step = (by: 1 | -1) => {
    // The viewer's own cursor: the hook's is a frame old, and keys can be faster than frames.
    const from = viewer.selection;
    const within = from ? mappingOf(comparison.joint, from) : -1;
    const next = nextDifference(comparison.differences, from, within, by, isShown);
    const hidden = comparison.differences.filter((difference) => !isShown(difference)).length;
    const filtered = hidden > 0 ? ` ${formatCount(hidden)} more are filtered out.` : "";
    if (!next) {
      setMessage(`No difference is shown.${filtered}`);
      return;
    }
    const said = next.wrapped
      ? `${by > 0 ? "Last difference. Starting again at the first." : "First difference. Starting again at the last."}${filtered}`
      : null;
    setMessage(said);
    if (said) announce(said);
    goToDifference(next.index);
  };
  // A link that names a difference and no place goes there.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current) return;
    opened.current = true;
    if (parsed.url.difference !== null && parsed.url.at === null) goToDifference(parsed.url.difference - 1);
  });

  const mapsOfA = left.maps.map((map) => ({ ...map, space: spaces.inB.get(map.space) ?? map.space }));
  const atlas: Atlas = { name: right.name, maps: [...right.maps, ...mapsOfA], strip, cursor: selection };
  const find = (text: string): Answer => findPlace(text, atlas);
  const goTo = (place: Place) => url.jump(() => viewer.select(place, { show: true, center: true }));
  const setChannel = (channel: AnyChannel) => {
    setLook({ channel });
    setState({ ...state, lit: [] });
  };
  const choose = (name: string, add: boolean) => {
    setMessage(null);
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
  const outline = (index: number | null) => {
    for (const one of viewers) one.outline(index);
  };

  useLayoutActs({ viewers, look, channels: COMPARISON_CHANNELS, onChannel: setChannel, onFit: viewer.fit });
  const none = comparison.differences.length === 0 ? "there is no difference" : undefined;
  useActs({
    address: { run: () => setAsked((count) => count + 1) },
    "next-difference": { run: () => step(1), unavailable: none },
    "previous-difference": { run: () => step(-1), unavailable: none },
    "first-difference": { run: () => goToDifference(comparison.differences.findIndex(isShown)), unavailable: none },
    "last-difference": { run: () => goToDifference(comparison.differences.findLastIndex(isShown)), unavailable: none },
    blink: { run: onBlinkKey, inUse: state.blink },
    swap: {
      run: () => navigate(`/compare/${right.snapshot}/${left.snapshot}${window.location.search}`, { replace: true }),
    },
    "fit-mapping": {
      run: () => viewer.fitMapping(mapping),
      unavailable: mapping < 0 ? "nothing is selected" : undefined,
    },
    "drop-selection": { run: () => viewer.select(null) },
    sidebar: { run: () => setFolded(!folded), inUse: !folded },
    "tab-changes": { run: () => setTab("changes"), inUse: tab === "changes" },
    "tab-page": { run: () => setTab("page"), inUse: tab === "page" },
  });
  useFinder((text) => {
    const answer = find(text);
    if (answer.answer === "no-address") return [];
    const place = answer.answer === "place" ? answer.place : answer.nearest;
    if (!place) return [];
    const title = answer.answer === "place" ? `Go to ${formatHex(addressOf(place))}` : answer.sentence;
    return [{ group: "Places", key: "place", title, detail: "", run: () => goTo(place) }];
  });

  const title = <Title left={left} right={right} />;
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
    return (
      <div className={picture.screen}>
        {title}
        <div />
        <main className={picture.message}>
          <p>This window is too small for a picture.</p>
          {changes}
        </main>
        <StatusBar left={null} right={null} />
      </div>
    );
  }
  const pageError = page.error ? asApiError(page.error) : null;
  const sides = [
    { key: "a", letter: "A", detail: left, viewer: pair.a },
    { key: "b", letter: "B", detail: right, viewer: pair.b },
  ] as const;
  const unresolved = comparison.verdicts.unresolved;
  return (
    <div className={picture.screen}>
      {title}
      <div className={picture.bars}>
        <ViewBar
          look={look}
          channels={COMPARISON_CHANNELS}
          narrow={narrow}
          onLayout={(layout) => setLook({ layout })}
          onChannel={setChannel}
          end={<GotoField place={selection} find={find} onGo={goTo} asked={asked} />}
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
        {ignored.length > 0 && <Notice onDismiss={() => setIgnored([])}>{ignoredText(ignored)}</Notice>}
        {comparison.notice !== null && !noticed && (
          <Notice onDismiss={() => setNoticed(true)}>{comparison.notice}</Notice>
        )}
        <DifferenceBar
          comparison={comparison}
          current={current}
          lit={verdictFilter}
          message={message}
          onChoose={choose}
        />
      </div>
      <div className={picture.body} data-comparison="true">
        <main className={picture.stage}>
          <h1 className="visually-hidden">
            {left.container} {left.name} and {right.container} {right.name}
          </h1>
          <div className={styles.heads} data-blink={state.blink}>
            {sides.map((side) => (
              <div key={side.key} className={styles.side} data-shown={blink.side === side.key}>
                <b>{side.letter}</b> <b>{sideName(side.detail, left, right)}</b>
                <span>
                  {side.detail.checkpointedAt === null
                    ? "time not in the dump"
                    : formatTime(side.detail.checkpointedAt)}
                </span>
                <span>{formatCount(recordedOf(side.detail))} pages recorded</span>
              </div>
            ))}
          </div>
          <div className={picture.ruler}>
            <Ruler
              viewer={viewer}
              strip={strip}
              mappings={mappings}
              theme={theme}
              ticks="verdict"
              tickCodes={TICK_CODES}
              onGo={goTo}
            />
          </div>
          <div className={styles.pair} data-blink={state.blink} data-region="picture">
            {sides.map((side) => (
              <div key={side.key} data-shown={blink.side === side.key}>
                <PictureCanvas
                  viewer={side.viewer}
                  label={`Side ${side.letter}: picture of ${side.detail.container} ${side.detail.name}, ${look.layout}, ${look.channel}`}
                  describedBy={`${ids}-text`}
                  onStartOfMapping={() =>
                    mapping >= 0 && viewer.select(edgeOf(strip, mapping, "start"), { show: true })
                  }
                  onEndOfMapping={() => mapping >= 0 && viewer.select(edgeOf(strip, mapping, "end"), { show: true })}
                  onFitMapping={onEnter}
                />
              </div>
            ))}
            <p id={`${ids}-text`} className="visually-hidden">
              The panel Changes lists every mapping that differs with its differences.
            </p>
          </div>
          <Splitter
            label="Height of the bytes"
            height={bytesHeight.height}
            onMove={bytesHeight.move}
            onRestore={bytesHeight.restore}
          />
          <div ref={bytesPane} className={picture.bytes} data-sides="2" data-region="bytes">
            {hex && (
              <BytesPane
                pane={hex}
                theme={theme}
                place={selection}
                values={false}
                onGo={goTo}
                head={
                  <>
                    {!selection && !none && (
                      <span>
                        <KeyCap>F7</KeyCap> goes to the first difference
                      </span>
                    )}
                    {compared.data?.verdict && <VerdictWord verdict={compared.data.verdict} />}
                    {compared.data && (compared.data.bytes > 0 || compared.data.verdict === "changed") && (
                      <span>
                        {formatCount(compared.data.bytes)} of {formatPlural(compared.data.known, "byte")}
                        {compared.data.known < PAGE_SIZE && " that both dumps hold"}
                        <ByteChange pane={hex} />
                      </span>
                    )}
                    {from && (
                      <button type="button" className={picture.retry} onClick={onEnter}>
                        from {from.address}
                      </button>
                    )}
                  </>
                }
              />
            )}
          </div>
        </main>
        <SideBar folded={folded} onToggle={() => setFolded(!folded)}>
          <ComparisonLegend
            comparison={comparison}
            viewer={viewer}
            look={look}
            lit={state.lit}
            onChoose={choose}
            onReset={() => setState({ ...state, lit: [] })}
          />
          <Tabs id={`${ids}-tabs`} label="Panels" tabs={TABS} value={tab} onChoose={setTab} />
          <div className={picture.panel} {...tabPanelProps(`${ids}-tabs`, tab)}>
            {tab === "changes" && changes}
            {tab === "page" && (
              <PagePanel
                detail={read}
                place={readAt}
                mapping={readAt ? (read.laid[mappingOf(read.laid, readAt)] ?? null) : null}
                page={page.data}
                error={pageError && { detail: pageError.message, advice: pageError.advice }}
                onRetry={() => void page.refetch()}
                onMapping={() => viewer.fitMapping(mapping)}
                onRelated={onRelated}
                onOffset={(offset) => selection && viewer.select({ ...selection, offset }, { show: true })}
                classBar={(classes) => <ClassBar counts={classes} theme={theme} />}
                histogram={(counts) => <Histogram counts={counts} />}
                narrow={narrow}
              />
            )}
          </div>
        </SideBar>
      </div>
      <StatusBar
        left={
          <BothHovers
            pair={pair}
            selected={
              selection ? (
                <>
                  <span>
                    Byte <code>{formatHex(addressOf(selection))}</code>
                  </span>
                  {compared.data && <span>{compared.data.reason}</span>}
                </>
              ) : (
                <span>Nothing is selected</span>
              )
            }
          />
        }
        right={
          <>
            <TileStatusText viewer={viewer} onRetry={() => viewers.forEach((one) => void one.retry())} />
            <span>
              {formatCount(comparison.compared)} of {formatCount(comparison.compared + unresolved)} pages compared
            </span>
          </>
        }
      />
    </div>
  );
}

/** Ranks with a tick on the ruler: all but what did not change; zero pages count by their differences. */
const TICK_CODES: ReadonlySet<number> = new Set([2, 3, 4, 5]);

function Title({ left, right }: Pick<Sides, "left" | "right">) {
  const same = left.container === right.container;
  return (
    <TitleBar
      crumbs={[
        { title: "Library", href: "/" },
        ...(same ? [{ title: left.container, href: "/" }] : []),
        { title: `${sideName(left, left, right)} → ${sideName(right, left, right)}` },
      ]}
    >
      <span>{right.parent === left.snapshot && `explained against ${left.name}`}</span>
    </TitleBar>
  );
}

/** Two cores are of two pids and yet of one process: what side A calls a space of the joint strip, and back. */
function spaceNames(joint: Comparison["joint"]): {
  readonly inA: ReadonlyMap<string, Space>;
  readonly inB: ReadonlyMap<string, Space>;
} {
  const inA = new Map<string, Space>();
  const inB = new Map<string, Space>();
  for (const { space, a } of joint) {
    if (!a) continue;
    inA.set(space, a.space as Space);
    inB.set(a.space, space as Space);
  }
  return { inA, inB };
}

function sideName(detail: SnapshotDetail, left: SnapshotDetail, right: SnapshotDetail): string {
  return left.container === right.container ? detail.name : `${detail.container} ${detail.name}`;
}

function recordedOf(detail: SnapshotDetail): number {
  return detail.pages.present + detail.pages.zero + detail.pages.inParent;
}

function edgeOf(strip: Strip, mapping: number, end: "start" | "end"): Place | null {
  const laid = strip.mappings.find((candidate) => candidate.source === mapping);
  const run = end === "start" ? laid?.runs[0] : laid?.runs.at(-1);
  if (!laid || !run) return null;
  const last = Math.min(laid.start + (run.block + run.blocks) * 16, laid.start + laid.pages) - 1;
  const page = end === "start" ? laid.start + run.block * 16 : last;
  return { space: laid.space, page: page as PageAddress, offset: end === "start" ? 0 : 4095 };
}

/** “, +0x025: 31 → 32” where the byte at the cursor differs. */
function ByteChange({ pane }: { pane: HexPane }) {
  const text = useSyncExternalStore(pane.subscribe, () => {
    const [a, b] = pane.bytesAtCursor();
    if (!pane.cursor || !a || !b || a.length === 0 || b.length === 0 || a[0] === b[0]) return "";
    return `, ${formatOffset(pane.cursor.offset)}: ${digits(a[0])} → ${digits(b[0])}`;
  });
  return text;
}

function digits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The side that the pointer is over. */
function BothHovers({ pair, selected }: { pair: Pair; selected: ReactNode }) {
  const overB = useSyncExternalStore(pair.b.subscribe, () => pair.b.hovered !== null);
  return <StatusHover viewer={overB ? pair.b : pair.a} selected={selected} />;
}

interface ComparisonLegendProps {
  readonly comparison: Comparison;
  readonly viewer: Viewer;
  readonly look: Look;
  readonly lit: readonly string[];
  readonly onChoose: (name: string, add: boolean) => void;
  readonly onReset: () => void;
}

function ComparisonLegend({ comparison, viewer, look, lit, onChoose, onReset }: ComparisonLegendProps) {
  const rows =
    look.channel === "verdict"
      ? VERDICT_ORDER.map((verdict) => ({
          name: verdict,
          title: verdict,
          sign: VERDICT_SIGNS[verdict],
          fill: fillOfVerdict(verdict),
          hair: isCalmVerdict(verdict),
          number: formatCount(comparison.verdicts[verdict]),
          lit: lit.length === 0 || lit.includes(verdict),
        }))
      : look.channel === "class"
        ? CLASS_ROWS.map(([name, title, code]) => ({
            name,
            title,
            fill: `var(--class-${code})`,
            hair: code === 0,
            number: "",
            lit: lit.length === 0 || lit.includes(name),
          }))
        : [];
  return (
    <Legend
      viewer={viewer}
      title={look.channel[0].toUpperCase() + look.channel.slice(1)}
      rule={RULES[look.channel]}
      rows={rows}
      onChoose={onChoose}
      onReset={onReset}
      minimap={<Minimap viewer={viewer} />}
      scale={look.channel === "value" ? <ValueScale /> : look.channel === "entropy" ? <EntropyLegend /> : undefined}
      places={
        <>
          {look.channel === "class" && <ShareKey />}
          <CommonPlaces />
        </>
      }
    >
      <PictureDifferenceText a={comparison.a.snapshot} b={comparison.b.snapshot} look={look} />
    </Legend>
  );
}

const CLASS_ROWS = [
  ["printable", "Printable", 1],
  ["whitespace", "Whitespace", 2],
  ["control", "Control", 3],
  ["high", "High 80–FE", 4],
  ["FF", "FF", 5],
  ["00", "00", 0],
] as const;

const RULES: Readonly<Record<AnyChannel, string>> = {
  verdict: "any change in a cell wins",
  class: "most frequent class of non-zero bytes",
  value: "mean of the bytes of a cell",
  entropy: "bits per byte, windows of 256 B",
  provenance: "",
};
