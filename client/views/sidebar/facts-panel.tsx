/** What the dump says of itself, for the analyst: machine, processes, container, engine, times, digests, notes. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { Empty } from "../../controls/index.ts";
import { formatBytes, formatCount, formatSentence, formatTime } from "../../format/index.ts";
import { MachineSection } from "./machine-section.tsx";
import styles from "./sidebar.module.css";

const FORMATS: Readonly<Record<SnapshotDetail["format"], string>> = {
  "criu-checkpoint": "container checkpoint (CRIU)",
  "criu-pre-checkpoint": "pre-checkpoint (CRIU), without mappings",
  "elf-core": "ELF core of a process",
  "elf-vmcore": "ELF dump of a machine",
  raw: "raw bytes",
};
const UNKNOWN = "not in the dump";

export function FactsPanel({ detail }: { detail: SnapshotDetail }) {
  const { facts } = detail;
  const taken = facts.checkpointedAt;
  return (
    <>
      {facts.notes.length > 0 && (
        <section className={styles.section} aria-label="Notes on the dump">
          <header>
            <h3>To know</h3>
          </header>
          {[...new Set(facts.notes)].map((note) => (
            <p key={note}>{formatSentence(note)}</p>
          ))}
        </section>
      )}
      {facts.machine !== null && <MachineSection machine={facts.machine} />}
      <section className={styles.section} aria-label="Processes">
        <header>
          <h3>Processes</h3>
          <span>as in the dump</span>
        </header>
        {facts.processes.length === 0 ? <Empty>The dump names no process.</Empty> : <ProcessTree detail={detail} />}
      </section>
      <section className={styles.section} aria-label="Container">
        <header>
          <h3>Container</h3>
        </header>
        <dl className={styles.facts} data-wide="true">
          <dt>Name</dt>
          <dd>{facts.containerName ?? UNKNOWN}</dd>
          <dt>Id</dt>
          <dd>{facts.containerId === null ? UNKNOWN : <code>{facts.containerId}</code>}</dd>
          <dt>Image</dt>
          <dd>{facts.imageName ?? UNKNOWN}</dd>
          {facts.imageId !== null && (
            <>
              <dt>Image id</dt>
              <dd>
                <code>{facts.imageId}</code>{" "}
                <small>
                  {detail.image?.knownSet
                    ? `its image is the known set ${detail.image.knownSet}`
                    : "its image is not here: add it as a known set"}
                </small>
              </dd>
            </>
          )}
          <dt>Engine</dt>
          <dd>{facts.engine ?? UNKNOWN}</dd>
          <dt>Architecture</dt>
          <dd>
            {facts.architecture ?? UNKNOWN} <small>{facts.byteOrder}-endian</small>
          </dd>
          <dt>Container created</dt>
          <dd>{facts.containerCreatedAt === null ? UNKNOWN : formatTime(facts.containerCreatedAt)}</dd>
          <dt>Checkpointed</dt>
          <dd>
            {taken.at === null ? "time not in the dump" : formatTime(taken.at)}{" "}
            {taken.at !== null && (
              <small>{taken.from === "checkpointedTime" ? "by checkpointedTime" : `by the ${taken.from}`}</small>
            )}
          </dd>
        </dl>
      </section>
      <section className={styles.section} aria-label="Dump">
        <header>
          <h3>Dump</h3>
        </header>
        <dl className={styles.facts} data-wide="true">
          <dt>File</dt>
          <dd>{detail.file}</dd>
          <dt>Format</dt>
          <dd>{FORMATS[detail.format]}</dd>
          <dt>Received</dt>
          <dd>{formatTime(detail.createdAt)}</dd>
          <dt>Size</dt>
          <dd>{formatBytes(detail.bytes)}</dd>
          <dt>SHA-256</dt>
          <dd>
            <code>{detail.sha256}</code>
          </dd>
          {detail.unpackedSha256 !== null && (
            <>
              <dt>Unpacked SHA-256</dt>
              <dd>
                <code>{detail.unpackedSha256}</code>
              </dd>
            </>
          )}
          {facts.parentLink !== null && (
            <>
              <dt>Parent link</dt>
              <dd>
                <code>{facts.parentLink}</code>
              </dd>
            </>
          )}
          <dt>Snapshot</dt>
          <dd>
            <code>{detail.snapshot}</code>
          </dd>
          <dt>Recorded</dt>
          <dd>
            {formatCount(detail.pages.present)} with bytes, {formatCount(detail.pages.zero)} zero,{" "}
            {formatCount(detail.pages.inParent)} in the parent
          </dd>
          <dt>Not recorded</dt>
          <dd>
            {formatCount(detail.pages.absent.file)} left to files, {formatCount(detail.pages.absent.untouched)}{" "}
            untouched, {formatCount(detail.pages.absent.excluded)} excluded, {formatCount(detail.pages.absent.missing)}{" "}
            missing
          </dd>
          {Object.entries(facts.more).map(([name, value]) => (
            <More key={name} name={name} value={value} />
          ))}
        </dl>
      </section>
    </>
  );
}

function More({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

type Process = SnapshotDetail["facts"]["processes"][number];

function ProcessTree({ detail }: { detail: SnapshotDetail }) {
  return (
    <table className={styles.processes}>
      <thead>
        <tr>
          <th>Pid</th>
          <th>Process</th>
        </tr>
      </thead>
      <tbody>
        {treeOf(detail.facts.processes).map(({ process, depth }) => (
          <tr key={process.pid}>
            <td className={styles.pid} style={{ paddingInlineStart: depth * 12 }}>
              {process.pid}
            </td>
            <td>
              {process.comm ?? "name not in the dump"}
              {process.threads !== null && process.threads > 1 && `, ${formatCount(process.threads)} threads`}
              <br />
              <code>{process.commandLine ?? "command line not in the dump"}</code>
              {process.executable !== null && (
                <>
                  <br />
                  <code>{process.executable}</code>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Children below their parents; a process whose parent is not in the dump is a root. A cycle ends at its first sight. */
function treeOf(processes: readonly Process[]): { process: Process; depth: number }[] {
  const pids = new Set(processes.map((process) => process.pid));
  const rows: { process: Process; depth: number }[] = [];
  const seen = new Set<number>();
  const add = (process: Process, depth: number) => {
    if (seen.has(process.pid)) return;
    seen.add(process.pid);
    rows.push({ process, depth: Math.min(depth, 8) });
    for (const child of processes) if (child.ppid === process.pid) add(child, depth + 1);
  };
  for (const process of processes) if (process.ppid === null || !pids.has(process.ppid)) add(process, 0);
  for (const process of processes) add(process, 0);
  return rows;
}
