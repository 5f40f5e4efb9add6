/** Listens to the server: whenever the library or a job changed, the library is asked again. */
import type { QueryClient } from "@tanstack/react-query";
import { routePath } from "../../shared/api/index.ts";
import { LIBRARY_KEY } from "./queries.ts";

/** At most so often, while a dump is being read. */
const PAUSE_MS = 250;

/** @returns stops listening. */
export function followLibrary(client: QueryClient): () => void {
  const source = new EventSource(routePath("events"));
  let timer: number | undefined;
  const refresh = () => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: LIBRARY_KEY });
    }, PAUSE_MS);
  };
  let lost = false;
  source.addEventListener("library", refresh);
  source.addEventListener("error", () => {
    lost = true;
  });
  source.addEventListener("open", () => {
    // What happened while the line was down was not told.
    if (lost) refresh();
    lost = false;
  });
  return () => {
    window.clearTimeout(timer);
    source.close();
  };
}
