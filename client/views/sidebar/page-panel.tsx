/** The selected page: where it is, why it has its provenance, its bytes in numbers, the parent's, its strings. */
import { type ReactNode, useState } from "react";
import type { ApiMapping, InspectedPage, SnapshotDetail } from "../../../shared/api/index.ts";
import { maskSecret } from "../../../shared/find/index.ts";
import { addressOfPage, type PageAddress, parseAddress } from "../../../shared/memory/index.ts";
import { isWriteExecute } from "../../../shared/palette/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { BYTE_CLASSES } from "../../../shared/summary/index.ts";
import { AddressText, Button, Empty, Failure, KeyCap, Loading, Swatch } from "../../controls/index.ts";
import { formatCount, formatEntropy, formatHash, formatPlural } from "../../format/index.ts";
import { runCommand } from "../../keys/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { isCalm, partOf } from "../explain/parts.ts";
import { wordsOf } from "../filling/fillers.ts";
import { CLASS_NAMES, CLASS_ORDER } from "../picture/class-shares.tsx";
import { placeAt } from "../place/places.ts";
import styles from "./sidebar.module.css";

export interface PagePanelProps {
  readonly detail: Pick<SnapshotDetail, "facts" | "snapshot" | "maps">;
  readonly place: Place | null;
  /** How much is selected, in words; `null` when nothing is. */
  readonly selected?: string | null;
  readonly mapping: ApiMapping | null;
  readonly page: InspectedPage | undefined;
  readonly error: { readonly detail: string; readonly advice: string } | null;
  readonly onRetry: () => void;
  readonly onMapping: () => void;
  /** What the channel in use shows here: a term and its description. */
  readonly channel?: ReactNode;
  /** Follows the place that the reason names. */
  readonly onRelated: (snapshot: string, place: Place) => void;
  readonly onOffset: (offset: number) => void;
  readonly classBar: (classes: readonly number[]) => ReactNode;
  readonly histogram: (counts: readonly number[]) => ReactNode;
  /** The notes on it, below what it is. */
  readonly notes?: ReactNode;
  /** What a missing page is called; `missing` without it. */
  readonly missing?: string;
  /** Sections that stand behind tabs in a narrow window. */
  readonly narrow: boolean;
}

export function PagePanel(props: PagePanelProps) {
  const { place, page } = props;
  if (!place && props.selected) return <Empty>{props.selected}. Click one of its bytes to read their page.</Empty>;
  if (!place) {
    return (
      <Empty>
        Nothing is selected. Click a cell of the picture, or go to an address. <KeyCap>.</KeyCap> goes to the next page
        that is left.
      </Empty>
    );
  }
  const isHere = page?.space === place.space && parseAddress(page.address) === addressOfPage(place.page);
  return (
    <>
      <section className={styles.section} aria-label="Page">
        <header>
          <h3 className={styles.address}>
            <AddressText value={addressOfPage(place.page)} />
          </h3>
          <Button look="plain-link" onPress={() => runCommand("copy-link")}>
            Copy link <KeyCap>L</KeyCap>
          </Button>
        </header>
        <Where {...props} place={place} page={isHere ? page : undefined} />
      </section>
      {props.notes}
      {props.error ? (
        <Failure
          title="This page could not be read"
          detail={props.error.detail}
          advice={props.error.advice}
          onRetry={props.onRetry}
        />
      ) : isHere && page ? (
        <Content {...props} page={page} />
      ) : (
        <Loading what="The page is being read." />
      )}
    </>
  );
}

/** Who maps a page of shared memory, and at which of its own addresses. */
function mappersOf({ space, page, offset }: Place, maps: readonly ApiMapping[]): { pid: number; at: bigint }[] {
  return maps
    .filter((map) => map.space === space && page >= map.start && page < map.start + map.pages)
    .map(({ pid, address, start }) => ({
      pid,
      at: (parseAddress(address) ?? 0n) + addressOfPage((page - start) as PageAddress, offset),
    }));
}

