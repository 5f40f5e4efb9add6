/** Known sets, and every dump that arrived. */
import { useState } from "react";
import type { KnownSet, Library, Receipt } from "../../../shared/api/index.ts";
import { useReceipts } from "../../api/index.ts";
import { Button } from "../../controls/index.ts";
import { formatCount, formatHash, formatPlural, formatSize, formatTimeOnly, groupNumbers } from "../../format/index.ts";
import styles from "./library.module.css";
import { isCalm, refusalTitle } from "./refusal.ts";

export interface KnownSetsProps {
  readonly sets: readonly KnownSet[];
  readonly onAdd: () => void;
  readonly onShow: (name: string) => void;
  readonly onRemove: (name: string) => void;
}

export function KnownSets({ sets, onAdd, onShow, onRemove }: KnownSetsProps) {
  return (
    <section aria-label="Known sets">
      <div className={styles.section}>
        <h2>Known sets</h2>
        <Button look="link" onPress={onAdd}>
          Add a known set…
        </Button>
      </div>
      {sets.length === 0 ? (
        <p className={styles.none}>
          None yet. The pages of an image's files, from an OCI or docker image archive, a tar of a root file system, or
          a single file, explain what every container of it has.
        </p>
      ) : (
        <div className={styles.tables}>
          <table className={`${styles.table} ${styles.known}`}>
            <thead>
              <tr>
                <th>Name</th>
                <th>Source</th>
                <th className={styles.number}>Files</th>
                <th className={styles.number}>Distinct pages</th>
                <th className={styles.number}>Left to its files</th>
                <th className={styles.number}>Same content found</th>
                <th>
                  <span className="visually-hidden">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sets.map((set) => (
                <tr key={set.name}>
                  <td>
                    <Button look="link" label={`Show ${set.name}`} onPress={() => onShow(set.name)}>
                      {set.name}
                    </Button>
                  </td>
                  <td>
                    {set.source}{" "}
                    {set.digest !== null && (
                      <code>{formatHash(set.digest.replace(/^sha256:/, ""), 12).replace("…", "")}</code>
                    )}
                    {set.imageOf.length > 0 && <small> the image of {set.imageOf.join(", ")}</small>}
                    {set.withBytes && <small> with bytes</small>}
                  </td>
                  <td className={styles.number}>{formatCount(set.files)}</td>
                  <td className={styles.number}>{formatCount(set.pages)}</td>
                  <td className={styles.number}>{formatPlural(set.leftToFiles, "page")}</td>
                  <td className={styles.number}>{formatPlural(set.sameContent, "page")}</td>
                  <td className={styles.number}>
                    <Button look="plain-link" label={`Remove ${set.name}`} onPress={() => onRemove(set.name)}>
                      Remove…
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export interface ReceivedProps {
  readonly library: Pick<Library, "receipts" | "received">;
  readonly onExport: (format: "csv" | "json") => void;
}

export function Received({ library, onExport }: ReceivedProps) {
  const [all, setAll] = useState(false);
  const { received } = library;
  const isPart = received > library.receipts.length;
  const log = useReceipts(library, all && isPart);
  const receipts = (all && isPart ? log.data?.receipts : undefined) ?? library.receipts;
  if (received === 0) return null;
  return (
    <section aria-label="Received">
      <div className={styles.section}>
        <h2>Received</h2>
        <span className={styles.buttons}>
          <Button look="link" onPress={() => onExport("csv")}>
            Export the log
          </Button>
          <Button look="link" label="Export the log as JSON" onPress={() => onExport("json")}>
            as JSON
          </Button>
        </span>
      </div>
      <div className={styles.tables}>
        <table className={`${styles.table} ${styles.received}`}>
          <thead>
            <tr>
              <th>Time (UTC)</th>
              <th>File</th>
              <th className={styles.number}>Size</th>
              <th>SHA-256 at receipt</th>
              <th>Result</th>
            </tr>
          </thead>
          <tbody>
            {receipts.map((receipt) => (
              <tr key={receipt.receipt}>
                <td>
                  <code className={styles.dim}>{formatTimeOnly(receipt.at)}</code>
                </td>
                <td title={receipt.file}>{receipt.file}</td>
                <td className={styles.number}>{formatSize(receipt.bytes)}</td>
                <td title={receipt.sha256 ?? undefined}>
                  {receipt.sha256 === null ? "not counted" : <code>{formatHash(receipt.sha256, 16)}</code>}
                </td>
                <td className={isBad(receipt) ? styles.bad : undefined} title={groupNumbers(receipt.result)}>
                  {groupNumbers(resultOf(receipt))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {receipts.length < received && (
        <p className={styles.more}>
          The newest {formatCount(receipts.length)} of {formatCount(received)}.{" "}
          {log.error ? (
            <>
              <span className={styles.bad}>{log.error.message}</span>{" "}
              <Button look="link" onPress={() => void log.refetch()}>
                Retry
              </Button>
            </>
          ) : (
            <Button look="link" onPress={() => setAll(true)}>
              Show all
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function isBad({ problem }: Receipt): boolean {
  return problem !== null && !isCalm(problem.code);
}

/** In a line: what a refusal says in full stands in its row, and in the tooltip. */
function resultOf({ problem, result }: Receipt): string {
  if (!problem) return result;
  return isCalm(problem.code) ? `not added: ${refusalTitle(problem)}` : `refused: ${refusalTitle(problem)}`;
}
