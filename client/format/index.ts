/** Public face of `format`: numbers and addresses as the screen writes them. */
export { formatHex, formatOffset, formatRange, groupDigits } from "./addresses.ts";
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatEntropy,
  formatHash,
  formatPart,
  formatPercent,
  formatPlural,
  formatProgress,
  formatSentence,
  formatSize,
  formatTime,
  formatTimeOnly,
  groupNumbers,
} from "./numbers.ts";
