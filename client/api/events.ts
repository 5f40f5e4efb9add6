/** Listens to the server: whenever something has changed there, it is asked again. */
import type { QueryClient } from "@tanstack/react-query";
import { routePath } from "../../shared/api/index.ts";
import { noteAnswer, noteSilence, whenAnsweredAgain } from "./answering.ts";
import { arrivingKey, LIBRARY_KEY, NOTES_KEY, SUMMARY_KEY } from "./queries.ts";
import { ApiError } from "./request.ts";

/** At most so often, while a dump is being read. */
const PAUSE_MS = 250;

/** The library and the jobs, and what is told of single snapshots. @returns stops listening. */
export function followLibrary(client: QueryClient): () => void {
  return follow(client, routePath("events"), "library", [LIBRARY_KEY, SUMMARY_KEY, NOTES_KEY]);
}

/** A dump that is still arriving: the server looks at it as long as somebody listens. @returns stops listening. */
export function followArriving(client: QueryClient, arriving: string): () => void {
  return follow(client, routePath("arrivingEvents", { arriving }), "grown", [arrivingKey(arriving)]);
}

/** What had no answer is asked again once there is one. @returns stops that. */
export function askAgainWhenAnswered(client: QueryClient): () => void {
  return whenAnsweredAgain(() => {
    void client.refetchQueries({
      type: "active",
      predicate: ({ state: { error } }) => error instanceof ApiError && error.problem.code === "unreachable",
    });
  });
}

function follow(
  client: QueryClient,
  path: string,
  event: string,
  queryKeys: readonly (readonly string[])[],
): () => void {
  const source = new EventSource(path);
  let timer: number | undefined;
  const refresh = () => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      for (const queryKey of queryKeys) void client.invalidateQueries({ queryKey });
    }, PAUSE_MS);
  };
  let lost = false;
  source.addEventListener(event, refresh);
  source.addEventListener("error", () => {
    lost = true;
    noteSilence();
  });
  source.addEventListener("open", () => {
    // What happened while the line was down was not told.
    if (lost) refresh();
    lost = false;
    noteAnswer();
  });
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}