function Where(props: PagePanelProps & { place: Place }) {
  const { detail, place, page, mapping, onMapping, onRelated } = props;
  const commOf = (pid: number) => detail.facts.processes.find((process) => process.pid === pid)?.comm ?? "";
  const mappers = place.space.startsWith("s") ? mappersOf(place, detail.maps) : [];
  return (
    <dl className={styles.facts}>
      {place.space.startsWith("s") && (
        <>
          <dt>Segment</dt>
          <dd>{place.space.slice(1)}, addresses are offsets in it</dd>
        </>
      )}
      {mapping && mapping.pid > 0 && (
        <>
          <dt>Process</dt>
          {mappers.length > 0 ? (
            mappers.map(({ pid, at }) => (
              <dd key={`${pid} ${at}`}>
                {pid} <small>{commOf(pid)}, at</small> <AddressText value={at} />
              </dd>
            ))
          ) : (
            <dd>
              {mapping.pid} <small>{commOf(mapping.pid)}</small>
            </dd>
          )}
        </>
      )}
      <dt>Mapping</dt>
      <dd>
        {mapping ? (
          <>
            <button type="button" className={styles.link} onClick={onMapping} title={mapping.path ?? undefined}>
              {mapping.name}
            </button>{" "}
            <PermissionText permissions={mapping.permissions} />{" "}
            <small>
              {mapping.shared ? "shared" : "private"}, {formatPlural(mapping.pages, "page")}
              {mapping.deleted && ", file deleted"}
            </small>
          </>
        ) : (
          "none"
        )}
      </dd>
      {mapping && (
        <>
          <dt>Offset</dt>
          <dd>
            <AddressText prefix="+0x" value={addressOfPage((place.page - mapping.start) as PageAddress)} />{" "}
            <small>in the mapping</small>
          </dd>
        </>
      )}
      {props.channel}
      {page && (
        <Reason
          page={page}
          deleted={mapping?.deleted === true}
          snapshot={detail.snapshot}
          missing={props.missing}
          onRelated={onRelated}
        />
      )}
    </dl>
  );
}

/** What a page without provenance is called, as the legend does. */
const STATE_WORDS: Readonly<Record<InspectedPage["state"], string>> = {
  data: "recorded",
  zero: "zero",
  parent: "in the parent",
  "parent-zero": "zero, in the parent",
  "parent-missing": "missing",
  "absent-file": "left to its file",
  "absent-untouched": "untouched",
  "absent-excluded": "excluded",
  "absent-missing": "missing",
  unmapped: "not mapped",
};

interface ReasonProps extends Pick<PagePanelProps, "missing" | "onRelated"> {
  readonly page: InspectedPage;
  /** The file of its mapping was deleted: what was left to it is no image's. */
  readonly deleted: boolean;
  readonly snapshot: string;
}

function Reason(props: ReasonProps) {
  const { page, onRelated } = props;
  const isOfDeleted = page.state === "absent-file" && props.deleted;
  const word = isOfDeleted ? "left to deleted file" : STATE_WORDS[page.state];
  const related = page.related;
  const address = related ? parseAddress(related.address) : undefined;
  return (
    <>
      <dt>{page.provenance === null ? "State" : "Provenance"}</dt>
      <dd>
        {page.provenance === null ? (
          word === "missing" ? (
            (props.missing ?? word)
          ) : (
            word
          )
        ) : (
          <span className={styles.provenance}>
            <Swatch fill={`var(--provenance-${page.provenance})`} hair={isCalm(partOf(page.provenance))} />
            {page.provenance}
          </span>
        )}
        <p>{page.reason}</p>
        {related && address !== undefined && (
          <button
            type="button"
            className={styles.link}
            onClick={() => onRelated(related.snapshot, placeAt(related.space as Space, address))}
          >
            Go to <AddressText value={address} />
            {related.snapshot !== props.snapshot && " there"}
          </button>
        )}
      </dd>
      {page.files.length > 0 && (
        <>
          <dt>{page.files.length === 1 ? "File" : "Files"}</dt>
          <dd>
            {page.files.slice(0, 4).map((file) => (
              <p key={`${file.set} ${file.path} ${file.offset} ${file.baseline?.address ?? ""}`}>
                <code>{file.path}</code> at <AddressText value={file.offset} />
                {file.set !== "" && <>, in {file.set}</>}
                <FileAbout file={file} />
              </p>
            ))}
            {page.files.length > 4 && <p>and {formatCount(page.files.length - 4)} more</p>}
          </dd>
        </>
      )}
      {page.filled && (
        <>
          <dt>Can be filled</dt>
          <dd>
            {wordsOf(page.filled.source)}
            <small className={styles.about}>
              <span title={page.filled.hash}>
                sha256 <code>{formatHash(page.filled.hash, 12)}</code>
              </span>
              <span>not in the dump, never counted as recorded</span>
            </small>
          </dd>
        </>
      )}
      {page.hash !== null && (
        <>
          <dt>Page hash</dt>
          <dd>
            <code title={page.hash}>{formatHash(page.hash, 16)}</code>
          </dd>
        </>
      )}
    </>
  );
}

