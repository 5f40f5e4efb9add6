/** Values at the cursor: of one side a list; of two a table in three parts, which marks the rows that differ. */
import type { ReactNode } from "react";
import { formatOffset } from "../format/index.ts";
import type { Place } from "../viewer/contract.ts";
import styles from "./bytes.module.css";
import { createGlyphs, drawableText } from "./glyphs.ts";
import type { HexPane } from "./hex-pane.ts";
import { TEXT_BYTES } from "./readings.ts";
import { isReadOtherwise, type ValueRow, valueRows } from "./value-rows.ts";

export interface CursorValuesProps {
  readonly pane: HexPane;
  /** A pointer was followed. */
  readonly onGo: (place: Place) => void;
}

const LABEL = "Values at the cursor";
/** Rows whose end may be left out, where there is no room for it. */
const READINGS: ReadonlySet<string> = new Set(["u64", "pointer", "time", "utf-8", "utf-16"]);

let glyphs: ((character: string) => boolean) | undefined;

/** As the fonts at hand can draw it. */
function drawable(text: string): string {
  glyphs ??= createGlyphs(getComputedStyle(document.body).font);
  return drawableText(text, glyphs);
}

function rowsOfSide(pane: HexPane, side: number): ValueRow[] {
  return valueRows(pane.bytesAtCursor(TEXT_BYTES)[side], pane.cursor, pane.sides[side]);
}

export function Values({ pane, onGo }: CursorValuesProps) {
  return (
    <dl className={styles.values} aria-label={LABEL}>
      <dt>
        <code>{pane.cursor ? formatOffset(pane.cursor.offset) : ""}</code>
      </dt>
      <dd className={styles.order}>{pane.sides[0].byteOrder}-endian</dd>
      {rowsOfSide(pane, 0).map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd className={READINGS.has(row.name) ? styles.reading : undefined} title={row.hint ?? row.texts[0]?.text}>
            <Read row={row} onGo={onGo} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Read({ row: { name, texts, target }, onGo }: { row: ValueRow; onGo: (place: Place) => void }): ReactNode {
  if (texts.length === 0) return "–";
  if (target) {
    return (
      <button type="button" className={styles.link} onClick={() => onGo(target)}>
        {texts[0].text}
      </button>
    );
  }
  if (name.startsWith("utf")) return drawable(texts[0].text);
  if (name === "u64") {
    return (
      <span className={styles.beside}>
        {texts[0].text} <small>{texts[0].as}</small>
      </span>
    );
  }
  if (name !== "time") return texts[0].text;
  return texts.map(({ text, as }) => (
    <span key={as}>
      {text} <small>{as}</small>
    </span>
  ));
}

/** The parts stand under each other beside the bytes, or beside each other below them: of nearly one height. */
const PARTS = [
  ["u8", "i8", "u16", "i16"],
  ["u32", "i32", "u64", "i64", "f32"],
  ["f64", "pointer", "time", "utf-8", "utf-16"],
] as const;

export function BothValues({ pane, onGo }: CursorValuesProps) {
  const [a, b] = [0, 1].map((side) => new Map(rowsOfSide(pane, side).map((row) => [row.name, row])));
  const orders = new Set(pane.sides.map(({ byteOrder }) => byteOrder));
  const order = orders.size === 1 ? `${pane.sides[0].byteOrder}-endian` : "";
  const offset = <code>{pane.cursor ? formatOffset(pane.cursor.offset) : "–"}</code>;
  return (
    <section className={styles.both} aria-label={LABEL}>
      {PARTS.map((names, part) => (
        <table key={names[0]}>
          {part === 0 && (
            <caption>
              {offset} {order}
            </caption>
          )}
          <thead>
            <tr>
              <td>{part === 0 ? offset : part === 1 && order}</td>
              {pane.sides.map(({ name, byteOrder }, side) => (
                <th key={side === 0 ? "a" : "b"} scope="col" title={`${byteOrder}-endian`}>
                  {side === 0 ? "A" : "B"} {name}
                  {orders.size > 1 && ` ${byteOrder}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const [left, right] = [a.get(name), b.get(name)];
              return left && right && <BothRow key={name} left={left} right={right} onGo={onGo} />;
            })}
          </tbody>
        </table>
      ))}
    </section>
  );
}

function BothRow({ left, right, onGo }: { left: ValueRow; right: ValueRow; onGo: (place: Place) => void }) {
  const differs = isReadOtherwise(left, right);
  return (
    <tr>
      <th scope="row">
        {left.name}
        {differs && (
          <b role="img" aria-label="differs">
            ≠
          </b>
        )}
      </th>
      {[left, right].map((row, side) => (
        <td key={side === 0 ? "a" : "b"} title={row.hint ?? row.texts[0]?.text}>
          {differs ? (
            <mark>
              <Read row={row} onGo={onGo} />
            </mark>
          ) : (
            <Read row={row} onGo={onGo} />
          )}
        </td>
      ))}
    </tr>
  );
}
