/** What the API says of one snapshot: its facts, its mappings, a page of it. */
import { z } from "zod";
import { PROVENANCES } from "../provenance/index.ts";
import { DUMP_FORMATS, MAPPING_KINDS, PAGE_STATES } from "../snapshot/index.ts";
import { STRIPS } from "../strip/index.ts";
import { FillingSourceSchema } from "./filling.ts";

const Hex = z.string().describe("Lower-case hexadecimal with 0x");
const Time = z.string().describe("RFC 3339, UTC");

export const AbsentSchema = z.object({ file: z.int(), untouched: z.int(), excluded: z.int(), missing: z.int() });
export type AbsentCounts = z.infer<typeof AbsentSchema>;
export const PageCountsSchema = z.object({ present: z.int(), zero: z.int(), inParent: z.int(), absent: AbsentSchema });
export type PageCounts = z.infer<typeof PageCountsSchema>;
export const ProvenanceCountsSchema = z.object({
  zero: z.int(),
  unchanged: z.int(),
  known: z.int(),
  relocated: z.int().describe("0 until it is stripped"),
  moved: z.int(),
  shared: z.int(),
  alike: z.int().describe("0 until it is stripped"),
  new: z.int(),
});

export const ProcessSchema = z.object({
  pid: z.int(),
  ppid: z.int().nullable(),
  comm: z.string().nullable(),
  commandLine: z.string().nullable(),
  executable: z.string().nullable(),
  threads: z.int().nullable(),
});

const RegistersSchema = z.record(z.string(), Hex).readonly();

export const ProcessorSchema = z.object({
  status: z
    .object({ pid: z.int(), registers: RegistersSchema.nullable() })
    .nullable()
    .describe("Of its NT_PRSTATUS note; registers are null when the note is of no known layout"),
  qemu: z
    .object({
      version: z.int(),
      size: z.int(),
      registers: RegistersSchema,
      segments: z
        .array(z.object({ name: z.string(), selector: Hex, base: Hex, limit: Hex, flags: Hex }).readonly())
        .readonly(),
    })
    .nullable()
    .describe("Of QEMU's own note"),
});

const Decimal = z.string().describe("Decimal, up to 64 bits");
export const VmcoreinfoLineSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), name: z.string(), text: z.string() }),
  z.object({ kind: z.literal("symbol"), name: z.string(), address: Hex }),
  z.object({ kind: z.enum(["size", "offset", "length"]), name: z.string(), value: Decimal }),
  z.object({ kind: z.literal("number"), name: z.string(), value: Decimal }),
  z.object({ kind: z.literal("config"), name: z.string(), text: z.string() }),
  z.object({ kind: z.literal("unread"), text: z.string() }),
]);

/** What a dump of a machine says of its processors and its kernel. */
export const MachineSchema = z
  .object({
    processorCount: z.int().describe("Processors that the notes describe; more than are listed when very many"),
    processors: z.array(ProcessorSchema.readonly()).readonly(),
    vmcoreinfo: z
      .object({
        kernelRelease: z.string().nullable(),
        buildId: z.string().nullable(),
        pageSize: z.int().nullable().describe("Bytes"),
        kernelOffset: Hex.nullable().describe("KASLR offset"),
        crashedAt: Time.nullable(),
        lines: z.array(VmcoreinfoLineSchema.readonly()).readonly(),
        text: z.string().describe("The note itself, up to its first NUL"),
      })
      .readonly()
      .nullable(),
  })
  .readonly();

export const FactsSchema = z.object({
  engine: z.string().nullable(),
  containerId: z.string().nullable(),
  containerName: z.string().nullable(),
  imageName: z.string().nullable(),
  imageId: z.string().nullable(),
  containerCreatedAt: Time.nullable(),
  checkpointedAt: z.discriminatedUnion("from", [
    z.object({ at: Time, from: z.enum(["checkpointedTime", "time of inventory.img"]) }),
    z.object({ at: z.null(), from: z.literal("unknown") }),
  ]),
  architecture: z.string().nullable(),
  byteOrder: z.enum(["little", "big"]),
  parentLink: z.string().nullable(),
  processes: z.array(ProcessSchema),
  machine: MachineSchema.nullable().describe("Of a dump of a machine"),
  notes: z.array(z.string()),
  more: z.record(z.string(), z.string()),
});

