/** All ways to belong to the system: as one bar of the names in the picture, and as a list that lights them. */
import type { Stripping } from "../../../shared/api/index.ts";
import { Swatch } from "../../controls/index.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/index.ts";
import { type Choosable, fillOfPart, isCalm, isImageShare } from "../explain/parts.ts";
import sidebar from "../sidebar/sidebar.module.css";
import { useListKeys } from "../sidebar/use-list-keys.ts";
import styles from "./stripped.module.css";
import { allOf, MEANINGS, strippedOf, type Way, waysOf } from "./ways.ts";

export interface WayListProps {
  readonly stripping: Stripping;
  readonly chosen: ReadonlySet<Choosable> | null;
  readonly onChoose: (part: Choosable, add: boolean) => void;
}

export function WayList({ stripping, chosen, onChoose }: WayListProps) {
  const list = useListKeys();
  const ways = waysOf(stripping);
  const shown = ways.filter(({ pages, lit }) => pages > 0 || lit > 0);
  const stripped = strippedOf(stripping);
  const all = allOf(stripping);
  return (
    <section className={sidebar.section} aria-label="Ways to belong to the system">
      <header>
        <h3>
          {formatCount(stripped)} of {formatPlural(all, "page")} stripped
        </h3>
        <span>{formatPercent(stripped, all)}</span>
      </header>
      <WayBar ways={ways} />
      <div className={styles.columns} aria-hidden="true">
        <span>pages</span>
        <span>in the picture</span>
      </div>
      <ul ref={list.ref} onKeyDown={list.onKeyDown} aria-label="Ways">
        {shown.map(({ lights, title, pages, lit }, place) => (
          <li key={lights}>
            <button
              type="button"
              className={styles.way}
              tabIndex={place === 0 ? 0 : -1}
              aria-pressed={chosen?.has(lights) === true}
              data-lit={chosen === null || chosen.has(lights) || (chosen.has("image") && isImageShare(lights))}
              title={titleOf({ lights, title, pages, lit })}
              onClick={(event) => onChoose(lights, event.shiftKey)}
            >
              <Swatch fill={fillOfPart(lights)} hair={isCalm(lights)} />
              <span>{title}</span>
              <span>
                {formatCount(pages)}
                <i className="visually-hidden"> {pages === 1 ? "page" : "pages"},</i>
              </span>
              <span>
                {formatCount(lit)}
                <i className="visually-hidden"> in the picture</i>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        Ways overlap: a page may belong in several. In the picture it has one, its provenance, the first that holds.
      </p>
    </section>
  );
}

function titleOf({ title, pages, lit }: Way): string {
  const others = pages - lit;
  const earlier = `${formatPlural(others, "page")} ${others === 1 ? "has an earlier name" : "have earlier names"} in the picture. `;
  return `${MEANINGS[title]} ${others > 0 ? earlier : ""}Click shows only these, Shift-click adds.`;
}

/** Its parts are those of the picture, so that they add up. The list beside it says the same in words. */
export function WayBar({ ways }: { readonly ways: readonly Way[] }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {ways.map(({ lights, lit }) =>
        lit === 0 ? null : <span key={lights} style={{ flexGrow: lit, background: fillOfPart(lights) }} />,
      )}
    </div>
  );
}
