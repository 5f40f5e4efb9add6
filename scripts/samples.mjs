/**
 * Copies the samples out of the corpus and writes each folder's `expected.json`: the numbers that independent programs
 * counted, taken from the corpus' own manifests, never from Dumpscope.
 *
 *   node scripts/samples.mjs CORPUS      needs Node 24, python3 and zstd
 *
 * What two sources say is compared; a difference stops the script.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { root } from "./node.mjs";

const corpus = process.argv[2];
if (!corpus) {
  console.error("usage: node scripts/samples.mjs CORPUS (the folder that holds MANIFEST.md)");
  process.exit(2);
}

const manifest = readFileSync(join(corpus, "MANIFEST.md"), "utf8");
const machineManifest = readFileSync(join(corpus, "MANIFEST-machine.md"), "utf8");
const facts = JSON.parse(readFileSync(join(corpus, "podman", "facts.json"), "utf8"));
const samples = join(root, "dumps", "samples");
const scratch = mkdtempSync(join(tmpdir(), "dumpscope-samples-"));

// ---- reading Markdown -------------------------------------------------------------------------------------------

/** Every table of a text as rows of trimmed cells (header first, the dashed row left out). */
function tables(text) {
  const found = [];
  let table = null;
  for (const line of text.split("\n")) {
    if (!line.startsWith("|")) {
      table = null;
      continue;
    }
    if (/^\|[\s:|-]+$/.test(line)) continue;
    if (!table) {
      table = [];
      found.push(table);
    }
    const cells = line.slice(1, line.lastIndexOf("|")).split("|");
    table.push(cells.map((cell) => cell.trim().replaceAll("**", "")));
  }
  return found;
}

/** Rows of the first table whose header begins with `header`, as objects by column name. */
function rowsOf(text, ...header) {
  const table = tables(text).find((rows) => header.every((name, i) => rows[0][i] === name));
  if (!table) throw new Error(`no table with header ${header.join(" | ")}`);
  const [names, ...rows] = table;
  // Of columns of the same name the first one counts, so the later ones are set before it.
  return rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]]).reverse()));
}

const code = (cell) => cell.match(/`([^`]*)`/)?.[1];
const codes = (cell) => [...cell.matchAll(/`([^`]*)`/g)].map((match) => match[1]);
const hexes = (cell) => cell.match(/0x[0-9a-f]+/g) ?? [];
const number = (cell) => (cell === "–" ? null : Number(cell));

/** Throws when two sources disagree; `expected` itself otherwise. */
function agree(what, expected, actual) {
  if (JSON.stringify(expected) !== JSON.stringify(actual))
    throw new Error(`${what}: ${JSON.stringify(expected)} is not ${JSON.stringify(actual)}`);
  return expected;
}

