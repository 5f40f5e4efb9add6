/** Figures of a selection: asked for when it rests, with how far they are; what is not wanted any more is cancelled. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Figures, FiguresRequest } from "../../../shared/api/index.ts";
import { ApiError, requestLines } from "../../api/index.ts";

/** A hand that drags selects anew with every move. */
const REST_MS = 250;

export interface MeasureProgress {
  readonly rows: number;
  readonly rowsDone: number;
}

export interface FiguresState {
  readonly figures: Figures | undefined;
  readonly error: unknown;
  readonly progress: MeasureProgress | null;
  readonly retry: () => void;
}

/** @param asked the same object as long as it is the same selection. @param isWanted nothing is counted without it */
export function useFigures(snapshot: string, asked: FiguresRequest, isWanted = true): FiguresState {
  const [resting, setResting] = useState(asked);
  useEffect(() => {
    const timer = window.setTimeout(() => setResting(asked), REST_MS);
    return () => window.clearTimeout(timer);
  }, [asked]);
  const [progress, setProgress] = useState<MeasureProgress | null>(null);
  const query = useQuery({
    queryKey: ["figures", snapshot, resting],
    enabled: isWanted,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      setProgress(null);
      for await (const line of requestLines("figures", { parameters: { snapshot }, body: resting, signal })) {
        if (line.kind === "failed") throw new ApiError(line.problem);
        if (line.kind === "done") return line.figures;
        setProgress(line);
      }
      throw new Error("The answer ended before the figures came.");
    },
  });
  const isCurrent = resting === asked;
  return {
    figures: isCurrent ? query.data : undefined,
    error: isCurrent ? query.error : null,
    progress: isCurrent ? progress : null,
    retry: () => void query.refetch(),
  };
}
