/** Public face of `elf`: what process cores and dumps of machines have in common. */
export {
  architectureOf,
  type ElfHeader,
  ET_CORE,
  PT_LOAD,
  readElfHeader,
  readSegments,
  type Segment,
  viewOf,
} from "./header.ts";
export { type Note, NT_AUXV, NT_FILE, NT_PRPSINFO, NT_PRSTATUS, pidOfStatus, readNotes } from "./notes.ts";
export { addSegments, type PlacedSegment, placeSegments } from "./segments.ts";
