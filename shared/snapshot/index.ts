/** Public face of `snapshot`: what a dump and its snapshot are made of. */
export type { CheckpointTime, DumpFormat, Facts, ProcessFacts } from "./facts.ts";
export { DUMP_FORMATS, READ_FORMATS } from "./facts.ts";
export type {
  MachineFacts,
  ProcessorFacts,
  ProcessorStatus,
  QemuState,
  Registers,
  SegmentRegister,
  Vmcoreinfo,
  VmcoreinfoLine,
} from "./machine.ts";
export type { Mapping, MappingKind, Permissions } from "./mapping.ts";
export { isGuard, MAPPING_KINDS, mappingName } from "./mapping.ts";
export type { Space, SpaceKind } from "./space.ts";
export { noSpaceText, parseSpace, spaceOfProcess, spaceOfSegment } from "./space.ts";
export type { Because, PageState } from "./state.ts";
export { BECAUSE, isRecorded, PAGE_STATES, stateCode } from "./state.ts";
