/** The way from one difference to the next by key: over what is filtered out, round at both ends, and said aloud. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Comparison, Difference } from "../../../shared/api/index.ts";
import type { PageAddress } from "../../../shared/memory/index.ts";
import type { Space } from "../../../shared/snapshot/index.ts";
import { comparedPageQuery } from "../../api/index.ts";
import { formatCount, formatHex } from "../../format/index.ts";
import { useActs } from "../../keys/index.ts";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { addressOf, mappingOf } from "../place/places.ts";
import { announce } from "../shell/announce.ts";
import { nextDifference } from "./differences.ts";

export interface DifferenceStepsOptions {
  readonly comparison: Comparison;
  /** The leading side. */
  readonly viewer: Viewer;
  /** Verdicts that are shown; empty: all. */
  readonly filter: readonly string[];
  readonly jump: (act: () => void) => void;
}

export function useDifferenceSteps({ comparison, viewer, filter, jump }: DifferenceStepsOptions) {
  const client = useQueryClient();
  // Said of the difference that a step has led to, and only while the cursor is there; `null`: wherever it is.
  const [said, setSaid] = useState<{ readonly text: string; readonly at: number | null } | null>(null);
  const isShown = (difference: Difference) => filter.length === 0 || filter.includes(difference.verdict);

  const goToDifference = (index: number) => {
    const difference = comparison.differences[index];
    if (!difference) return;
    const place: Place = { space: difference.space as Space, page: difference.start as PageAddress, offset: 0 };
    jump(() => viewer.setCursor(place, { show: true }));
    announce(
      `Difference ${index + 1} of ${comparison.differences.length}, ${difference.verdict}, ${formatHex(addressOf(place))}`,
    );
    // The first changed byte, as soon as the server says which; unless the cursor has gone on.
    void client
      .fetchQuery(comparedPageQuery(comparison.a.snapshot, comparison.b.snapshot, difference.space, difference.start))
      .then((answer) => {
        const now = viewer.cursor;
        const offset = answer.runs[0]?.[0] ?? 0;
        if (offset === 0 || now?.space !== place.space || now.page !== place.page || now.offset !== 0) return;
        viewer.setCursor({ ...place, offset }, { show: true });
      })
      .catch(() => undefined);
  };
  const step = (by: 1 | -1) => {
    // The viewer's own cursor: the hook's is a frame old, and keys can be faster than frames.
    const from = viewer.cursor;
    const within = from ? mappingOf(comparison.joint, from) : -1;
    const next = nextDifference(comparison.differences, from, within, by, isShown);
    const hidden = comparison.differences.filter((difference) => !isShown(difference)).length;
    const filtered = hidden > 0 ? ` ${formatCount(hidden)} more are filtered out.` : "";
    if (!next) {
      setSaid({ text: `No difference is shown.${filtered}`, at: null });
      return;
    }
    const text = next.wrapped
      ? `${by > 0 ? "Last difference. Starting again at the first." : "First difference. Starting again at the last."}${filtered}`
      : null;
    setSaid(text === null ? null : { text, at: next.index });
    if (text !== null) announce(text);
    goToDifference(next.index);
  };
  const messageAt = (current: number) =>
    said !== null && (said.at === null || said.at === current) ? said.text : null;
  const unavailable = comparison.differences.length === 0 ? "there is no difference" : undefined;
  useActs({
    "next-difference": { run: () => step(1), unavailable },
    "previous-difference": { run: () => step(-1), unavailable },
    "first-difference": { run: () => goToDifference(comparison.differences.findIndex(isShown)), unavailable },
    "last-difference": { run: () => goToDifference(comparison.differences.findLastIndex(isShown)), unavailable },
  });
  return { isShown, goToDifference, messageAt, forget: () => setSaid(null) };
}
