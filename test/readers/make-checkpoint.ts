/** Checkpoints for tests, written by the format's rules from nothing: what no sample has can be tried with them. */
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { makeTar, type TarEntry } from "./make-tar.ts";

const MAGIC = {
  inventory: 0x58313116,
  pstree: 0x50273030,
  core: 0x55053847,
  mm: 0x57492820,
  pagemap: 0x56084025,
  files: 0x56303138,
  regFiles: 0x50363636,
  memfd: 0x48453499,
  remap: 0x59133954,
  ghost: 0x52583605,
  mountpoints: 0x55563928,
} as const;
const COMMON = 0x54564319;

export type Field = readonly [number, bigint | number | string | Uint8Array];

/** A protobuf message: numbers as varints, text and bytes length-delimited. */
export function message(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [field, value] of fields) {
    if (typeof value === "number" || typeof value === "bigint") writer.tag(field, 0).uint64(BigInt(value));
    else writer.tag(field, 2).bytes(typeof value === "string" ? Buffer.from(value) : value);
  }
  return writer.finish();
}

export function image(
  kind: keyof typeof MAGIC,
  messages: readonly Uint8Array[],
  options: { readonly bigEndian?: boolean; readonly v1?: boolean } = {},
): Uint8Array {
  const u32 = (value: number): Uint8Array => {
    const bytes = Buffer.alloc(4);
    if (options.bigEndian) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const magics = kind === "inventory" || options.v1 ? [MAGIC[kind]] : [COMMON, MAGIC[kind]];
  return Buffer.concat([...magics.map(u32), ...messages.flatMap((bytes) => [u32(bytes.length), bytes])]);
}

export interface Entry {
  readonly vaddr: bigint;
  readonly pages: number;
  /** Written when given. */
  readonly flags?: number;
  /** Fields written as they are, instead of the usual ones. */
  readonly fields?: readonly Field[];
}

export function pagemap(pagesId: number, entries: readonly Entry[], options: { bigEndian?: boolean } = {}): Uint8Array {
  const messages = entries.map(({ vaddr, pages, flags, fields }) =>
    message(fields ?? [[1, vaddr], [2, 0], ...(flags === undefined ? [] : [[4, flags] as const]), [5, pages]]),
  );
  return image("pagemap", [message([[1, pagesId]]), ...messages], options);
}

export interface Area {
  readonly start: bigint;
  readonly end: bigint;
  readonly pgoff?: bigint;
  readonly shmid?: number;
  readonly status: number;
  readonly flags?: number;
  /** 1 read, 2 write, 4 execute; 3 without it. */
  readonly prot?: number;
}

export function mm(areas: readonly Area[], more: readonly Field[] = [], pageSize?: number): Uint8Array {
  return image("mm", [
    message([
      ...more,
      ...(pageSize === undefined
        ? []
        : ([
            [13, 6],
            [13, pageSize],
          ] as const)),
      ...areas.map(
        (area): Field => [
          14,
          message([
            [1, area.start],
            [2, area.end],
            [3, area.pgoff ?? 0n],
            [4, area.shmid ?? 0],
            [5, area.prot ?? 3],
            [6, area.flags ?? 0x22],
            [7, area.status],
          ]),
        ],
      ),
    ]),
  ]);
}

/** Pages of one repeated byte each. */
export function pages(...values: readonly number[]): Uint8Array {
  return Buffer.concat(values.map((value) => Buffer.alloc(4096, value)));
}

/** A tar of `checkpoint/` with an inventory and the images given. */
export function checkpoint(
  images: Readonly<Record<string, Uint8Array>>,
  beside: readonly TarEntry[] = [],
  inventory: readonly Field[] = [],
): Uint8Array {
  const all = { "inventory.img": image("inventory", [message([[1, 2], ...inventory])]), ...images };
  return makeTar([
    ...beside,
    ...Object.entries(all).map(([name, content]) => ({ name: `checkpoint/${name}`, content, mtime: 1_700_000_000 })),
  ]);
}
