/** Where a search could not look: pages without bytes, by reason and mapping, largest first; a click goes there. */
import type { NotSearched } from "../../../shared/api/index.ts";
import { parseAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { Fold } from "../../controls/index.ts";
import { formatCount, formatPlural } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { placeAt } from "../place/places.ts";
import { ownerOf } from "../sidebar/owner.ts";
import styles from "./find.module.css";

export interface NotSearchedListProps {
  readonly found: NotSearched;
  /** Whose pages they are, where several are searched. */
  readonly of?: string;
  /** The snapshot has several spaces. */
  readonly several: boolean;
  readonly onPlace: (place: Place) => void;
}

/** Rows that are listed: a snapshot may have thousands of mappings. */
const MOST = 200;

export function NotSearchedList({ found, of, several, onPlace }: NotSearchedListProps) {
  const { absent, inPart, mappings } = found;
  const unread = unreadOf(absent);
  if (unread + inPart === 0) return null;
  const sorted = mappings.toSorted((x, y) => unreadOf(y.absent) - unreadOf(x.absent));
  return (
    <Fold
      className={styles.notSearched}
      title={`${of === undefined ? "" : `${of}: `}${
        unread === 0
          ? `${formatPlural(inPart, "page")} searched in part`
          : `${formatPlural(unread, "page")} not searched, for want of bytes`
      }`}
    >
      <p>
        {unread > 0 && `${wordsOf(absent)}. `}
        {inPart > 0 && `Of ${formatPlural(inPart, "page")} only a part is in the dump, and was searched.`}
      </p>
      <ul>
        {sorted.slice(0, MOST).map(({ space, name, address, absent: own }) => (
          <li key={`${space} ${address}`}>
            <button
              type="button"
              onClick={() => {
                const at = parseAddress(address);
                if (at !== undefined) onPlace(placeAt(space as Space, at));
              }}
            >
              {name}
              {several && ` · ${ownerOf(space)}`}
              <span>{wordsOf(own)}</span>
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > MOST && <p>and {formatPlural(sorted.length - MOST, "more mapping")}</p>}
    </Fold>
  );
}

function unreadOf({ file, excluded, missing }: NotSearched["absent"]): number {
  return file + excluded + missing;
}

function wordsOf({ file, excluded, missing }: NotSearched["absent"]): string {
  return [
    ...(file > 0 ? [`${formatCount(file)} left to files`] : []),
    ...(excluded > 0 ? [`${formatCount(excluded)} excluded`] : []),
    ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
  ].join(", ");
}
