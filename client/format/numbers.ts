/**
 * Numbers as the screen writes them: groups by U+202F, units and `%` behind U+00A0, and never a rounding that hides
 * (`0.0 %` and `100.0 %` only when exact).
 */
const NARROW = "\u202f";
const FIXED = "\u00a0";

/** Decimal, in groups of three from 1 000 on. */
export function formatCount(value: number | bigint): string {
  const digits = value.toString();
  const sign = digits.startsWith("-") ? "−" : "";
  return sign + digits.replace("-", "").replace(/\B(?=(\d{3})+$)/g, NARROW);
}

/** "1 page", "2 013 pages". */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** Bytes exact below 1 KiB, then binary units with one decimal. */
export function formatSize(bytes: number): string {
  if (Math.abs(bytes) < 1024) return `${formatCount(bytes)}${FIXED}B`;
  let value = bytes / 1024;
  let unit = 0;
  // 1023.95 would print as 1024.0: the next unit says it better.
  while (Math.abs(value) >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)}${FIXED}${UNITS[unit]}`;
}

/** `3.2 of 5.2 MiB`: the unit once when it is the same. */
export function formatPart(part: number, whole: number): string {
  const left = formatSize(part).split("\u00a0");
  const right = formatSize(whole).split("\u00a0");
  return left[1] === right[1]
    ? `${left[0]} of ${right.join("\u00a0")}`
    : `${left.join("\u00a0")} of ${right.join("\u00a0")}`;
}

/** Bytes exact, for details. */
export function formatBytes(bytes: number): string {
  return `${formatCount(bytes)}${FIXED}B`;
}

/** One decimal; `< 0.1 %` and `> 99.9 %` instead of a rounding to nothing or all. */
export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return `0.0${FIXED}%`;
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return `<${FIXED}0.1${FIXED}%`;
  if (part < whole && percent > 99.9) return `>${FIXED}99.9${FIXED}%`;
  return `${percent.toFixed(1)}${FIXED}%`;
}

/** Progress: whole percent, 100 only when done. */
export function formatProgress(part: number, whole: number): string {
  if (whole <= 0) return `0${FIXED}%`;
  return `${Math.min(part >= whole ? 100 : 99, Math.floor((part / whole) * 100))}${FIXED}%`;
}

export function formatEntropy(bitsPerByte: number): string {
  return bitsPerByte.toFixed(2);
}

/** "12 s", "2 min 05 s", "1 h 02 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole}${FIXED}s`;
  if (whole < 3600) {
    return `${Math.floor(whole / 60)}${FIXED}min ${String(whole % 60).padStart(2, "0")}${FIXED}s`;
  }
  return `${formatCount(Math.floor(whole / 3600))}${FIXED}h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}${FIXED}min`;
}

/** RFC 3339 to `2026-11-23 04:06:49 UTC`; what is no time is given back as it is. */
export function formatTime(iso: string): string {
  const text = formatTimeOnly(iso);
  return text === iso ? iso : `${text} UTC`;
}

/** `2026-11-23 04:06:49`, for columns headed UTC. */
export function formatTimeOnly(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return time.toISOString().slice(0, 19).replace("T", " ");
}

/** The first `digits` of a hash and `…`. */
export function formatHash(hash: string, digits = 16): string {
  return hash.length > digits ? `${hash.slice(0, digits)}…` : hash;
}

/** Groups the plain numbers in a sentence that came from elsewhere; addresses, versions and names stay. */
export function groupNumbers(text: string): string {
  return text.replace(/(?<![\w.-])\d{4,}(?!\w|[.-]\w)/g, (digits) => formatCount(BigInt(digits)));
}

/** A sentence of the server's as it stands on the screen: its numbers in groups, its full stop. */
export function formatSentence(text: string): string {
  const grouped = groupNumbers(text);
  return /[.!?…:]$/.test(grouped) ? grouped : `${grouped}.`;
}