/** What a known set says of a file: package, build-id, layer; of a baseline's page, where it stands there. */
function FileAbout({ file }: { file: InspectedPage["files"][number] }) {
  const { package: owner, buildId, layer, baseline } = file;
  return (
    <small className={styles.about}>
      {owner && (
        <span>
          {owner.name} {owner.version} ({owner.kind})
        </span>
      )}
      {buildId !== null && (
        <span title={buildId}>
          build-id <code>{formatHash(buildId, 12)}</code>
        </span>
      )}
      {layer !== null && (
        <span title={layer}>
          layer <code>{formatHash(layer.replace(/^sha256:/, ""), 12)}</code>
        </span>
      )}
      {baseline && (
        <span>
          {baseline.snapshot}, {baseline.address} of {baseline.space}
        </span>
      )}
    </small>
  );
}

function Content(props: PagePanelProps & { page: InspectedPage }) {
  const { page, narrow } = props;
  const { classes, histogram } = page;
  return (
    <>
      {classes && (
        <section className={styles.section} aria-label="Bytes of the page">
          <header>
            <h3>Bytes</h3>
            <span>
              {page.entropy !== null && `${formatEntropy(page.entropy)} bits per byte${narrow ? "" : " over the page"}`}
            </span>
          </header>
          {props.classBar(classes)}
          <ul className={styles.classes}>
            {CLASS_ORDER.map((code) => (
              <li key={BYTE_CLASSES[code]}>
                <Swatch fill={`var(--class-${code})`} hair={code === 0} />
                {CLASS_NAMES[code]} <b>{formatCount(classes[code] ?? 0)}</b>
              </li>
            ))}
          </ul>
          {histogram && !narrow && props.histogram(histogram)}
        </section>
      )}
      {page.againstParent && <AgainstParent against={page.againstParent} />}
      {page.strings.length > 0 && <Strings strings={page.strings} onOffset={props.onOffset} />}
    </>
  );
}

function AgainstParent({ against }: { against: NonNullable<InspectedPage["againstParent"]> }) {
  return (
    <section className={styles.section} aria-label={`Against ${against.name}`}>
      <header>
        <h3>Against {against.name}</h3>
        <span>same place</span>
      </header>
      {against.bytes === 0 ? (
        <p>No byte differs.</p>
      ) : (
        <>
          <p>
            {formatCount(against.bytes)} of {formatCount(against.known)} bytes{" "}
            {against.bytes === 1 ? "differs" : "differ"}, in {formatPlural(against.runs.length, "run")}
          </p>
          <RunsStrip runs={against.runs} />
        </>
      )}
    </section>
  );
}

/** Which bytes of a page differ: 4 096 bytes from left to right, a run is never thinner than it can be seen. */
export function RunsStrip({ runs }: { runs: readonly (readonly [number, number])[] }) {
  return (
    <>
      <svg className={styles.runs} viewBox="0 0 4096 12" preserveAspectRatio="none" aria-hidden="true">
        {runs.map(([from, to]) => (
          <rect key={from} x={from} y={0} width={Math.max(12, to - from)} height={12} />
        ))}
      </svg>
      <div className={styles.ends}>
        <span>+000</span>
        <span>+800</span>
        <span>+fff</span>
      </div>
    </>
  );
}

interface StringsProps {
  readonly strings: InspectedPage["strings"];
  readonly onOffset: (offset: number) => void;
}

function Strings({ strings, onOffset }: StringsProps) {
  const [revealed, setRevealed] = useState(false);
  const secrets = strings.filter((string) => string.secret).length;
  return (
    <section className={styles.section} aria-label="Strings of the page">
      <header>
        <h3>Strings</h3>
        <span>
          {secrets > 0 && (revealed ? "secrets are shown" : "secrets are masked")}{" "}
          {secrets > 0 && (
            <button type="button" className={styles.link} onClick={() => setRevealed(!revealed)}>
              {revealed ? "Mask" : "Reveal"}
            </button>
          )}
        </span>
      </header>
      <div className={styles.strings}>
        {strings.map((string) => (
          <StringRow key={string.offset} string={string} masked={string.secret && !revealed} onOffset={onOffset} />
        ))}
      </div>
    </section>
  );
}

interface StringRowProps {
  readonly string: InspectedPage["strings"][number];
  readonly masked: boolean;
  readonly onOffset: (offset: number) => void;
}

function StringRow({ string, masked, onOffset }: StringRowProps) {
  return (
    <>
      <button type="button" onClick={() => onOffset(string.offset)}>
        +{string.offset.toString(16).padStart(3, "0")}
      </button>
      <span>{masked ? maskSecret(string.text) : string.text}</span>
    </>
  );
}

export function PermissionText({ permissions, words = false }: { permissions: string; words?: boolean }) {
  const danger = isWriteExecute(permissions);
  return (
    <span className={danger ? `${styles.permissions} ${styles.danger}` : styles.permissions}>
      {permissions}
      {danger && words && " W+X"}
    </span>
  );
}
