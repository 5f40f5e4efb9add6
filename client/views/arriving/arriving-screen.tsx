/** A dump before its commit: its picture grows while it comes. Afterwards the same view is that of its snapshot. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { asApiError, followArriving, useArriving } from "../../api/index.ts";
import { OpeningScreen } from "../picture/opening-screen.tsx";
import { NoSuchPlace } from "../shell/no-such-place.tsx";
import { ArrivingView } from "./arriving-view.tsx";
import { type Seen, seenOf } from "./seen.ts";
import { stageText } from "./stages.ts";

export function ArrivingScreen({ arriving }: { arriving: string }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const { data, error, refetch } = useArriving(arriving);
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => followArriving(client, arriving), [client, arriving]);

  // What was seen last stays on the screen until the snapshot takes its place.
  const now = useMemo(() => seenOf(data), [data]);
  useEffect(() => {
    if (now) setSeen(now);
  }, [now]);

  const snapshot = data?.state === "committed" ? data.snapshot : null;
  const shown = now ?? seen;
  const isShown = shown !== null;
  useEffect(() => {
    if (snapshot !== null && !isShown) navigate(`/s/${snapshot}`, { replace: true });
  }, [snapshot, isShown, navigate]);

  if (data?.state === "refused") {
    const { detail, advice } = data.problem;
    return (
      <NoSuchPlace
        title={`${shown?.file ?? "The dump"} was refused`}
        detail={`${detail}. Nothing of it was stored.`}
        advice={`${advice} The library offers what can be done with it.`}
      />
    );
  }
  if (data?.state === "cancelled") {
    return (
      <NoSuchPlace
        title={`${shown?.file ?? "The dump"} was cancelled`}
        detail="Nothing of it was stored."
        advice="Upload it again when you want to."
      />
    );
  }
  if (error && !shown) {
    const { problem, message, advice } = asApiError(error);
    const isMissing = problem.status === 404;
    return (
      <NoSuchPlace
        title={isMissing ? "No such dump is on its way" : "The dump cannot be shown"}
        detail={isMissing ? `${arriving} names no upload and no job.` : message}
        advice={isMissing ? "It may have been taken in, or given up: the library says so." : advice}
        onRetry={isMissing ? undefined : () => void refetch()}
      />
    );
  }
  if (shown) return <ArrivingView arriving={arriving} seen={shown} snapshot={snapshot} />;
  if (data?.state !== "arriving") return <OpeningScreen sentence="The dump is being looked at." />;
  return <OpeningScreen sentence={`${data.file} ${stageText(data)}. ${data.reason ?? ""}`} />;
}
