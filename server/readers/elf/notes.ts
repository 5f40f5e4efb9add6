/**
 * The notes of a core: records of name, type and content. Content is handed out as a place, because one note
 * (NT_FILE) may have megabytes and most are not wanted.
 * @see docs/formats/elf-core.md
 */
import type { ByteSource } from "../contract.ts";
import type { Losses } from "../losses.ts";
import { decodeText } from "../text.ts";
import { type ElfHeader, PT_NOTE, type Segment, viewOf } from "./header.ts";

export const NT_PRSTATUS = 1;
export const NT_PRPSINFO = 3;
export const NT_AUXV = 6;
export const NT_FILE = 0x46494c45;

/** A thread costs about ten notes; the limit is far above the kernel's limit of threads times that. */
const NOTES_LIMIT = 4_000_000;
/** Names are `CORE`, `LINUX`, `QEMU`, `VMCOREINFO`. */
const NAME_LIMIT = 256;

export interface Note {
  readonly name: string;
  readonly type: number;
  /** Where its content lies in the file, and its length; all of it is in the file. */
  readonly offset: number;
  readonly length: number;
}

/** Notes in file order. @throws DumpError `dump-cut` or `dump-damaged`. */
export async function* readNotes(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
  losses: Losses,
): AsyncGenerator<Note> {
  let count = 0;
  for (const segment of segments) {
    if (segment.type !== PT_NOTE || segment.filesz === 0n) continue;
    const wanted = segment.offset + segment.filesz;
    const end = Number(wanted < BigInt(source.size) ? wanted : BigInt(source.size));
    if (wanted > BigInt(source.size)) {
      losses.cut(`The file ends at byte ${source.size}, before or inside its notes, which end at byte ${wanted}`, {
        offset: source.size,
        needed: String(wanted),
        there: source.size,
      });
    }
    // 8-byte padding goes with p_align 8; 0 and 4 are what cores have.
    const pad = segment.align === 8n ? 8 : 4;
    let position = Number(segment.offset < BigInt(end) ? segment.offset : BigInt(end));
    while (position + 12 <= end) {
      if (++count > NOTES_LIMIT) {
        losses.damaged(`The file has more than ${NOTES_LIMIT} notes`, { limit: NOTES_LIMIT });
        return;
      }
      const view = viewOf(await source.read(position, 12));
      const nameLength = view.getUint32(0, header.littleEndian);
      const length = view.getUint32(4, header.littleEndian);
      const type = view.getUint32(8, header.littleEndian);
      const content = padded(position + 12 + nameLength, pad, position);
      if (nameLength > NAME_LIMIT || content + length > end) {
        if (wanted <= BigInt(source.size)) {
          losses.damaged(`The note at byte ${position} reaches beyond the notes' end at byte ${end}`, {
            offset: position,
            needed: content + length,
            there: end,
          });
        }
        break;
      }
      const name = decodeText(await source.read(position + 12, nameLength));
      yield { name, type, offset: content, length };
      position = padded(content + length, pad, position);
    }
  }
}

/** Padding counts from the record's start, which itself is aligned relative to the segment. */
function padded(position: number, pad: number, start: number): number {
  return start + Math.ceil((position - start) / pad) * pad;
}

/** Offset of pr_pid in prstatus: after signal info (12), pr_cursig (2, padded), and two longs; m68k pads to 2 only. */
export function pidOfStatus(header: ElfHeader): number {
  if (header.wide) return 32;
  return header.machine === 4 ? 22 : 24;
}
