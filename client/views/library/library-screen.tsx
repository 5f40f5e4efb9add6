/** The library: containers on a shared time axis, what is on its way, what was refused, known sets, what arrived. */
import { type MouseEvent, useCallback, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import type { Container, Job, KnownSet, Library, Receipt, SnapshotSummary } from "../../../shared/api/index.ts";
import { type LocalUpload, useLibrary, useLibraryActs } from "../../api/index.ts";
import { Button, Failure, FileInput, KeyCap, Loading, Menu, Swatch } from "../../controls/index.ts";
import { formatCount, formatPlural, formatSize } from "../../format/index.ts";
import { useActs } from "../../keys/index.ts";
import { fillOfPart, isCalm, PARTS, partsOf, titleOfPart, totalOf } from "../explain/parts.ts";
import { useFinder } from "../palette/finders.ts";
import { announce } from "../shell/announce.ts";
import { useShell } from "../shell/context.ts";
import shell from "../shell/shell.module.css";
import { StatusBar } from "../shell/status-bar.tsx";
import { TitleBar } from "../shell/title-bar.tsx";
import { ContainerRow, Ticks } from "./container-row.tsx";
import {
  DeleteSnapshot,
  ExplainAgainst,
  NameBaseline,
  NameKnownSet,
  RemoveKnownSet,
  RenameContainer,
} from "./dialogs.tsx";
import { EmptyLibrary } from "./empty-library.tsx";
import { GrowingBar, JobView, UploadView } from "./job-view.tsx";
import { KnownSetDialog } from "./known-set-dialog.tsx";
import styles from "./library.module.css";
import { download, receiptsAsCsv, receiptsAsJson } from "./receipt-log.ts";
import { detailsText, type NextStep } from "./refusal.ts";
import { RefusalRow, type Refused } from "./refusal-row.tsx";
import { foundActs, snapshotActs } from "./snapshot-acts.ts";
import { KnownSets, Received } from "./tables.tsx";
import { type Axis, timeAxis, timeOf } from "./time-axis.ts";
import { useFileDrop } from "./use-file-drop.ts";
import { useTimeWindow } from "./use-time-window.ts";

/** Height of the tallest change bar; all share its scale. */
const TALLEST = 76;
/** A label nearer to an end of the axis would be cut. */
const HALF_LABEL = 26;

export function LibraryScreen() {
  const library = useLibrary();
  return (
    <div className={shell.screen}>
      <TitleBar crumbs={[{ title: "Library" }]} />
      {library.data ? (
        <Loaded library={library.data} />
      ) : (
        <main className={styles.main}>
          {library.error ? (
            <Failure
              title="The library cannot be shown"
              detail={library.error.message}
              advice={"advice" in library.error ? String(library.error.advice) : ""}
              onRetry={() => void library.refetch()}
            />
          ) : (
            <Loading what="The library is being asked for." />
          )}
        </main>
      )}
      <StatusBar
        left={
          library.data && (
            <>
              <span>
                Listening on <code>{library.data.address}</code>
              </span>
              <span>
                Store <code>{library.data.store}</code>
                {library.data.totals.snapshots === 0 && ", empty"}
              </span>
            </>
          )
        }
        right={
          <span>
            Keys <KeyCap>?</KeyCap>
          </span>
        }
      />
    </div>
  );
}

type Asking =
  | { readonly what: "baseline" | "delete" | "explain" | "rename"; readonly snapshot: SnapshotSummary }
  | { readonly what: "remove" | "show"; readonly set: KnownSet }
  | { readonly what: "name"; readonly file: File }
  | null;

type OpenMenu = { readonly snapshot: SnapshotSummary; readonly at: { x: number; y: number } } | null;

function Loaded({ library }: { library: Library }) {
  const { uploads } = useShell();
  const local = useSyncExternalStore(uploads.subscribe, uploads.list);
  const acts = useLibraryActs();
  const [, navigate] = useLocation();
  const [marked, setMarked] = useState<readonly string[]>([]);
  // As the last hand or key left it: they may be faster than what is rendered.
  const markedNow = useRef(marked);
  const markOnly = (next: readonly string[]) => {
    markedNow.current = next;
    setMarked(next);
  };
  const [asking, setAsking] = useState<Asking>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const dumps = useRef<HTMLInputElement>(null);
  const image = useRef<HTMLInputElement>(null);
  const whole = useRef<HTMLInputElement>(null);
  const [cut, setCut] = useState<{ readonly receipt: number; readonly upload: string } | null>(null);
  const area = useRef<HTMLElement>(null);

  const onFiles = useCallback(
    (files: readonly File[]) => {
      for (const file of files) uploads.add(file, { kind: "dump" });
    },
    [uploads],
  );
  const dragged = useFileDrop(onFiles);

  const snapshots = useMemo(() => library.containers.flatMap((container) => container.snapshots), [library]);
  const times = useMemo(() => snapshots.map(timeOf), [snapshots]);
  const { jobs } = library;
  const refused = refusedOf(library, local);
  const isEmpty = snapshots.length === 0 && library.knownSets.length === 0 && jobs.length === 0 && local.length === 0;
  const view = useTimeWindow(area, times, !isEmpty);
  const axis = timeAxis(view.window, view.width || 1);
  const tallest = Math.max(1, ...snapshots.map((snapshot) => totalOf(partsOf(snapshot))));

  const mark = (snapshot: SnapshotSummary) => {
    const now = markedNow.current;
    const next = now.includes(snapshot.snapshot)
      ? now.filter((id) => id !== snapshot.snapshot)
      : [...now, snapshot.snapshot].slice(-2);
    markOnly(next);
    announce(`${formatPlural(next.length, "snapshot")} marked`);
  };
  const markedSnapshots = marked
    .map((id) => snapshots.find((snapshot) => snapshot.snapshot === id))
    .filter((snapshot) => snapshot !== undefined)
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const comparePath =
    markedSnapshots.length === 2 ? `/compare/${markedSnapshots[0].snapshot}/${markedSnapshots[1].snapshot}` : null;
  const askOfSet = (what: "show" | "remove", name: string) => {
    const set = library.knownSets.find((candidate) => candidate.name === name);
    if (set) setAsking({ what, set });
  };
  const exportLog = (format: "csv" | "json") => {
    acts.askForLog.mutate(undefined, {
      onSuccess({ receipts }) {
        if (format === "csv") download(receiptsAsCsv(receipts), "text/csv", "dumpscope-received.csv");
        else download(receiptsAsJson(receipts), "application/json", "dumpscope-received.json");
      },
    });
  };

  const homeless = [
    ...jobs.filter((job) => !library.containers.some((container) => container.name === job.container)),
    ...local.filter((upload) => upload.state !== "refused"),
  ];
  const watched = firstWatched(homeless, jobs);
  useActs({
    watch: {
      run: () => navigate(`/arriving/${watched}`),
      unavailable: watched === null ? "no dump is on its way" : undefined,
    },
    upload: { run: () => dumps.current?.click() },
    "add-known": { run: () => image.current?.click() },
    "open-sample": {
      run: () => acts.openSample.mutate(),
      unavailable: library.sample ? undefined : "its files are not under dumps/samples",
    },
    "export-log": {
      run: () => exportLog("csv"),
      unavailable: library.received === 0 ? "nothing was received yet" : undefined,
    },
    "compare-marked": {
      run: () => comparePath !== null && navigate(comparePath),
      unavailable: comparePath === null ? "mark two snapshots: Shift-click, or Space" : undefined,
    },
    fit: { run: view.fit },
    "drop-selection": { run: () => markOnly([]) },
  });

  const actsOf = (snapshot: SnapshotSummary) =>
    snapshotActs(snapshot, {
      isMarked: marked.includes(snapshot.snapshot),
      navigate,
      mark: () => mark(snapshot),
      ask: (what) => setAsking({ what, snapshot }),
    });
  useFinder((text) => foundActs(snapshots, text, actsOf));

  const onStep = (item: Refused & { readonly id: RefusedId }, step: NextStep) => {
    const upload = item.upload ?? undefined;
    switch (step) {
      case "upload-again":
        dismiss(item.id);
        dumps.current?.click();
        return;
      case "send-rest":
        if (!upload || item.id.local !== undefined) return;
        setCut({ receipt: item.id.receipt, upload });
        whole.current?.click();
        return;
      case "upload-whole": {
        const source = local.find(({ id }) => id === item.id.local)?.source;
        dismiss(item.id);
        if (source) uploads.add(source, { kind: "dump" });
        return;
      }
      case "keep-cut":
        if (upload) acts.ingest.mutate({ upload, keepCut: true });
        return;
      case "keep-raw":
        if (upload) acts.ingest.mutate({ upload, format: "raw" });
        return;
      case "retry":
        if (upload) acts.ingest.mutate({ upload });
        return;
      case "add-again":
        if (upload) acts.ingest.mutate({ upload, again: true });
        return;
      case "continue":
        if (item.id.local !== undefined) uploads.continue(item.id.local);
        return;
      case "open-existing":
        navigate(`/s/${item.problem.facts.snapshot}`);
        return;
      case "copy-details":
        void navigator.clipboard.writeText(detailsText(item, item.problem)).then(() => announce("Details copied"));
        return;
      case "dismiss":
        dismiss(item.id);
        return;
      default:
        step satisfies never;
    }
  };
  const dismiss = (id: RefusedId) => {
    if (id.local !== undefined) uploads.cancel(id.local);
    else acts.dismiss.mutate(id.receipt);
  };

  const rowProps = {
    axis,
    pixelsPerPage: TALLEST / tallest,
    marked,
    onOpen: (snapshot: SnapshotSummary) => navigate(`/s/${snapshot.snapshot}`),
    onMark: mark,
    onUploadParent: () => dumps.current?.click(),
    onMenu: (snapshot: SnapshotSummary, event: MouseEvent) =>
      setMenu({ snapshot, at: { x: event.clientX, y: event.clientY } }),
  };
  const actError = [
    acts.ingest,
    acts.askForLog,
    acts.openSample,
    acts.cancel,
    acts.rename,
    acts.explainAgainst,
    acts.deleteSnapshot,
    acts.addBaseline,
    acts.removeKnown,
  ].find((act) => act.error)?.error;

  return (
    <main ref={area} className={styles.main} data-region="library">
      <FileInput input={dumps} name="dumps" multiple onFiles={onFiles} />
      <FileInput
        input={image}
        name="image"
        onFiles={([file]) => {
          if (file) setAsking({ what: "name", file });
        }}
      />
      <FileInput
        input={whole}
        name="whole"
        onFiles={([file]) => {
          if (file && cut) uploads.sendRest(file, cut);
        }}
      />
      {actError && (
        <Failure
          title="That was not done"
          detail={actError.message}
          advice={"advice" in actError ? String(actError.advice) : ""}
        />
      )}
      {isEmpty && refused.length === 0 ? (
        <>
          <EmptyLibrary
            library={library}
            dragged={dragged}
            onChoose={() => dumps.current?.click()}
            onOpenSample={() => acts.openSample.mutate()}
          />
          {/* What was cancelled, refused or deleted has arrived all the same. */}
          <Received library={library} onExport={exportLog} />
        </>
      ) : (
        <>
          <header className={styles.head}>
            <h1>Library</h1>
            <p>{totalsText(library)}</p>
            {comparePath !== null && (
              <Button onPress={() => navigate(comparePath)}>
                Compare {nameOf(markedSnapshots[0])} → {nameOf(markedSnapshots[1])}
              </Button>
            )}
            <small>Drop files anywhere, or</small>
            <Button look="primary" size="large" onPress={() => dumps.current?.click()}>
              Upload dumps…
            </Button>
          </header>
          <AxisHead axis={axis} width={view.width} />
          {/* What has no row of its own yet stands first, where it is seen. */}
          {homeless.map((item) => (
            <section key={"job" in item ? item.job : item.id} className={styles.row} aria-label={item.file}>
              <div className={styles.name}>
                <h2>{item.file}</h2>
                <p>{kindText(item)}</p>
              </div>
              <div className={styles.time} data-time="true">
                <Ticks axis={axis} />
                <GrowingBar share={shareOf(item)} />
              </div>
              <div className={styles.result}>
                {"job" in item ? (
                  <JobView
                    job={item}
                    watchKey={item.arriving === watched}
                    onCancel={() => acts.cancel.mutate(item.job)}
                  />
                ) : (
                  <UploadView
                    watchKey={item.upload !== null && item.upload === watched}
                    upload={item}
                    onContinue={() => uploads.continue(item.id)}
                    onCancel={() => uploads.cancel(item.id)}
                  />
                )}
              </div>
            </section>
          ))}
          {refused
            .filter((item) => !library.containers.some((container) => container.name === item.container))
            .map((item) => (
              <RefusalRow key={keyOf(item.id)} refused={item} onStep={(step) => onStep(item, step)} />
            ))}
          {library.containers.map((container) => (
            <RowWithRefusals
              key={container.name}
              container={container}
              jobs={jobs.filter((job) => job.container === container.name)}
              watched={watched}
              refused={refused.filter((item) => item.container === container.name)}
              onCancel={(job) => acts.cancel.mutate(job)}
              onStep={onStep}
              row={rowProps}
            />
          ))}
          <KnownSets
            sets={library.knownSets}
            onAdd={() => image.current?.click()}
            onShow={(name) => askOfSet("show", name)}
            onRemove={(name) => askOfSet("remove", name)}
          />
          <Received library={library} onExport={exportLog} />
        </>
      )}
      {dragged && !isEmpty && <div className={styles.drop} />}
      {menu && (
        <Menu label={nameOf(menu.snapshot)} at={menu.at} onClose={() => setMenu(null)} items={actsOf(menu.snapshot)} />
      )}
      {asking?.what === "delete" && (
        <DeleteSnapshot
          snapshot={asking.snapshot}
          dependents={snapshots.filter((snapshot) => snapshot.parent === asking.snapshot.snapshot)}
          onClose={() => setAsking(null)}
          onDelete={() => acts.deleteSnapshot.mutate(asking.snapshot.snapshot)}
        />
      )}
      {asking?.what === "rename" && (
        <RenameContainer
          container={asking.snapshot.container}
          taken={library.containers.map((container) => container.name)}
          onClose={() => setAsking(null)}
          onRename={(name) => acts.rename.mutate({ container: asking.snapshot.container, name })}
        />
      )}
      {asking?.what === "explain" && (
        <ExplainAgainst
          snapshot={asking.snapshot}
          others={snapshots.filter(({ snapshot }) => snapshot !== asking.snapshot.snapshot)}
          onClose={() => setAsking(null)}
          onExplain={(parent) => acts.explainAgainst.mutate({ snapshot: asking.snapshot.snapshot, parent })}
        />
      )}
      {asking?.what === "baseline" && (
        <NameBaseline
          snapshot={asking.snapshot}
          taken={library.knownSets.map((set) => set.name)}
          onClose={() => setAsking(null)}
          onName={(name) => acts.addBaseline.mutate({ snapshot: asking.snapshot.snapshot, name })}
        />
      )}
      {asking?.what === "show" && <KnownSetDialog set={asking.set} onClose={() => setAsking(null)} />}
      {asking?.what === "remove" && (
        <RemoveKnownSet
          set={asking.set}
          onClose={() => setAsking(null)}
          onRemove={() => acts.removeKnown.mutate(asking.set.name)}
        />
      )}
      {asking?.what === "name" && (
        <NameKnownSet
          file={asking.file.name}
          taken={library.knownSets.map((set) => set.name)}
          onClose={() => setAsking(null)}
          onName={(chosen) => uploads.add(asking.file, chosen)}
        />
      )}
    </main>
  );
}

function AxisHead({ axis, width }: { axis: Axis; width: number }) {
  const time = useRef<HTMLDivElement>(null);
  const firstPart = useRef<HTMLLIElement>(null);
  const [over, setOver] = useState(0);
  // In a narrow window the legend reaches over the end of the axis; how far depends on its words and their font.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured moves when the width changes
  useLayoutEffect(() => {
    const measure = () => {
      const from = firstPart.current?.getBoundingClientRect();
      const to = time.current?.getBoundingClientRect();
      if (from && to) setOver(from.width === 0 ? 0 : Math.max(0, to.right - from.left));
    };
    measure();
    void document.fonts.ready.then(measure);
  }, [width]);
  const end = width - HALF_LABEL - over;
  return (
    <div className={styles.axis}>
      <div>
        <span>Container</span>
        <span>{axis.head}</span>
      </div>
      <div ref={time} className={styles.time} data-axis="true" title="Wheel zooms, drag pans, 0 fits">
        {axis.ticks
          .filter((tick) => tick.x >= HALF_LABEL && tick.x <= end)
          .map((tick) => (
            <span key={tick.x} className={styles.tick} style={{ left: tick.x }}>
              {tick.text}
            </span>
          ))}
      </div>
      <ul className={styles.legend} aria-label="Parts of a change bar, from below">
        {PARTS.map((part, index) => (
          <li key={part} ref={index === 0 ? firstPart : undefined}>
            <Swatch fill={fillOfPart(part)} hair={isCalm(part)} />
            {titleOfPart(part)}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface RowWithRefusalsProps {
  readonly container: Container;
  readonly jobs: readonly Job[];
  /** The dump that the key watches. */
  readonly watched: string | null;
  readonly refused: readonly RefusedItem[];
  readonly row: Omit<Parameters<typeof ContainerRow>[0], "container" | "children" | "placeholder">;
  readonly onCancel: (job: string) => void;
  readonly onStep: (item: RefusedItem, step: NextStep) => void;
}

function RowWithRefusals({ container, jobs, watched, refused, row, onCancel, onStep }: RowWithRefusalsProps) {
  const crossed = refused.find((item) => item.problem.code !== "received-already");
  const placeholder =
    jobs.length > 0 ? <GrowingBar share={shareOf(jobs[0])} /> : crossed ? <GrowingBar share={0} refused /> : undefined;
  return (
    <>
      <ContainerRow
        {...row}
        container={container}
        placeholder={placeholder}
        placeholderParent={jobs.length > 0 ? jobs[0].parent : null}
      >
        {jobs.length > 0 &&
          jobs.map((job) => (
            <JobView key={job.job} job={job} watchKey={job.arriving === watched} onCancel={() => onCancel(job.job)} />
          ))}
      </ContainerRow>
      {refused.map((item) => (
        <RefusalRow key={keyOf(item.id)} refused={item} onStep={(step) => onStep(item, step)} />
      ))}
    </>
  );
}

type RefusedId = { readonly receipt: number; readonly local?: undefined } | { readonly local: string };
interface RefusedItem extends Refused {
  readonly id: RefusedId;
  readonly container: string | null;
}

function keyOf(id: RefusedId): string {
  return id.local ?? `receipt-${id.receipt}`;
}

/** What the server refused and nobody dismissed, and uploads that never became a job. */
function refusedOf(library: Library, local: readonly LocalUpload[]): RefusedItem[] {
  const received = library.refused.flatMap((receipt) => {
    const { problem } = receipt;
    if (!problem || isSuperseded(receipt, library, local)) return [];
    const container = receipt.container ?? (problem.facts.container?.toString() || null);
    return [{ ...receipt, problem, container, id: { receipt: receipt.receipt } }];
  });
  const here = local.flatMap((upload) =>
    upload.state === "refused" && upload.error
      ? [
          {
            id: { local: upload.id },
            file: upload.file,
            at: upload.startedAt,
            bytes: upload.totalBytes,
            sha256: null,
            upload: null,
            container: upload.purpose.container ?? null,
            problem: upload.error.problem,
          },
        ]
      : [],
  );
  return [...received, ...here];
}

/** The same file, or the rest of it, is on its way. */
function isSuperseded(receipt: Receipt, { jobs }: Library, local: readonly LocalUpload[]): boolean {
  return (
    jobs.some(({ file }) => file === receipt.file) ||
    local.some(({ restOf, state }) => restOf !== null && restOf === receipt.upload && state !== "refused")
  );
}

function shareOf(item: Job | LocalUpload): number {
  if ("job" in item) return item.totalBytes > 0 ? Math.min(1, item.bytes / item.totalBytes) : 0;
  return item.totalBytes > 0 ? item.sentBytes / item.totalBytes : 0;
}

/** The first dump on the screen that can be watched: what has no row of its own yet stands before the containers. */
function firstWatched(homeless: readonly (Job | LocalUpload)[], jobs: readonly Job[]): string | null {
  for (const item of [...homeless, ...jobs]) {
    if ("job" in item ? item.kind === "known" : item.purpose.kind === "known") continue;
    const name = "job" in item ? item.arriving : item.upload;
    if (name !== null) return name;
  }
  return null;
}

function kindText(item: Job | LocalUpload): string {
  const kind = "job" in item ? item.kind : item.purpose.kind;
  return kind === "known" ? "known set" : "container not known yet";
}

function nameOf(snapshot: SnapshotSummary): string {
  return `${snapshot.container} ${snapshot.name}`;
}

function totalsText({ totals }: Library): string {
  return `${formatPlural(totals.containers, "container")}, ${formatPlural(totals.snapshots, "snapshot")}, ${formatCount(totals.distinctPages)} distinct ${totals.distinctPages === 1 ? "page" : "pages"}, ${formatSize(totals.dumpBytes)} of dumps kept in ${formatSize(totals.storedBytes)}`;
}