export const SnapshotSummarySchema = z.object({
  snapshot: z.string().describe("Short id"),
  name: z.string().describe("t0, t1 … within its container"),
  container: z.string(),
  createdAt: Time.describe("When it was committed here"),
  checkpointedAt: Time.nullable(),
  checkpointedFrom: z.string().describe("Which field of the dump says when it was made, or unknown"),
  containerCreatedAt: Time.nullable(),
  format: z.enum(DUMP_FORMATS),
  processes: z.int(),
  mappings: z.int().nullable(),
  pages: PageCountsSchema,
  distinctPages: z.int(),
  provenance: ProvenanceCountsSchema,
  ofDeletedFiles: z.int().describe("Of the pages left to files those of files that had been deleted: no image's"),
  isStripped: z.boolean().describe("Whether relocated and alike pages are found, with the sets and snapshots of now"),
  parent: z.string().nullable(),
  pagesParent: z.string().nullable(),
  sha256: z.string().describe("Of the file as it arrived"),
  unpackedSha256: z.string().nullable().describe("Of the uncompressed stream, when it arrived compressed"),
  bytes: z.int().describe("Of the file as it arrived"),
  file: z.string().describe("Name of the file as it arrived"),
});
export type SnapshotSummary = z.infer<typeof SnapshotSummarySchema>;

/** A mapping as it is laid: numbers of pages are below 2^52, so plain numbers; `start` in pages of its space. */
export const LaidMappingSchema = z.object({
  space: z.string(),
  pid: z.int().describe("The process that maps it; for a segment the first one"),
  start: z.number().describe("First page of the mapping in its space (address / 4096)"),
  pages: z.number(),
  permissions: z.string(),
  shared: z.boolean(),
  kind: z.enum(MAPPING_KINDS),
  name: z.string().describe("Short name for rulers"),
  path: z.string().nullable(),
  offset: z.number(),
  deleted: z.boolean(),
  counts: PageCountsSchema,
  provenance: ProvenanceCountsSchema,
  address: Hex.describe("First address in the process that maps it"),
  shown: z.array(z.tuple([z.int(), z.int()])).describe("Blocks of 16 pages that take room on the strip, [from, to)"),
});
export type ApiMapping = z.infer<typeof LaidMappingSchema>;

export const SnapshotDetailSchema = SnapshotSummarySchema.extend({
  facts: FactsSchema,
  imageName: z.string().nullable(),
  image: z
    .object({ id: z.string(), knownSet: z.string().nullable() })
    .nullable()
    .describe("The image that the dump names by its id, and the known set made of it, when that is here"),
  /** In strip order; shared segments once, at the end. */
  laid: z.array(LaidMappingSchema),
  /** Every mapping of every process, shared ones with the space of their segment. */
  maps: z.array(LaidMappingSchema),
  classes: z.array(z.number()).length(6).describe("Recorded bytes per byte class, in the order of BYTE_CLASSES"),
  entropy: z.array(z.int()).length(64).describe("Windows of 256 bytes per eighth of a bit, all-zero windows left out"),
});
export type SnapshotDetail = z.infer<typeof SnapshotDetailSchema>;

export const PlaceQuerySchema = z.object({
  space: z.string().regex(/^(p\d+|s\d+|physical|raw)$/),
  address: z.string().regex(/^(0x)?[0-9a-fA-F]{1,16}$/),
});

export const KnownPackageSchema = z.object({
  kind: z.enum(["dpkg", "apk", "rpm", "python", "node"]),
  name: z.string(),
  version: z.string(),
});

/** A place in a known set that a page is the same as, or would be: a page of a file, or of a baseline. */
export const KnownFileSchema = z.object({
  set: z.string().describe("Empty for the file that a page is left to, when no known set has it"),
  path: z.string(),
  offset: z.number().describe("Bytes in the file"),
  layer: z.string().nullable().describe("Digest of the image's layer that holds the file"),
  package: KnownPackageSchema.nullable().describe("What the file belongs to"),
  buildId: z.string().nullable().describe("Of an ELF file, hexadecimal"),
  baseline: z
    .object({ snapshot: z.string(), space: z.string(), address: Hex })
    .nullable()
    .describe("Of a baseline: the place in its snapshot"),
});
export type KnownFile = z.infer<typeof KnownFileSchema>;

