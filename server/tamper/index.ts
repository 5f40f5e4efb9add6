/** Public face of `tamper`: what of a snapshot is not as its files and its system would have it. */
export { type TamperOptions, tamperOf } from "./tamper-of.ts";
