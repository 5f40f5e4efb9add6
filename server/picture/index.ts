/** Public face of `picture`: the picture of a whole snapshot with its legend, for people and reports. */
export { filledIn, filledLines } from "./legend-places.ts";
export { type PictureChoice, pictureOf } from "./picture-of.ts";
export { type SelectionPicture, selectionLegend, selectionPicture } from "./selection-picture.ts";
