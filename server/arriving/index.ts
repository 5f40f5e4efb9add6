/** Public face of `arriving`: the picture of a dump that is still on its way. */
export { type Arriving, openArriving } from "./arriving.ts";
export type { ArrivingPicture } from "./arriving-picture.ts";
