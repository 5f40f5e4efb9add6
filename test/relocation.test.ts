/**
 * The memory of this very process against the files it is mapped from: a loader that nobody here wrote has relocated
 * them, on whatever machine the tests run.
 */
import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import {
  describeElf,
  filePageOffset,
  imagesOfProcess,
  loadAt,
  type MappedPage,
  type PageCheck,
  verifyPage,
} from "../server/relocation/index.ts";
import { addressOfPage, pageAddress } from "../shared/memory/index.ts";
import type { Mapping } from "../shared/snapshot/index.ts";

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ (\d+) *(.*)$/gm;

function ownMappings(): readonly Mapping[] {
  return [...readFileSync("/proc/self/maps", "utf8").matchAll(LINE)].map(
    ([, from, to, permissions, offset, inode, path]) => ({
      space: `p${process.pid}`,
      pid: process.pid,
      range: { start: pageAddress(BigInt(`0x${from}`)), end: pageAddress(BigInt(`0x${to}`)) },
      spaceStart: pageAddress(BigInt(`0x${from}`)),
      permissions,
      shared: permissions.endsWith("s"),
      kind: path === "[vdso]" ? "vdso" : path.startsWith("/") ? "file" : "anonymous",
      path: inode === "0" ? null : path,
      offset: Number.parseInt(offset, 16),
      absent: inode === "0" ? "untouched" : "file",
      deleted: false,
    }),
  );
}

/** A page that differs where nobody but the loader writes: programs write their data. */
function surprisesIn({ image, base, address }: MappedPage, path: string, check: PageCheck): readonly string[] {
  if (check.outcome !== "differs") return [];
  return check.ranges
    .filter(({ part }) => part !== "data" && part !== "bss")
    .map(({ from, to, part, relocation, symbol }) => {
      const vaddr = address - base + from;
      return `${path} ${image.machine} 0x${vaddr.toString(16)}+${to - from} ${part} ${relocation} ${symbol}`;
    });
}

test("every library of this process is the same or relocated where only the loader has written", () => {
  const mappings = ownMappings();
  const files = new Map<string, Buffer>();
  const executable = realpathSync(process.execPath);
  const { scope, memberOf } = imagesOfProcess(mappings, executable, (path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    const content = readFileSync(path);
    files.set(path, content);
    return describeElf(content);
  });
  // The C library, the loader and some more are there in any build of Node.js.
  expect(scope.members.length).toBeGreaterThan(3);
  expect(scope.members[0].path).toBe(executable);

  const memory = openSync("/proc/self/mem", "r");
  const recorded = Buffer.alloc(4096);
  const counts = { same: 0, relocated: 0, differs: 0 };
  const surprises: string[] = [];
  for (const [mapping, member] of memberOf) {
    const { image, base, path } = member;
    // The program is large; of it, what the loader alone may write is looked at.
    if (path === executable && mapping.permissions !== "r--p") continue;
    for (let number = mapping.range.start; number < mapping.range.end; number++) {
      const address = number * 4096;
      const load = loadAt(image, address - base);
      if (load === undefined || (path === executable && !load.writable)) continue;
      readSync(memory, recorded, 0, 4096, addressOfPage(number));
      const offset = filePageOffset(load, address - base);
      const page = { image, base, address, filePage: files.get(path)!.subarray(offset, offset + 4096) };
      const check = verifyPage(recorded, page, scope);
      counts[check.outcome]++;
      // The loader's own state is in memory that it makes read-only last.
      if (member !== scope.loader) surprises.push(...surprisesIn(page, path, check));
    }
  }
  closeSync(memory);
  expect(surprises).toEqual([]);
  expect(counts.same).toBeGreaterThan(100);
  expect(counts.relocated).toBeGreaterThan(5);
});
