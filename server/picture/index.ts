/** Public face of `picture`: the picture of a whole snapshot with its legend, for people and reports. */
export { pictureOf, type PictureChoice } from "./picture-of.ts";
