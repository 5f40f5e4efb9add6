/**
 * Of what the numbers of a legend are: the snapshot, or what is selected in it. Those of a selection are counted when
 * somebody asks for them, and say so.
 */
import { useState } from "react";
import type { FiguresRequest, SnapshotDetail } from "../../../shared/api/index.ts";
import { type Choice, Segmented } from "../../controls/index.ts";
import { formatPercent, formatSize } from "../../format/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";
import legend from "../picture/legend.module.css";
import { useFigures } from "../selection/use-figures.ts";
import type { LegendNumbers } from "./snapshot-legend.tsx";

type Of = "snapshot" | "selection";
const CHOICES: readonly Choice<Of>[] = [
  { value: "snapshot", title: "Snapshot" },
  { value: "selection", title: "Selection" },
];
const WITHOUT_SELECTION = CHOICES.map(
  (choice): Choice<Of> => (choice.value === "selection" ? { ...choice, unavailable: "Nothing is selected." } : choice),
);

const NOTHING_ABSENT = { file: 0, untouched: 0, excluded: 0, missing: 0 };

/** Of what the legends of other channels tell, no figure is counted. */
function hasSelectionNumbers(channel: AnyChannel): boolean {
  return channel === "class" || channel === "provenance" || channel.startsWith("entropy");
}

/** @param asked what is selected, the same object as long as it is the same. */
export function useLegendNumbers(
  detail: SnapshotDetail,
  channel: AnyChannel,
  asked: FiguresRequest,
  hasSelection: boolean,
) {
  const [chosen, setChosen] = useState<Of>("snapshot");
  const isOfSelection = hasSelection && chosen === "selection" && hasSelectionNumbers(channel);
  const { figures, error, progress } = useFigures(detail.snapshot, asked, isOfSelection);
  const numbers: LegendNumbers = isOfSelection
    ? {
        pages: { ...detail.pages, absent: figures?.absent ?? NOTHING_ABSENT },
        ofDeletedFiles: figures?.ofDeletedFiles ?? 0,
        classes: figures?.classes ?? null,
        entropy: figures?.windows ?? null,
        provenance: figures?.provenance ?? null,
        laid: detail.laid,
        isStripped: detail.isStripped,
        isOfSelection: true,
      }
    : detail;
  const said = !isOfSelection
    ? null
    : figures
      ? `${formatSize(figures.bytes)} selected`
      : error
        ? "could not be counted"
        : progress
          ? `counted: ${formatPercent(progress.rowsDone, progress.rows)}`
          : "being counted";
  return {
    numbers,
    // There without a selection too, so that one moves nothing below it.
    of: hasSelectionNumbers(channel) && (
      <div className={legend.of}>
        <Segmented
          label="Numbers of"
          choices={hasSelection ? CHOICES : WITHOUT_SELECTION}
          value={isOfSelection ? "selection" : "snapshot"}
          onChoose={setChosen}
        />
        {said !== null && <span role="status">{said}</span>}
      </div>
    ),
  };
}
