/** The bytes pane: head, canvas, values at the cursor. One tab stop; what a screen reader needs stands in a small grid. */
import { type ReactNode, useId, useLayoutEffect, useReducer, useRef } from "react";
import { addressOfPage } from "../../shared/memory/index.ts";
import { formatHex, formatOffset, groupDigits } from "../format/index.ts";
import type { Place, Theme } from "../viewer/contract.ts";
import styles from "./bytes.module.css";
import { BothValues, Values } from "./cursor-values.tsx";
import type { HexPane, HexRow } from "./hex-pane.ts";

export interface BytesPaneProps {
  readonly pane: HexPane;
  readonly theme: Theme;
  /** The cursor of the picture. */
  readonly place: Place | null;
  /** As in “64 B selected in 1 range”; `null` when nothing is. */
  readonly selected: string | null;
  /** Behind the title: a verdict, what differs. */
  readonly head?: ReactNode;
  /** At the right of the head; “16 per row, in step with the picture” by default. */
  readonly note?: ReactNode;
  /** In the place of bytes while there is neither a cursor nor a selection in a mapping; “Click a cell to read its bytes.” by default. */
  readonly empty?: ReactNode;
  /** Values at the cursor; folded in a narrow window. */
  readonly values: boolean;
  /** A pointer was followed. */
  readonly onGo: (place: Place) => void;
  /** Enter, where it leads somewhere from the page of the cursor. */
  readonly onEnter?: () => void;
}

export function BytesPane(props: BytesPaneProps) {
  const { pane, theme, place, selected, head, note, empty, values, onGo, onEnter } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const cell = useId();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => (canvas.current ? pane.attach(canvas.current) : undefined), [pane]);
  useLayoutEffect(() => pane.setTheme(theme), [pane, theme]);
  useLayoutEffect(() => pane.setCursor(place), [pane, place]);
  useLayoutEffect(() => pane.subscribe(redraw), [pane]);

  const { cursor, mapping } = pane;
  const { rowBytes } = pane;
  const rows = pane.rowsAtCursor();
  return (
    <section className={styles.pane} aria-label="Bytes">
      <header className={styles.head}>
        <h2>Bytes</h2>
        <p>
          {cursor ? (
            <>
              page <Address value={addressOfPage(cursor.page)} />, <code>{formatOffset(cursor.offset)}</code>{" "}
              {mapping ? (
                <>
                  in {mapping.name} <code>{mapping.permissions}</code>
                </>
              ) : (
                "in no mapping"
              )}
            </>
          ) : (
            (selected ?? "nothing is selected")
          )}
        </p>
        {cursor && selected !== null && <span>{selected}</span>}
        {head}
        <span>
          {note ?? (pane.sides.length > 1 ? "both sides in step" : `${rowBytes} per row, in step with the picture`)}
        </span>
      </header>
      <div className={styles.body} data-sides={pane.sides.length}>
        <div
          className={styles.grid}
          onPointerUp={(event) => {
            if (event.target === canvas.current) grid.current?.focus({ preventScroll: true });
          }}
        >
          <canvas ref={canvas} className={styles.canvas} />
          <table
            ref={grid}
            className={styles.aloud}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that has a cursor
            role="grid"
            tabIndex={0}
            aria-label={
              cursor
                ? `Bytes of ${mapping?.name ?? "no mapping"}, at ${formatHex(addressOfPage(cursor.page, cursor.offset))}`
                : "Bytes"
            }
            aria-activedescendant={rows.some(({ isCurrent }) => isCurrent) ? cell : undefined}
            aria-readonly="true"
            aria-multiselectable="true"
            onKeyDown={(event) => {
              if (event.key === "Enter" && onEnter) onEnter();
              else if (!pane.press(event)) return;
              event.preventDefault();
            }}
          >
            <Rows rows={rows} cursor={cursor} rowBytes={rowBytes} cell={cell} />
          </table>
          {place === null && mapping === null && (
            <p className={styles.empty}>
              <span>{empty ?? "Click a cell to read its bytes."}</span>
            </p>
          )}
          {pane.failure !== null && (
            <p className={styles.failure} role="status">
              Some bytes could not be read: {pane.failure}{" "}
              <button type="button" onClick={() => pane.retry()}>
                Retry
              </button>
            </p>
          )}
        </div>
        {values &&
          (pane.sides.length === 1 ? <Values pane={pane} onGo={onGo} /> : <BothValues pane={pane} onGo={onGo} />)}
      </div>
    </section>
  );
}

interface RowsProps {
  readonly rows: readonly HexRow[];
  readonly cursor: Place | null;
  readonly rowBytes: number;
  /** Id of the byte at the cursor. */
  readonly cell: string;
}

/** The cursor's row and its neighbours, out of sight: what is read aloud. */
function Rows({ rows, cursor, rowBytes, cell }: RowsProps) {
  const column = cursor ? cursor.offset % rowBytes : 0;
  return (
    <tbody>
      {rows.map(({ address, isCurrent, sides, selected }) => (
        <tr key={address.toString(16)} aria-current={isCurrent ? "true" : undefined}>
          <th scope="row">{formatHex(address)}</th>
          {sides.flatMap((bytes, side) =>
            cellsOf(bytes, side, selected, isCurrent && side === 0 ? cell : undefined, column),
          )}
        </tr>
      ))}
    </tbody>
  );
}

/** @param cell id of the byte at the cursor, when it is in this row. */
function cellsOf(
  bytes: readonly string[] | string,
  side: number,
  selected: readonly boolean[],
  cell: string | undefined,
  column: number,
) {
  if (typeof bytes === "string") {
    return [
      // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid
      <td key={`side ${side}`} id={cell} colSpan={32} aria-selected={selected.includes(true)}>
        {bytes}
      </td>,
    ];
  }
  return bytes.map((byte, n) => {
    const name = `${side} ${n}`;
    return (
      // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid
      <td key={name} id={n === column ? cell : undefined} aria-selected={selected[n]}>
        {byte}
      </td>
    );
  });
}

/** Groups of four set apart by margin, so that copying gives the address. */
function Address({ value }: { value: bigint }) {
  const groups = groupDigits(value.toString(16));
  return (
    <code className={styles.address}>
      {groups.map((group, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name than their place
        <span key={n}>{n === 0 ? `0x${group}` : group}</span>
      ))}
    </code>
  );
}
