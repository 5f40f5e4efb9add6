/** What a key has answered, in the status line until the cursor goes on; said aloud too. */
import { useState } from "react";
import type { Place, Viewer } from "../../viewer/contract.ts";
import { announce } from "../shell/announce.ts";

/** @returns what is said now, and how to say something. */
export function useSaid(viewer: Viewer, cursor: Place | null): readonly [string | null, (text: string) => void] {
  const [answer, setAnswer] = useState<{ readonly text: string; readonly at: Place | null } | null>(null);
  const say = (text: string) => {
    setAnswer({ text, at: viewer.cursor });
    announce(text);
  };
  return [answer?.at === cursor ? answer.text : null, say];
}
