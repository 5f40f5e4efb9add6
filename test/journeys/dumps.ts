/** Files for uploads: cut, hostile, large. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { samplePath } from "./world.ts";

const BLOCK = 512;
const PAGE = 4096;

interface Member {
  readonly name: string;
  readonly header: number;
  readonly size: number;
}

function membersOf(tar: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; tar[at] !== 0; ) {
    const text = (from: number, length: number) => tar.toString("latin1", at + from, at + from + length).split("\0")[0];
    const size = Number.parseInt(text(124, 12), 8) || 0;
    members.push({ name: text(0, 100), header: at, size });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

/**
 * A copy of a checkpoint that ends in `pages-2.img`, behind five of its pages.
 * @returns how many pages have their bytes behind the cut, and where it is
 */
export function cutDump(file: string): { readonly missing: number; readonly bytes: number; readonly member: string } {
  const tar = readFileSync(samplePath("podman", "tiny-t1.tar"));
  const pages = membersOf(tar).filter(({ name }) => /\/pages-\d+\.img$/.test(name));
  const cut = pages[1];
  const kept = 5;
  const bytes = cut.header + BLOCK + kept * PAGE;
  writeFileSync(file, tar.subarray(0, bytes));
  const behind = pages.slice(1).reduce((sum, member) => sum + member.size / PAGE, 0) - kept;
  return { missing: behind, bytes, member: cut.name };
}

/** `tiny-t0`, whose container says it has another name. */
export function renamedDump(file: string, container: string): void {
  const tar = readFileSync(samplePath("podman", "tiny-t0.tar"));
  const members = membersOf(tar);
  const config = members.findIndex(({ name }) => name === "config.dump");
  const { header, size } = members[config];
  const text = tar.toString("utf8", header + BLOCK, header + BLOCK + size);
  const renamed = Buffer.from(text.replace('"name": "tiny"', `"name": ${JSON.stringify(container)}`));
  const head = Buffer.from(tar.subarray(header, header + BLOCK));
  head.write(`${renamed.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  head.write("        ", 148, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  const padding = Buffer.alloc((BLOCK - (renamed.length % BLOCK)) % BLOCK);
  const rest = tar.subarray(members[config + 1].header);
  writeFileSync(file, Buffer.concat([tar.subarray(0, header), head, renamed, padding, rest]));
}

/** Bytes of no known format: pages that no other has, and every eighth one zero. */
export function rawDump(file: string, pages: number): { readonly sha256: string; readonly zero: number } {
  const bytes = randomBytes(pages * PAGE);
  // Never the magic of a format.
  bytes.write("not a dump");
  let zero = 0;
  for (let page = 7; page < pages; page += 8, zero++) bytes.fill(0, page * PAGE, (page + 1) * PAGE);
  writeFileSync(file, bytes);
  return { sha256: createHash("sha256").update(bytes).digest("hex"), zero };
}
