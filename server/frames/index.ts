/** Public face of `frames`: pages compressed together. */
export { type FrameMemory, fillFrames } from "./fill-frames.ts";
export { compressFrame, type Effort, expandFrame, FRAME_PAGES, type Frame, pagesOfFrame } from "./frame.ts";
