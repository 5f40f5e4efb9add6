/** Whether all that the address stands for is known: a screen that opens waits for it. */
import { useEffect, useState } from "react";
import { loadParts, unknownParts } from "./long-parts.ts";

export function useLongParts(): boolean {
  const [unknown] = useState(() => unknownParts(window.location.search));
  const [isLoaded, setLoaded] = useState(unknown.length === 0);
  useEffect(() => {
    if (unknown.length === 0) return;
    const leaving = new AbortController();
    void loadParts(unknown, leaving.signal).then(() => {
      if (!leaving.signal.aborted) setLoaded(true);
    });
    return () => leaving.abort();
  }, [unknown]);
  return isLoaded;
}
