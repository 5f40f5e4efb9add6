/** Public face of `channel`: what a cell shows. */
export {
  CHANNELS,
  type Channel,
  COMPARISON_CHANNELS,
  type ComparisonChannel,
  channelTitle,
  entropyCode,
  entropyOfCode,
  shareCode,
} from "./channel.ts";
