/**
 * Which characters the fonts at hand can draw. One that none of them has is drawn as an empty box, which says nothing: its
 * code point is written instead.
 */

/** Each character that cannot be drawn as `U+440A`, set apart by spaces. @param isDrawn of one character */
export function drawableText(text: string, isDrawn: (character: string) => boolean): string {
  let written = "";
  let wasDrawn = true;
  for (const character of text) {
    const drawn = isDrawn(character);
    const isBorder = written !== "" && !(drawn && wasDrawn);
    written += `${isBorder && character !== " " && !written.endsWith(" ") ? " " : ""}${drawn ? character : codePointText(character)}`;
    wasDrawn = drawn;
  }
  return written;
}

function codePointText(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Assigned to no character, in no font. */
const NOBODY = "\u0378";
const SIDE = 24;
const LATIN_END = 0x100;

/** Asks the canvas: what is drawn as a code point without a character is, has no glyph. Each character is asked for once. */
export function createGlyphs(font: string): (character: string) => boolean {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map<string, boolean>();
  const pixelsOf = (character: string): string => {
    if (!context) return character;
    context.font = font;
    context.clearRect(0, 0, SIDE, SIDE);
    context.fillText(character, 2, SIDE - 7);
    return context.getImageData(0, 0, SIDE, SIDE).data.join();
  };
  const none = pixelsOf(NOBODY);
  return (character) => {
    if ((character.codePointAt(0) ?? 0) < LATIN_END) return true;
    let drawn = known.get(character);
    if (drawn === undefined) {
      drawn = pixelsOf(character) !== none;
      known.set(character, drawn);
    }
    return drawn;
  };
}
