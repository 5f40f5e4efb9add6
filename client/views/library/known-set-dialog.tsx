/** A known set in full: its layers, packages and build-ids, and what could not be read. */
import type { KnownSet, KnownSetDetail } from "../../../shared/api/index.ts";
import { asApiError, useKnownSet } from "../../api/index.ts";
import { Button, Dialog, DialogButtons, Failure, Loading } from "../../controls/index.ts";
import { formatCount, formatHash, formatPlural } from "../../format/index.ts";
import styles from "./library.module.css";

export interface KnownSetDialogProps {
  readonly set: KnownSet;
  readonly onClose: () => void;
}

export function KnownSetDialog({ set, onClose }: KnownSetDialogProps) {
  const { data, error, refetch } = useKnownSet(set.name);
  return (
    <Dialog label={`Known set ${set.name}`} shape="wide" onClose={onClose}>
      <h2>{set.name}</h2>
      <p>
        {set.source}, {formatPlural(set.files, "file")}, {formatPlural(set.pages, "distinct page")}
        {set.withBytes ? ", kept with their bytes" : ", kept as hashes"}.{" "}
        {set.imageOf.length > 0 && `It is the image of ${set.imageOf.join(", ")}.`}
      </p>
      {set.digest !== null && (
        <p>
          <code>{set.digest}</code>
        </p>
      )}
      {error ? (
        <Failure
          title="The known set could not be read"
          detail={error.message}
          advice={asApiError(error).advice}
          onRetry={() => void refetch()}
        />
      ) : data ? (
        <Detail detail={data} />
      ) : (
        <Loading what="The known set is being read." />
      )}
      <DialogButtons>
        <Button onPress={onClose}>Close</Button>
      </DialogButtons>
    </Dialog>
  );
}

function Detail({ detail: { layers, packages, buildIds, notes } }: { detail: KnownSetDetail }) {
  return (
    <div className={styles.about}>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {layers.length > 0 && (
        <Rows
          header={["Layer", "Files", "Pages"]}
          rows={layers.map(({ digest, files, pages }) => [
            digest === null ? "none" : formatHash(digest.replace(/^sha256:/, ""), 16),
            files,
            pages,
          ])}
        />
      )}
      {packages.length > 0 && (
        <Rows
          header={["Package", "Version", "Files", "Pages"]}
          rows={packages.map(({ kind, name, version, files, pages }) => [`${name} (${kind})`, version, files, pages])}
        />
      )}
      {buildIds.length > 0 && (
        <Rows header={["ELF file", "Build-id"]} rows={buildIds.map(({ path, buildId }) => [path, buildId])} />
      )}
    </div>
  );
}

/** Numbers stand to the right. */
function Rows({ header, rows }: { header: readonly string[]; rows: readonly (readonly (string | number)[])[] }) {
  const styleOf = (cell: string | number) => (typeof cell === "number" ? styles.number : undefined);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {header.map((title, column) => (
            <th key={title} className={styleOf(rows[0][column])}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join(" ")}>
            {row.map((cell, column) => (
              <td key={header[column]} className={styleOf(cell)} title={String(cell)}>
                {typeof cell === "number" ? formatCount(cell) : cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
