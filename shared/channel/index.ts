/** Public face of `channel`: what a cell shows. */
export {
  type AnyChannel,
  CHANNELS,
  type Channel,
  COMPARISON_CHANNELS,
  type ComparisonChannel,
  channelTitle,
  entropyCode,
  entropyOfCode,
  type FilterChannel,
  shareCode,
} from "./channel.ts";
export { formatIndices, parseIndices } from "./indices.ts";
