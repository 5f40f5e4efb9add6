/** Tars for tests, byte by byte: also the ones that no honest tool writes. */
export interface TarEntry {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** typeflag; "0" without one. */
  readonly type?: string;
  readonly link?: string;
  /** Written instead of the content's length: text of the size field. */
  readonly size?: string;
  readonly sizeBytes?: Uint8Array;
  readonly prefix?: string;
  readonly mtime?: number;
  /** "ustar\0" + "00" without one. */
  readonly magic?: string;
  /** Checksum as old writers made it, of signed bytes. */
  readonly signedChecksum?: boolean;
}

export const END_MARK = new Uint8Array(1024);

export function makeTar(entries: readonly TarEntry[], end: Uint8Array = END_MARK): Uint8Array {
  return Buffer.concat([...entries.map(makeEntry), end]);
}

export function makeEntry(entry: TarEntry): Uint8Array {
  const content = Buffer.from(entry.content ?? "");
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(entry.size ?? `${content.length.toString(8).padStart(11, "0")}\0`, 124, 12);
  if (entry.sizeBytes !== undefined) header.set(entry.sizeBytes, 124);
  header.write(`${(entry.mtime ?? 0).toString(8).padStart(11, "0")}\0`, 136);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156);
  header.write(entry.link ?? "", 157, 100);
  header.write(entry.magic ?? "ustar\0", 257, "latin1");
  if (entry.magic === undefined) header.write("00", 263);
  header.write(entry.prefix ?? "", 345, 155);
  let sum = 0;
  for (const byte of header) sum += entry.signedChecksum && byte > 127 ? byte - 256 : byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding]);
}

/** A pax header ("x") or a global one ("g"). */
export function pax(records: Readonly<Record<string, string>>, type = "x"): TarEntry {
  const content = Object.entries(records)
    .map(([key, value]) => paxRecord(key, value))
    .join("");
  return { name: "pax", type, content };
}

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  // The length counts its own digits.
  while (String(length).length + Buffer.byteLength(rest) !== length) {
    length = String(length).length + Buffer.byteLength(rest);
  }
  return `${length}${rest}`;
}