/** Why a page has its colour. */
export const InspectedPageSchema = z.object({
  space: z.string(),
  address: Hex,
  state: z.enum(PAGE_STATES).or(z.literal("unmapped")),
  provenance: z.enum(PROVENANCES).nullable(),
  reason: z.string().describe("A sentence"),
  related: z
    .object({ snapshot: z.string(), space: z.string(), address: Hex })
    .nullable()
    .describe("The place that the reason names"),
  files: z
    .array(KnownFileSchema)
    .describe("Files of known sets with the same content, those of the mapped file first; or the file it is left to"),
  hash: z.string().nullable().describe("SHA-256 of the page"),
  entropy: z.number().nullable().describe("Bits per byte over the page"),
  classes: z.array(z.int()).nullable(),
  histogram: z.array(z.int()).nullable().describe("Count of each byte value"),
  againstParent: z
    .object({
      snapshot: z.string(),
      name: z.string(),
      bytes: z.int(),
      known: z.int(),
      runs: z.array(z.tuple([z.int(), z.int()])),
    })
    .nullable()
    .describe(
      "Bytes that differ from the parent's page at the same place, of those that both dumps hold, as runs [from, to)",
    ),
  filled: z
    .object({
      source: FillingSourceSchema,
      offset: z.number().describe("Bytes in the file"),
      hash: z.string().describe("SHA-256 of the bytes that it can be filled with"),
    })
    .nullable()
    .describe("Of a page left to its file: where its bytes can be had; the dump does not record them"),
  strings: z
    .array(z.object({ offset: z.int(), text: z.string(), secret: z.boolean() }))
    .describe("Printable runs of 6 and more"),
});
export type InspectedPage = z.infer<typeof InspectedPageSchema>;

/** A range of a space; the answer is that of `encodeRangeBytes`. */
export const BytesQuerySchema = PlaceQuerySchema.extend({ length: z.coerce.number().int().min(1).max(65_536) });

const ChannelCodeSchema = z.object({
  code: z.int().describe("In plane a of the channel's tiles; of a part of the counts its least"),
  name: z.string(),
  title: z.string(),
  hint: z.string().nullable().describe("What the title is short for"),
});

/** What a channel of whole pages says. */
export const ChannelCodesSchema = z.object({
  channel: z.string(),
  codes: z.array(ChannelCodeSchema.extend({ pages: z.int().describe("Recorded pages of the snapshot") })),
});
export type ChannelCodes = z.infer<typeof ChannelCodesSchema>;

/** The same of both sides of a comparison. */
export const ComparedCodesSchema = z.object({
  channel: z.string(),
  codes: z
    .array(ChannelCodeSchema.extend({ pages: z.object({ a: z.int(), b: z.int() }) }))
    .describe("Equal codes mean the same on both sides; what is told of a container is told of each side's own"),
});
export type ComparedCodes = z.infer<typeof ComparedCodesSchema>;

/** A strip of a snapshot: where to lay its pages. */
export const StripSchema = z.object({
  strip: z.enum(STRIPS),
  content: z.string().describe("Names what is shown; tiles of this strip are asked for with it"),
  pages: z.int().describe("Pages of the chosen kind; of `all` those recorded or left to a file"),
  shown: z
    .array(z.array(z.tuple([z.int(), z.int()])))
    .describe("Of each mapping in `laid`: blocks of 16 pages that take room, [from, to)"),
});
export type ApiStrip = z.infer<typeof StripSchema>;
/** Of a snapshot, which can have its pages left to files filled. */
const Filled = z.enum(["0", "1"]).default("0").describe("1: pages left to files are filled where they can be");
export const SnapshotBytesQuerySchema = BytesQuerySchema.extend({ filled: Filled });

export const TilesQuerySchema = z.object({
  level: z.coerce.number().int().min(0).max(20),
  tiles: z
    .string()
    .regex(/^\d{1,9}(,\d{1,9}){0,31}$/)
    .describe("Up to 32 tile indices"),
  held: z
    .string()
    .regex(/^(?:[0-9a-f]{64})?(?:,(?:[0-9a-f]{64})?){0,31}$/)
    .default("")
    .describe(
      "Of each of them the digest of a tile that the asker holds, or nothing: it then gets what has changed since",
    ),
});

/** Which strip tiles are cut of. */
export const LaidStripQuerySchema = z.object({
  strip: z.enum(STRIPS).default("all"),
  content: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional()
    .describe("Of the strip that was laid: refused when it is laid otherwise by now"),
});

export const SnapshotTilesQuerySchema = TilesQuerySchema.extend({
  ...LaidStripQuerySchema.shape,
  within: z
    .string()
    .max(8192)
    .optional()
    .describe("Of the channel ways: indices of the laid mappings whose pages are meant, 3-7,12; all without it"),
  filled: Filled,
});
