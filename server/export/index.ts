/** Public face of `export`: what is kept to give a dump back, and giving it back. */
export { exportDump } from "./export-dump.ts";
export { BYTES_NAME, exportSelection, type SelectedRange, selectedRanges } from "./export-selection.ts";
export { writeOriginal } from "./original.ts";
export { type OriginalSource, openOriginal } from "./original-source.ts";
