/** `dumpscope read`: bytes of a range on standard output, or the first address that has none. */
import { DumpError } from "../../../shared/errors/index.ts";
import { type Space, spaceOfProcess, spaceOfSegment } from "../../../shared/snapshot/index.ts";
import { type PlacedRange, rangesOfProcess, readExactly } from "../../inspect/index.ts";
import type { SnapshotRecord, Store } from "../../store/index.ts";
import { type Command, type CommandLine, parseHex } from "../command.ts";
import { openDataStore } from "../data-store.ts";

/** Bytes read in one piece. */
const PIECE = 1 << 20;

export const read: Command = {
  name: "read",
  usage: "SNAPSHOT --pid PID|--shm ID|--physical --address HEX --length N",
  summary: "bytes of a range on standard output",
  positionals: 1,
  options: {
    pid: { value: "PID", help: "memory of this process, shared segments that it maps included" },
    shm: { value: "ID", help: "a shared memory segment; addresses are offsets in it" },
    physical: { help: "memory of a machine, or a raw file" },
    address: { value: "HEX", help: "first address" },
    length: { value: "N", help: "bytes" },
  },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const address = parseHex(line.required("address"), "--address");
    line.required("length");
    const length = line.whole("length", 1, Number.MAX_SAFE_INTEGER) ?? 0;
    const store = openDataStore();
    try {
      const record = store.snapshot(reference);
      const manifest = store.manifest(record);
      const spaces = new Set(manifest.laid.map(({ mapping }) => mapping.space));
      for (const { mapping } of manifest.segmentMaps) spaces.add(spaceOfProcess(mapping.pid));
      const space = chooseSpace(line, spaces.has("raw"));
      if (!spaces.has(space))
        throw new DumpError("address-unmapped", `${record.container}/${record.name} has no ${nameOf(space)}`, {
          space,
        });
      const pid = line.whole("pid", 0, 2 ** 31);
      const ranges =
        pid === undefined
          ? [{ space, address, length, shift: 0n }]
          : [...rangesOfProcess(manifest, pid, address, length)];
      // Everything is looked at before the first byte leaves: a range with absent pages gives none.
      for (const _ of piecesOf(store, record, ranges)) signal.throwIfAborted();
      for (const bytes of piecesOf(store, record, ranges)) {
        signal.throwIfAborted();
        if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
      return 0;
    } finally {
      store.close();
    }
  },
};

function* piecesOf(store: Store, record: SnapshotRecord, ranges: readonly PlacedRange[]): Generator<Uint8Array> {
  for (const { space, address, length, shift } of ranges)
    for (let at = 0; at < length; at += PIECE)
      yield readExactly(store, record, space, address + BigInt(at), Math.min(PIECE, length - at), shift);
}

function chooseSpace(line: CommandLine, isRaw: boolean): Space {
  const given = [line.text("pid"), line.text("shm"), line.flag("physical") ? "physical" : undefined].filter(
    (value) => value !== undefined,
  );
  if (given.length !== 1) throw new DumpError("usage", "read takes exactly one of --pid, --shm and --physical");
  const pid = line.whole("pid", 0, 2 ** 31);
  if (pid !== undefined) return spaceOfProcess(pid);
  const shm = line.whole("shm", 0, Number.MAX_SAFE_INTEGER);
  if (shm !== undefined) return spaceOfSegment(shm);
  return isRaw ? "raw" : "physical";
}

function nameOf(space: Space): string {
  const id = space.slice(1);
  return space.startsWith("s") ? `shared segment ${id}` : space === "physical" ? "physical memory" : `process ${id}`;
}
