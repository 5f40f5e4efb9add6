/** What the API says of a selection: a part of a snapshot, and its figures. */
import { z } from "zod";
import { MOST_REGIONS_TEXT } from "../find/index.ts";
import { PROVENANCES } from "../provenance/index.ts";
import { PictureQuerySchema } from "./comparison.ts";
import { FilledRangeSchema } from "./filling.ts";
import { ScopeSchema } from "./find.ts";
import { ProblemSchema } from "./problem.ts";
import { AbsentSchema, ProvenanceCountsSchema } from "./snapshot.ts";

export const FiguresRequestSchema = ScopeSchema;
export type FiguresRequest = z.input<typeof FiguresRequestSchema>;

export const CurvePartSchema = z.object({
  space: z.string(),
  address: z.string().describe("Of its first byte"),
  windows: z.int().describe("Windows of 256 bytes, those with a known byte in the selection"),
  least: z.number().describe("Bits per byte, of its windows"),
  mean: z.number(),
  most: z.number(),
});
export type CurvePart = z.infer<typeof CurvePartSchema>;

/** A page counts in every place at which it stands. */
export const FiguresSchema = z.object({
  bytes: z.number().describe("That the dump has, those of zero pages among them"),
  pages: z.int().describe("With bytes; one of which only a part is known or selected counts as one"),
  zeroPages: z.int().describe("Of these the all-zero ones"),
  zeroPageBytes: z.number(),
  absent: AbsentSchema.nullable().describe("Selected pages without bytes, by reason; null among provenances"),
  ofDeletedFiles: z
    .int()
    .nullable()
    .describe("Of those left to files the ones of files that were deleted: no image's; null among provenances"),
  provenance: ProvenanceCountsSchema.describe("Recorded pages of the selection, as they are explained now"),
  windows: z
    .array(z.int())
    .length(64)
    .describe("Windows of 256 bytes per eighth of a bit of entropy, those of zeros alone left out"),
  classes: z.array(z.number()).length(6).describe("Bytes per class, in the order of BYTE_CLASSES"),
  values: z.array(z.number()).length(256).describe("Count of each byte value"),
  pairs: z
    .array(z.number())
    .length(65_536)
    .describe(
      "How often one byte follows another at the next address, both in the selection; index: first × 256 + second",
    ),
  zeroPagePairs: z.number().describe("Pairs of which both bytes stand in all-zero pages; not in pairs"),
  curve: z
    .object({ windowsPerPart: z.int(), parts: z.array(CurvePartSchema) })
    .describe("Entropy along the bytes of the selection; what has no bytes takes no room"),
});
export type Figures = z.infer<typeof FiguresSchema>;

/** For links: the same as text. */
export const SelectionQuerySchema = z.object({
  in: z
    .string()
    .max(MOST_REGIONS_TEXT)
    .optional()
    .describe("p1 for a space, p1:7fe2-7fe3 for bytes of it, apart by commas; everywhere without it"),
  among: z
    .string()
    .regex(/^[a-z]{1,16}(,[a-z]{1,16}){0,15}$/)
    .optional()
    .describe("Provenances of the pages that count, apart by commas"),
  filled: z
    .enum(["0", "1"])
    .default("0")
    .describe("1: also pages left to files, with the bytes that fill them; among provenances there are none"),
});

export const SelectionPictureQuerySchema = SelectionQuerySchema.extend(
  PictureQuerySchema.pick({ layout: true, channel: true, palette: true, width: true }).shape,
);

export const SelectedRangeSchema = z.object({
  space: z.string(),
  address: z.string(),
  bytes: z.number(),
  offset: z.number().describe("Where its bytes begin in the exported ones"),
  filled: z.boolean().describe("Not what the dump holds: bytes for pages that it left to files"),
});

/** What a file says of the snapshot and of what was selected in it. */
export const SelectionSchema = z.object({
  snapshot: z.string(),
  name: z.string(),
  container: z.string(),
  sha256: z.string().describe("Of the dump as it arrived"),
  unpackedSha256: z.string().nullable(),
  in: z.string().describe("As asked for; empty for everywhere"),
  among: z.array(z.enum(PROVENANCES)).nullable(),
  leftToFile: z.int().nullable().describe("Selected pages that the dump left to files; null among provenances"),
  ofDeletedFiles: z.int().nullable().describe("Of these the ones of files that were deleted: no image's"),
  ranges: z
    .array(SelectedRangeSchema)
    .describe("What the dump holds of it, and what is filled of it when that was asked for; between them are holes"),
});
export const SelectionFiguresSchema = SelectionSchema.extend({
  filled: z
    .array(FilledRangeSchema)
    .nullable()
    .describe("Where its filled ranges are from; null unless they were asked for, and among provenances"),
  figures: FiguresSchema.describe("Of what the dump holds; nothing that is filled counts"),
});

const Progress = {
  rows: z.int().describe("Rows of the manifest in the selection"),
  rowsDone: z.int(),
  pages: z.int().describe("Pages with bytes that were counted, each place of them"),
  pagesRead: z.int(),
};
export const FiguresEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("progress"), ...Progress }),
  z.object({ kind: z.literal("done"), figures: FiguresSchema, ...Progress }),
  z.object({ kind: z.literal("failed"), problem: ProblemSchema }),
]);
export type FiguresEvent = z.infer<typeof FiguresEventSchema>;
