/** The comparison of two snapshots. */
import { z } from "zod";
import { CHANNELS, COMPARISON_CHANNELS } from "../channel/index.ts";
import { LAYOUTS } from "../layout/index.ts";
import { PALETTES } from "../palette/index.ts";
import { VERDICTS } from "../provenance/index.ts";
import { STRIPS } from "../strip/index.ts";
import { LaidMappingSchema, LaidStripQuerySchema, SnapshotSummarySchema, TilesQuerySchema } from "./snapshot.ts";

export const VerdictCountsSchema = z.object({
  unchanged: z.int(),
  zero: z.int(),
  moved: z.int(),
  changed: z.int(),
  added: z.int(),
  removed: z.int(),
  unresolved: z.int(),
});

/** A run of neighbouring pages with one verdict in one mapping. `zero` only where A had content. */
export const DifferenceSchema = z.object({
  verdict: z.enum(VERDICTS),
  space: z.string(),
  start: z.number().describe("First page (address / 4096)"),
  pages: z.int(),
  mapping: z.int().describe("Index in `joint`"),
});
export type Difference = z.infer<typeof DifferenceSchema>;

export const JointMappingSchema = z.object({
  space: z.string(),
  start: z.number(),
  pages: z.number(),
  shown: z.array(z.tuple([z.int(), z.int()])),
  a: LaidMappingSchema.nullable(),
  b: LaidMappingSchema.nullable(),
  verdicts: VerdictCountsSchema,
});
export type JointMapping = z.infer<typeof JointMappingSchema>;

export const ComparisonSchema = z.object({
  a: SnapshotSummarySchema,
  b: SnapshotSummarySchema,
  verdicts: VerdictCountsSchema,
  zeroThatHadContent: z.int().describe("Zero pages of B where A recorded content: these are differences"),
  differing: z.int().describe("Pages in differences"),
  compared: z.int().describe("Pages that have a verdict; beside them stand the unresolved ones"),
  joint: z.array(JointMappingSchema).describe("The joint strip, in order"),
  differences: z.array(DifferenceSchema).describe("In strip order"),
  notice: z.string().nullable().describe("What an analyst must know: different containers, unresolved pages"),
});
export type Comparison = z.infer<typeof ComparisonSchema>;

/** Where a page of B came from, and which bytes of it differ. */
export const ComparedPageSchema = z.object({
  verdict: z.enum(VERDICTS).nullable(),
  reason: z.string(),
  from: z.object({ space: z.string(), address: z.string() }).nullable().describe("A moved page's place in A"),
  bytes: z.int().describe("Bytes that differ"),
  known: z.int().describe("Bytes that both dumps hold, where they are compared: 4,096 of a page that is whole in both"),
  runs: z.array(z.tuple([z.int(), z.int()])),
});
export type ComparedPage = z.infer<typeof ComparedPageSchema>;

/** A strip of a comparison: where to lay its pages, of both sides. */
export const JointStripSchema = z.object({
  strip: z.enum(STRIPS),
  content: z.string().describe("Names what is shown; tiles of this strip are asked for with it"),
  pages: z
    .object({ a: z.int(), b: z.int() })
    .describe("Pages of the chosen kind on each side; of `all` those recorded or left to a file"),
  shown: z
    .array(z.array(z.tuple([z.int(), z.int()])))
    .describe("Of each mapping in `joint`: blocks of 16 pages that take room, [from, to)"),
});
export type ApiJointStrip = z.infer<typeof JointStripSchema>;

export const ComparisonTilesQuerySchema = TilesQuerySchema.extend({
  side: z.enum(["a", "b"]),
  ...LaidStripQuerySchema.shape,
});

export const PictureQuerySchema = z.object({
  layout: z.enum(LAYOUTS).default("hilbert"),
  channel: z.enum(CHANNELS).default("class"),
  palette: z.enum(PALETTES).optional().describe("One that the channel has; its own without a choice"),
  strip: z.enum(STRIPS).default("all"),
  width: z.coerce.number().int().min(64).max(8192).default(1024),
  filled: z.enum(["0", "1"]).default("0").describe("1: pages left to files with the bytes that fill them, hatched"),
});

export const PictureDifferenceQuerySchema = z.object({
  layout: z.enum(LAYOUTS).default("hilbert"),
  channel: z.enum(COMPARISON_CHANNELS).default("class"),
  strip: z.enum(STRIPS).default("all"),
  level: z.coerce
    .number()
    .int()
    .min(0)
    .max(20)
    .optional()
    .describe("Without one: the finest at which the strip is at most 1,024 cells wide"),
});
export const PictureDifferenceSchema = z.object({
  pixels: z.int().describe("Pixels that differ: threshold 0, anti-aliasing counted"),
  width: z.int(),
  height: z.int(),
  layout: z.enum(LAYOUTS),
  channel: z.enum(COMPARISON_CHANNELS),
  strip: z.enum(STRIPS),
  level: z.int(),
});
export type PictureDifference = z.infer<typeof PictureDifferenceSchema>;
