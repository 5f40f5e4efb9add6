/** All ways to belong to the system, of the snapshot or of some mappings: as one bar, and as a list that lights them. */
import type { StripCounts } from "../../../shared/provenance/index.ts";
import { Button, Swatch } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import { fillOfPart, isCalm } from "../explain/parts.ts";
import sidebar from "../sidebar/sidebar.module.css";
import { useListKeys } from "../sidebar/use-list-keys.ts";
import styles from "./stripped.module.css";
import { type FilterWay, pagesShown, type WayFilter } from "./way-filter.ts";
import { allOf, type CountedWay, MEANINGS, strippedOf, waysOf } from "./ways.ts";

export interface WayListProps {
  /** Of what the filter's mappings hold. */
  readonly counts: StripCounts;
  readonly filter: WayFilter | null;
  /** What these mappings are called; `null`: the whole snapshot. */
  readonly scope: string | null;
  readonly onChoose: (way: FilterWay, add: boolean) => void;
  readonly onAllMappings: () => void;
}

export function WayList({ counts, filter, scope, onChoose, onAllMappings }: WayListProps) {
  const list = useListKeys();
  const ways = waysOf(counts);
  const stripped = strippedOf(counts);
  const all = allOf(counts);
  const chosen = filter?.ways ?? null;
  const shown = ways.filter(({ way, pages, first }) => pages > 0 || first > 0 || chosen?.has(way));
  return (
    <section className={sidebar.section} aria-label="Ways to belong to the system">
      <header>
        <h3>
          {formatCount(stripped)} of {formatPlural(all, "page")} stripped
        </h3>
        <span>{formatPercent(stripped, all)}</span>
      </header>
      {scope !== null && (
        <p className={styles.scope}>
          <span>{scope}</span>
          <Button look="link" onPress={onAllMappings}>
            Whole snapshot
          </Button>
        </p>
      )}
      <WayBar ways={ways} />
      <div className={styles.columns} aria-hidden="true">
        <span>pages</span>
        <span>counted once</span>
      </div>
      <ul ref={list.ref} onKeyDown={list.onKeyDown} aria-label="Ways">
        {shown.map((counted, place) => (
          <li key={counted.way}>
            <button
              type="button"
              className={styles.way}
              tabIndex={place === 0 ? 0 : -1}
              aria-pressed={chosen?.has(counted.way) === true}
              data-lit={chosen === null || chosen.has(counted.way)}
              title={titleOf(counted)}
              onClick={(event) => onChoose(counted.way, event.shiftKey)}
            >
              <Swatch fill={fillOfPart(counted.part)} hair={isCalm(counted.part)} />
              <span>{counted.title}</span>
              <span>
                {formatCount(counted.pages)}
                <i className="visually-hidden"> {counted.pages === 1 ? "page" : "pages"},</i>
              </span>
              <span>
                {formatCount(counted.first)}
                <i className="visually-hidden"> counted once</i>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        {chosen === null ? (
          "Ways overlap: a page may belong in several. Its colour is of one, its provenance, the first that holds."
        ) : (
          <>{formatPlural(filter ? pagesShown(counts, filter) : 0, "page")} lit, each counted once.</>
        )}
      </p>
    </section>
  );
}

function titleOf({ way, pages, first }: CountedWay): string {
  const others = pages - first;
  const earlier = `${formatPlural(others, "page")} ${others === 1 ? "has an earlier name" : "have earlier names"} as colour. `;
  return `${MEANINGS[way]} ${others > 0 ? earlier : ""}Click lights all these pages and no others, Shift-click adds.`;
}

/** Its parts are those of the picture, so that they add up. The list beside it says the same in words. */
export function WayBar({ ways }: { readonly ways: readonly CountedWay[] }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {ways.map(({ way, part, first }) =>
        first === 0 ? null : <span key={way} style={{ flexGrow: first, background: fillOfPart(part) }} />,
      )}
    </div>
  );
}