// ---- files ------------------------------------------------------------------------------------------------------

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const python = (...args) => execFileSync("python3", ["-B", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

function copy(folder, names) {
  mkdirSync(join(samples, folder), { recursive: true });
  for (const name of names) copyFileSync(join(corpus, folder, name), join(samples, folder, basename(name)));
}

function write(folder, expected) {
  writeFileSync(join(samples, folder, "expected.json"), `${JSON.stringify(expected, null, 1)}\n`);
}

/** Checks a stored file and what is inside against the manifest's two digests; returns the unpacked bytes. */
function checkFile(path, stored, unpacked) {
  const bytes = readFileSync(path);
  agree(`${path}: stored`, stored, { bytes: bytes.length, sha256: sha256(bytes) });
  const plain = path.endsWith(".zst") ? zstdDecompressSync(bytes, { maxOutputLength: 2 ** 30 }) : bytes;
  agree(`${path}: unpacked`, unpacked, { bytes: plain.length, sha256: sha256(plain) });
  return plain;
}

// ---- podman -----------------------------------------------------------------------------------------------------

const checkpoints = Object.keys(facts.dumps).filter((name) => !/^app-t0-(gzip|zstd)\./.test(name));
const archiveOf = (dump) => checkpoints.find((name) => name.replace(/\.tar(\.zst)?$/, "") === dump);

function podman() {
  copy("podman", [...checkpoints, "../make-podman.sh", "../count.py", "../strip.py"]);
  const files = rowsOf(manifest, "file", "stored bytes");
  const counts = rowsOf(manifest, "dump", "processes", "mappings", "segments");
  const resolved = rowsOf(manifest, "dump", "present", "zero", "unresolved");
  const strips = python(join(corpus, "strip.py"), ...checkpoints.map((name) => join(corpus, "podman", name)))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  const pairs = Object.entries(facts.pairs)
    .map(([key, pair]) => ({ names: key.split(" -> "), pair }))
    .filter(({ names }) => names.every((name) => checkpoints.includes(name)))
    .map(({ names: [a, b], pair }) => pairOf(a, b, pair));

  const dumps = {};
  for (const name of checkpoints) {
    const fact = facts.dumps[name];
    const dump = name.replace(/\.tar(\.zst)?$/, "");
    const file = files.find((row) => row.file === `podman/${name}`);
    const row = counts.find((candidate) => candidate.dump === dump);
    agree(
      `${dump}: manifest and facts.json`,
      [row.processes, row.mappings, row.segments, row.recorded, row.present, row.zero, row.inParent, row.distinct]
        .concat([row["absent file"], row["absent anon"], row["absent shared"], row["absent special"]])
        .concat([row.known, row["known distinct"]])
        .map(number),
      [fact.processes, fact.mappings, fact.sharedSegments, fact.recorded, fact.present, fact.zero, fact.inParent]
        .concat([fact.distinctPages, fact.absentFile, fact.absentAnon, fact.absentShared, fact.absentSpecial])
        .concat([fact.known, fact.knownDistinct]),
    );
    const stored = { bytes: Number(file["stored bytes"]), sha256: code(file["stored sha256"]) };
    const tarSha256 = code(file["tar sha256"]);
    const unpacked = {
      bytes: Number(file["tar bytes"]),
      sha256: tarSha256 === "same" ? stored.sha256 : tarSha256,
    };
    checkFile(join(corpus, "podman", name), stored, unpacked);
    const strip = strips.find((line) => line.archive === name);
    const absent = (missing) => ({
      file: fact.absentFile ?? 0,
      untouched: (fact.absentAnon ?? 0) + (fact.absentShared ?? 0),
      excluded: fact.absentSpecial ?? 0,
      missing,
    });
    const pages = { present: fact.present, zero: fact.zero, inParent: fact.inParent };
    const expected = {
      container: dump.replace(/-(t\d|pre|inc)$/, ""),
      stored,
      unpacked,
      compression: fact.archive.compression,
      members: fact.archive.members,
      directory: fact.archive.directory,
      parentLink: fact.archive.parentLink,
      processes: fact.processes,
      processList: fact.processList,
      mappings: fact.mappings,
      segments: fact.sharedSegmentList,
      recorded: fact.recorded,
      recordedPrivate: fact.recordedPrivate,
      recordedShared: fact.recordedShared,
      /** Ingested into an empty store: in-parent pages have no parent there. */
      alone: {
        pages: { ...pages, absent: absent(fact.inParent) },
        distinctPages: fact.distinctPages,
        provenance: { zero: fact.zero, unchanged: 0, known: 0, moved: 0, shared: 0, new: fact.present },
        pagesProcessed: fact.distinctPages,
      },
      /** Ingested with `--parent none` into a store that holds only the image's known set. */
      known: {
        image: dump.startsWith("tiny") ? "tiny-oci.tar" : "slim-oci.tar",
        pages: fact.known,
        distinct: fact.knownDistinct,
      },
      absentFileByPath: fact.absentFileByPath,
      strip: { mappings: strip.mappings, used: strip.used, end: strip.end },
      pagemapEntries: fact.pagemapEntries,
      entriesByFlags: fact.entriesByFlags,
      pageCountField: fact.pageCountField,
      lazyFlaggedPages: fact.lazyFlaggedPages,
      pagesFiles: fact.pagesFiles,
    };
    const withParent = resolved.find((candidate) => candidate.dump === dump);
    if (withParent) {
      const pair = pairs.find((candidate) => candidate.b === name);
      agree(`${dump}: zero after its parent`, Number(withParent.zero), pair.verdicts.zero);
      /** Ingested after its pre-checkpoint, which resolves every in-parent page. */
      expected.afterParent = {
        parent: pair.a,
        pages: { ...pages, absent: absent(Number(withParent.unresolved)) },
        resolved: {
          present: Number(withParent.present),
          zero: Number(withParent.zero),
          unresolved: Number(withParent.unresolved),
          distinctPages: Number(withParent.distinct),
          known: Number(withParent.known),
          fromParent: pair.inParentResolved,
        },
        provenance: pair.provenance,
        pagesProcessed: pair.newDistinct,
      };
    }
    dumps[name] = expected;
  }

  write("podman", {
    countedBy: "count.py and strip.py of this folder, independent of Dumpscope; read from MANIFEST.md and facts.json",
    dumps,
    pairs,
    /** Another container of the same name: nothing of it may be resolved from there. */
    foreignParent: { parent: "tiny-t0.tar", dump: "tiny-inc.tar", missing: facts.dumps["tiny-inc.tar"].inParent },
    knownPlaces: rowsOf(manifest, "dump", "place", "file").map((row) => {
      const [, pid, address] = row.place.match(/pid (\d+), (0x[0-9a-f]+)/);
      return {
        dump: archiveOf(row.dump),
        pid: Number(pid),
        address,
        path: row.file,
        fileOffset: Number(row["file offset"]),
      };
    }),
    planted: planted(),
  });
  for (const { dump } of resolved) if (!dumps[archiveOf(dump)].afterParent) throw new Error(`${dump}: no parent`);
}

function pairOf(a, b, pair) {
  const verdicts = {};
  for (const verdict of ["unchanged", "changed", "moved", "added", "removed", "zero", "unresolved"])
    verdicts[verdict] = pair[verdict];
  const row = rowsOf(manifest, "pair", "zero").find(
    (candidate) => candidate.pair === [a, b].map((name) => name.replace(/\.tar.*$/, "")).join(" → "),
  );
  agree(
    `${a} -> ${b}: manifest and facts.json`,
    ["unchanged", "changed", "moved", "added", "removed", "zero", "new distinct"].map((name) => Number(row[name])),
    [pair.unchanged, pair.changed, pair.moved, pair.added, pair.removed, pair.zero, pair.newDistinct],
  );
  const { unchanged, moved, shared, new: fresh } = pair.provenance;
  return {
    a,
    b,
    verdicts,
    recordedInB: pair.recordedInB,
    removedZero: pair.removedZero,
    changedFromPresent: pair.changedFromPresent,
    changedFromZero: pair.changedFromZero,
    zeroThatWasPresent: pair.zeroThatWasPresent,
    provenance: { zero: pair.zero, unchanged, known: 0, moved, shared, new: fresh },
    newDistinct: pair.newDistinct,
    inParentResolved: pair.inParentResolved,
    segmentsMatched: pair.segmentsMatched,
  };
}

/** What the program of app put into its own memory, in `app-t0` and `app-t1`, pid 1. */
function planted() {
  const [grey, greyLater, colour, text] = rowsOf(manifest, "what", "t0 at", "t1 at");
  const sum = (row) => code(row[""]);
  const regions = Object.fromEntries(rowsOf(manifest, "region", "t0", "t1").map((row) => [row.region, row]));
  const region = (start) => regions[Object.keys(regions).find((name) => name.startsWith(start))];
  const [, changed, moved] = region("ring").t1.match(/page (\d+) replaced.*?: (\d+) moved/);
  const [, aligned, offsetT0, offsetT1] = manifest.match(
    /page-aligned picture is at `(0x[0-9a-f]+)` in both .*?offset (\d+) in `pages-1\.img` of t0, (\d+) in t1/,
  );
  return {
    pid: 1,
    t0: "app-t0.tar.zst",
    t1: "app-t1.tar.zst",
    picture: {
      address: aligned,
      width: 256,
      height: 256,
      bytesPerPixel: 1,
      t0: { at: codes(grey["t0 at"]), sha256: sum(grey), offsetInPagesImage: Number(offsetT0) },
      t1: { at: codes(greyLater["t1 at"]), sha256: sum(greyLater), offsetInPagesImage: Number(offsetT1) },
      differingPages: Number(manifest.match(/16 pages; (\d+) of them differ/)[1]),
      pixels: rowsOf(manifest, "x", "y", "address", "t0").map((row) => ({
        x: Number(row.x),
        y: Number(row.y),
        address: code(row.address),
        t0: Number(row.t0),
        t1: Number(row.t1),
        what: row[""],
      })),
    },
    colourPicture: {
      width: 128,
      height: 128,
      bytesPerPixel: 3,
      at: agree("colour picture", codes(colour["t0 at"]), codes(colour["t1 at"])),
      sha256: sum(colour),
    },
    text: {
      path: text.what.match(/\/usr\S+(?=,)/)[0],
      bytes: Number(text.what.match(/(\d+) bytes/)[1]),
      at: agree("text", codes(text["t0 at"]), codes(text["t1 at"])),
    },
    secretPage: { address: manifest.match(/page-aligned page of secrets is `(0x[0-9a-f]+)`/)[1] },
    strings: rowsOf(manifest, "string", "t0", "t1").map((row) => ({
      string: code(row.string).replaceAll("\\n", "\n"),
      t0: codes(row.t0),
      t1: codes(row.t1),
    })),
    regions: {
      ring: {
        address: hexes(region("ring").t0)[0],
        pages: 64,
        t1: { moved: Number(moved), changedPage: Number(changed) },
      },
      zeroed: { pages: 8, t1: { changedFromZero: hexes(region("8 pages written").t1) } },
      untouched: { pages: 32, t1: { added: hexes(region("32 pages never").t1) } },
      gone: { address: hexes(region('8 pages "gone"').t0)[0], pages: 8, t1: "removed" },
      wiped: { address: hexes(region('4 pages "wiped"').t0)[0], pages: 4, t1: "zero" },
      fresh: { address: hexes(region('24 pages "fresh"').t1)[0], pages: 24, t1: "added" },
    },
  };
}

// ---- images -----------------------------------------------------------------------------------------------------

function images() {
  const names = ["tiny-oci.tar", "tiny-docker.tar", "layers-oci.tar"];
  copy("images", names);
  const files = rowsOf(manifest, "file", "stored bytes");
  const sets = rowsOf(manifest, "image", "layers (gzip)");
  const images = {};
  for (const name of names) {
    const file = files.find((row) => row.file === `images/${name}`);
    const stored = { bytes: Number(file["stored bytes"]), sha256: code(file["stored sha256"]) };
    checkFile(join(corpus, "images", name), stored, stored);
    const fact = facts.images[name];
    const set = sets.find((row) => row.image === name.replace(/-(oci|docker)\.tar/, ""));
    if (fact.layers)
      agree(
        `${name}: manifest and facts.json`,
        [set["regular files in merged root"], set.bytes, set["zero pages"], set["distinct non-zero pages"]].map(Number),
        [fact.regularFiles, fact.rootBytes, fact.zeroPages, fact.distinctNonZeroPages],
      );
    images[name] = {
      stored,
      format: name.includes("docker") ? "docker-archive" : "oci-archive",
      ...(fact.layers ? { layers: fact.layers } : {}),
      whiteouts: Number(set.whiteouts),
      opaqueDirs: Number(set["opaque dirs"]),
      files: Number(set["regular files in merged root"]),
      fileBytes: Number(set.bytes),
      filePages: Number(set["pages (last one padded)"]),
      zeroPages: Number(set["zero pages"]),
      pages: Number(set["distinct non-zero pages"]),
    };
  }
  write("images", { countedBy: "count.py known (beside the checkpoints), independent of Dumpscope", images });
}

// ---- cores ------------------------------------------------------------------------------------------------------

/** What core-facts.py prints of one core. `countPages: false` keeps it from walking segments of absurd length. */
function coreFacts(path, countPages) {
  const program = join(scratch, "core-facts.py");
  const source = readFileSync(join(corpus, "cores", "core-facts.py"), "utf8");
  writeFileSync(program, source.replace("if len(d)<40e6:", countPages ? "if True:" : "if False:"));
  const text = python(program, path);
  const take = (pattern) => text.match(pattern)?.slice(1) ?? [];
  const [bits, order, machine, phnum, segments] = take(
    /ELF(\d+) (LE|BE) machine=(\d+) e_phnum=\d+ phnum=(\d+) PT_LOAD=(\d+)/,
  );
  const [partial, unstored, outside] = take(/filesz<memsz=(\d+) \(filesz=0: (\d+)\) outside_file=(\d+)/).map(Number);
  const [comm, psargs] = take(/comm='(.*?)' psargs='(.*?)' \(prpsinfo/);
  const [whole, zero, distinct] = take(/stored whole pages=(\d+) zero=(\d+) distinct_nonzero=(\d+)/).map(Number);
  return {
    elf: { bits: Number(bits), byteOrder: order === "LE" ? "little" : "big", machine: Number(machine) },
    programHeaders: Number(phnum),
    segments: Number(segments),
    segmentsPartlyStored: partial,
    segmentsNotStored: unstored,
    segmentsOutsideFile: outside,
    fileNotes: Number(take(/NT_FILE entries: (\d+)/)[0] ?? 0),
    comm: comm ?? null,
    psargs: psargs ?? null,
    threads: (take(/thread ids: \[(.*?)\]/)[0] ?? "").split(", ").filter(Boolean).map(Number),
    ...(countPages ? { pages: { present: whole - zero, zero }, distinctPages: distinct } : {}),
  };
}

/** First bytes at `address` by the file's own program headers; null where the core holds none. */
function bytesAt(core, address, length) {
  const wide = core[4] === 2;
  const little = core[5] === 1;
  const view = new DataView(core.buffer, core.byteOffset, core.byteLength);
  const word = (at) => (wide ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little)));
  const phoff = Number(word(wide ? 32 : 28));
  const count = view.getUint16(wide ? 56 : 44, little);
  const [size, offsetAt, addressAt, storedAt] = wide ? [56, 8, 16, 32] : [32, 4, 8, 16];
  for (let i = 0; i < count; i++) {
    const at = phoff + i * size;
    if (view.getUint32(at, little) !== 1) continue;
    const start = word(at + addressAt);
    if (address < start || address + BigInt(length) > start + word(at + storedAt)) continue;
    const offset = Number(word(at + offsetAt) + address - start);
    return core.subarray(offset, offset + length);
  }
  return null;
}

/** The manifest's table of known bytes for one core of `known.c`: where, whether stored, and the first bytes. */
function knownBytes(name, core) {
  const column = name.startsWith("known64-gcore")
    ? "known64-gcore"
    : /^known(64|32)\.core/.test(name)
      ? "known64 / known32 (kernel)"
      : "qemu-user cores";
  const base = /^known32|powerpc\.core/.test(name) ? 0x20000000n : 0x200000000000n;
  return rowsOf(machineManifest, "address", "content").map((row) => {
    const address = base + BigInt(row.address.replace("B+", ""));
    const said = row[column].replaceAll("*", "");
    const stored = said.startsWith("stored");
    const bytes = bytesAt(core, address, 32);
    agree(`${name}: ${row.address} stored`, stored, bytes !== null);
    if (bytes) {
      const [first] = codes(row.content);
      const start =
        first && /^([0-9a-f]{2} )+[0-9a-f]{2}$/.test(first)
          ? Buffer.from(first.replaceAll(" ", ""), "hex").toString("latin1")
          : (first ?? "").replace(/\.\.\.$/, "").trimEnd();
      if (!bytes.toString("latin1").startsWith(start)) throw new Error(`${name}: ${row.address}: not ${start}`);
    }
    return {
      address: `0x${address.toString(16)}`,
      stored,
      hex: bytes ? bytes.toString("hex") : null,
      what: row.content.replaceAll("`", ""),
      said,
    };
  });
}

const corePairs = (folder) =>
  rowsOf(machineManifest.slice(machineManifest.indexOf("## In the words of the design")), "pair", "zero")
    .map((row) => ({ row, names: row.pair.split(" → ").map((name) => `${name}.core.zst`) }))
    .filter(({ names }) => names.every((name) => folder.includes(name)))
    .map(({ row, names: [a, b] }) => ({
      a,
      b,
      verdicts: Object.fromEntries(
        ["unchanged", "changed", "moved", "added", "removed", "zero"].map((verdict) => [verdict, Number(row[verdict])]),
      ),
      matched: "as one space, by address, whatever the pids",
    }));

function cores() {
  const machineAt = machineManifest.indexOf("## 2. Process cores");
  const text = machineManifest.slice(machineAt);
  const files = rowsOf(text, "stored file", "stored bytes");
  const names = files.map((row) => row["stored file"]);
  copy("cores", [...names, "known.c", "many.c", "prog.py", "core-facts.py", "program-output.txt"]);
  copy("cores", ["py-t0-t1.maps.txt", "py-second.maps.txt"]);
  const rows = rowsOf(text, "core", "made by");
  const dumps = {};
  for (const file of files) {
    const name = file["stored file"];
    const short = name.replace(".core.zst", "");
    const stored = { bytes: Number(file["stored bytes"]), sha256: code(file["stored sha256"]) };
    const unpacked = { bytes: Number(file["unpacked bytes"]), sha256: code(file["unpacked sha256"]) };
    const core = checkFile(join(corpus, "cores", name), stored, unpacked);
    const path = join(scratch, short);
    writeFileSync(path, core);
    const broken = /-(bad|cut)/.test(short);
    const row = rows.find((candidate) => candidate.core.split(/[ ,(]+/).includes(short));
    const together = rows.find((candidate) => candidate.core === "py-t0, py-t1");
    const said = row ?? together;
    const fact = short === "known64-badphnum" ? null : coreFacts(path, !broken || short === "known64-cut");
    rmSync(path);
    if (fact && !broken) {
      const [pid] = said["pid = first thread"].split(" ");
      agree(`${short}: segments`, fact.segments, Number(said.PT_LOAD.split(" ")[0]));
      agree(`${short}: pid`, fact.threads[0], Number(pid));
      const counted = said["stored whole pages / zero / distinct non-zero"];
      const index = short === "py-t1" ? 1 : 0;
      const numbers = counted.includes("/") ? counted.split(" and ")[index].split(" / ").map(Number) : null;
      if (numbers)
        agree(`${short}: pages`, numbers, [fact.pages.present + fact.pages.zero, fact.pages.zero, fact.distinctPages]);
    }
    dumps[name] = {
      stored,
      unpacked,
      madeBy: said["made by"].replaceAll("`", ""),
      ...(broken ? { broken: said["stored whole pages / zero / distinct non-zero"] } : {}),
      ...(fact ? { pid: fact.threads[0] ?? null, mappings: fact.segments, ...fact } : {}),
      ...(short.startsWith("known") && !broken ? { knownBytes: knownBytes(name, core) } : {}),
    };
  }
  write("cores", {
    countedBy:
      "core-facts.py of this folder (its size limit lifted for `many`), independent of Dumpscope; known bytes as printed by the programs",
    dumps,
    pairs: corePairs(names),
  });
}

// ---- machine ----------------------------------------------------------------------------------------------------

function machine() {
  const names = ["bios16.raw.zst", "bios16.elf.zst", "bios16.rom.zst", "bare64.elf.zst"];
  copy("machine", [...names, "bare64.S", "count-machine.py"]);
  const files = rowsOf(machineManifest, "stored file", "stored bytes");
  const bios = rowsOf(machineManifest, "file", "made by");
  const dumps = {};
  for (const name of names) {
    const file = files.find((row) => row["stored file"] === name);
    const stored = { bytes: Number(file["stored bytes"]), sha256: code(file["stored sha256"]) };
    const unpacked = { bytes: Number(file["unpacked bytes"]), sha256: code(file["unpacked sha256"]) };
    const bytes = checkFile(join(corpus, "machine", name), stored, unpacked);
    const short = name.replace(".zst", "");
    const expected = { stored, unpacked };
    if (short.endsWith(".elf")) {
      const path = join(scratch, short);
      writeFileSync(path, bytes);
      const text = python(join(corpus, "machine", "count-machine.py"), path);
      rmSync(path);
      const [, pages, zero, present, distinct] = text
        .match(/pages=(\d+) zero=(\d+) nonzero=(\d+) distinct_nonzero=(\d+)/)
        .map(Number);
      const said = short.startsWith("bios16")
        ? bios
            .find((row) => row.file === "elf")
            .pages.match(/\d+/g)
            .map(Number)
        : machineManifest
            .match(/elf: 2 PT_LOAD, (\d+) pages, zero (\d+), distinct non-zero (\d+)/)
            .slice(1)
            .map(Number);
      agree(`${short}: pages`, [pages, zero, distinct], [said[0], said[1], said.at(-1)]);
      expected.pages = { present, zero };
      expected.distinctPages = distinct;
      expected.segments = [
        ...text.matchAll(/PT_LOAD offset=(\S+) vaddr=\S+ paddr=(\S+) filesz=(\S+) memsz=(\S+)/g),
      ].map(([, offset, physical, fileSize, memorySize]) => ({ offset, physical, fileSize, memorySize }));
      expected.mappings = expected.segments.length;
    } else {
      const row = bios.find((candidate) => `bios16.${candidate.file}` === short);
      const [pages, zero, distinct] = row.pages.match(/\d+/g).map(Number);
      expected.base = row["physical ranges"].startsWith("0-") ? "0x0" : row["physical ranges"].split("-")[0];
      expected.pages = { present: pages - zero, zero };
      expected.distinctPages = distinct;
    }
    dumps[name] = expected;
  }
  write("machine", {
    countedBy:
      "count-machine.py of this folder, independent of Dumpscope; physical bytes as the machine's monitor printed them",
    dumps,
    /** The machine was stopped: these files are one instant, so equal ranges hold equal bytes. */
    sameInstant: [
      { dump: "bios16.elf.zst", physical: "0x0", equals: "bios16.raw.zst" },
      { dump: "bios16.elf.zst", physical: dumps["bios16.rom.zst"].base, equals: "bios16.rom.zst" },
    ],
    physicalBytes: {
      dump: "bare64.elf.zst",
      places: rowsOf(machineManifest, "virtual", "physical", "bytes")
        .filter((row) => /^([0-9a-f]{2} ){7}[0-9a-f]{2}$/.test(row.bytes))
        .map((row) => ({ physical: row.physical, virtual: hexes(row.virtual)[0], hex: row.bytes.replaceAll(" ", "") })),
    },
  });
}

try {
  podman();
  images();
  cores();
  machine();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
