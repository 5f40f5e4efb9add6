/** Fonts on a canvas: unlike text of the document it is not drawn again when a font arrives, so it has to be told. */
import { MONO, SANS } from "./chrome-colors.ts";

/** Asks for both faces, and calls back whenever fonts have arrived, until `signal` fires. */
export function whenFontsArrive(listener: () => void, signal: AbortSignal): void {
  const { fonts } = document;
  fonts.addEventListener("loadingdone", listener, { signal });
  for (const face of [SANS, MONO]) void fonts.load(`12px ${face}`).catch(() => {});
}

/** Whether the mono face is the one that was meant. */
export function isMonoHere(): boolean {
  return document.fonts.check(`12px ${MONO}`);
}
