/** Public face of `keys`: the table of commands, who does them now, and the keys of the window. */
export type { CommandId } from "./catalogue.ts";
export { printKey } from "./key-match.ts";
export {
  type Act,
  type Acts,
  type LiveCommand,
  listenToKeys,
  liveCommands,
  runCommand,
  setSingleLetterKeys,
  singleLetterKeys,
} from "./registry.ts";
export { useActs } from "./use-acts.ts";
