/** The part of a picture's address that is the screen's own, as state: read once, when the screen opens. */
import { useState } from "react";
import { keysNotKept } from "../url/long-parts.ts";
import { ignoredText, type PictureUrl, parsePictureUrl } from "../url/picture-url.ts";
import type { ScreenState } from "./use-picture-url.ts";

export interface UrlState {
  /** As the screen was opened. */
  readonly opened: PictureUrl;
  readonly state: ScreenState;
  readonly setState: React.Dispatch<React.SetStateAction<ScreenState>>;
  /** What of the address is not followed, until it is put away. */
  readonly ignored: string | null;
  readonly dismissIgnored: () => void;
}

export function useUrlState(defaults: Parameters<typeof parsePictureUrl>[1]): UrlState {
  const [parsed] = useState(() => parsePictureUrl(window.location.search, defaults));
  const [ignored, setIgnored] = useState(() => ignoredText(parsed.ignored, keysNotKept(window.location.search)));
  const [state, setState] = useState<ScreenState>(parsed.url);
  return { opened: parsed.url, state, setState, ignored, dismissIgnored: () => setIgnored(null) };
}
