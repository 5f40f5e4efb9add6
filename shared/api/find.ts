/** What the API says of searches: a request as JSON, an answer as lines of JSON, each an event. */
import { z } from "zod";
import { PATTERN_FORMS, STRING_KINDS } from "../find/index.ts";
import { PROVENANCES } from "../provenance/index.ts";
import { FillingSourceSchema } from "./filling.ts";
import { ProblemSchema } from "./problem.ts";
import { AbsentSchema, PlaceQuerySchema } from "./snapshot.ts";

const { space: SpaceSchema, address: AddressSchema } = PlaceQuerySchema.shape;

/** Hits that one answer has, at most. */
export const MOST_HITS = 10_000;

/** Where: parts of spaces, and of these all pages or those of some provenances. */
export const ScopeSchema = z.object({
  regions: z
    .array(
      z.object({
        space: SpaceSchema,
        start: AddressSchema.optional().describe("First address; of the space without it"),
        end: AddressSchema.optional().describe("First address behind; of the space without it"),
      }),
    )
    .min(1)
    .max(4096)
    .optional()
    .describe("Everywhere without it"),
  among: z
    .array(z.enum(PROVENANCES))
    .min(1)
    .optional()
    .describe("A hit has to touch a page of one of these; any page without it"),
});

const Place = z.object({ space: SpaceSchema, address: AddressSchema });

const Scope = {
  ...ScopeSchema.shape,
  from: Place.optional().describe(
    "Nothing that begins before it, in the order of the answer: with `next` of an answer that met its limit, that one goes on",
  ),
  limit: z.int().min(1).max(MOST_HITS).default(MOST_HITS),
};

export const FindRequestSchema = z.object({
  pattern: z.object({
    form: z.enum(PATTERN_FORMS),
    text: z.string().min(1).max(200_000),
    ignoreCase: z.boolean().default(false),
  }),
  filled: z.boolean().default(false).describe("In pages left to files too, where they can be filled"),
  ...Scope,
});
export type FindRequest = z.input<typeof FindRequestSchema>;

export const StringsRequestSchema = z.object({
  leastLength: z.int().min(4).max(4096).default(6),
  kinds: z.array(z.enum(STRING_KINDS)).default([]).describe("Those of any of these; all when empty"),
  filled: z.boolean().default(false).describe("In pages left to files too, where they can be filled"),
  ...Scope,
});
export type StringsRequest = z.input<typeof StringsRequestSchema>;

const Progress = {
  rows: z.int().describe("Places in the scope"),
  rowsDone: z.int(),
  pages: z
    .int()
    .describe(
      "Pages of the scope with bytes that were searched, each place counted; the one amid which what is searched ends too",
    ),
  pagesRead: z
    .int()
    .describe("Distinct pages that had to be read; with those that were read ahead of a hit at which it ended"),
  searched: z
    .array(z.object({ space: z.string(), start: z.string(), end: z.string().optional() }))
    .describe(
      "Since the line before: ranges in which every known byte was searched, so that nothing that touches them is left to tell. Without an end up to that of the space",
    ),
};

/** Where could not be looked. */
export const NotSearchedSchema = z.object({
  absent: AbsentSchema.describe(
    "Pages without bytes, by reason; those that were filled and searched are not among them",
  ),
  inPart: z.int().describe("Pages with bytes of which only a part is known, and was searched"),
  mappings: z
    .array(z.object({ space: z.string(), name: z.string(), address: z.string(), absent: AbsentSchema }))
    .describe("With pages left to files, excluded or missing; untouched pages read as zero"),
});
export type NotSearched = z.infer<typeof NotSearchedSchema>;

const Others = [
  z.object({ kind: z.literal("progress"), ...Progress }),
  z.object({
    kind: z.literal("done"),
    count: z.int(),
    limitMet: z.boolean(),
    next: z
      .object({ space: z.string(), address: z.string() })
      .nullable()
      .describe("Where the first one begins that was left out, since the limit is met"),
    notSearched: NotSearchedSchema.nullable().describe("null among provenances: each page of these has bytes"),
    ...Progress,
  }),
  z.object({ kind: z.literal("failed"), problem: ProblemSchema }),
] as const;

const FilledHitSchema = z
  .object({ source: FillingSourceSchema, offset: z.number().describe("Byte of the file") })
  .optional()
  .describe("Of what touches a filled page: from what its first filled byte comes");

export const HitSchema = z.object({
  address: z.string(),
  length: z.int(),
  filled: FilledHitSchema,
});
export const FindEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("found"), space: z.string(), found: z.array(HitSchema) }),
  ...Others,
]);
export type FindEvent = z.infer<typeof FindEventSchema>;

export const StringSchema = z.object({
  address: z.string(),
  encoding: z.enum(["ascii", "utf-16le"]),
  length: z.int().describe("Characters; text has the first 512 of them"),
  text: z.string(),
  kinds: z.array(z.enum(STRING_KINDS)),
  secret: z.boolean().describe("To be masked in lists until asked for"),
  filled: FilledHitSchema,
});
export type StringRow = z.infer<typeof StringSchema>;
export const StringsEventSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("found"), space: z.string(), found: z.array(StringSchema) }),
  ...Others,
]);
export type StringsEvent = z.infer<typeof StringsEventSchema>;
