/** Every route of the API once: what the server mounts, the client calls, and OpenAPI describes. */
import { z } from "zod";
import { ArrivingSchema, ArrivingTilesQuerySchema } from "./arriving.ts";
import { ComparedSelectionQuerySchema, ComparedSelectionSchema } from "./compared-selection.ts";
import {
  ComparedPageSchema,
  ComparisonSchema,
  ComparisonTilesQuerySchema,
  JointStripSchema,
  PictureDifferenceQuerySchema,
  PictureDifferenceSchema,
  PictureQuerySchema,
} from "./comparison.ts";
import { FillingSchema } from "./filling.ts";
import { FindEventSchema, FindRequestSchema, StringsEventSchema, StringsRequestSchema } from "./find.ts";
import {
  BaselineSchema,
  ExplainAgainstSchema,
  GrowUploadSchema,
  IngestRequestSchema,
  JobStartedSchema,
  KeptUploadSchema,
  KnownSetDetailSchema,
  LibrarySchema,
  ReceiptsSchema,
  RenameSchema,
  SampleStartedSchema,
} from "./library.ts";
import { KeepLinkSchema, KeptLinkSchema, LinkSchema } from "./links.ts";
import { AddNoteSchema, ChangeNoteSchema, MadeNoteSchema, NotesSchema, SnapshotNotesSchema } from "./notes.ts";
import {
  FiguresEventSchema,
  FiguresRequestSchema,
  SelectionFiguresSchema,
  SelectionPictureQuerySchema,
  SelectionQuerySchema,
} from "./selection.ts";
import {
  BytesQuerySchema,
  ChannelCodesSchema,
  ComparedCodesSchema,
  InspectedPageSchema,
  PlaceQuerySchema,
  SnapshotBytesQuerySchema,
  SnapshotDetailSchema,
  SnapshotSummarySchema,
  SnapshotTilesQuerySchema,
  StripSchema,
} from "./snapshot.ts";
import { StrippingSchema } from "./stripping.ts";
import { FoundSymbolsSchema, SymbolsQuerySchema } from "./symbols.ts";
import { ListedPageSchema, SnapshotTamperingSchema } from "./tampering.ts";

export interface Route {
  readonly method: "get" | "post" | "patch" | "delete";
  /** Path below the origin, parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** 202 for what is only started; 200 without it. */
  readonly status?: 202;
  /** A schema for JSON, or the media type of anything else. */
  readonly answer: z.ZodType | string;
  /** Of an answer of lines, each a JSON object. */
  readonly line?: z.ZodType;
}

const Done = z.object({});

export const ROUTES = {
  library: {
    method: "get",
    path: "/api/library",
    summary: "Containers, snapshots, known sets, what arrived, what is being done",
    answer: LibrarySchema,
  },
  events: {
    method: "get",
    path: "/api/events",
    summary: "An event `library` whenever the library or a job has changed",
    answer: "text/event-stream",
  },
  ingest: {
    method: "post",
    path: "/api/ingests",
    summary: "Starts the ingest of an upload",
    body: IngestRequestSchema,
    status: 202,
    answer: JobStartedSchema,
  },
  sample: {
    method: "post",
    path: "/api/sample",
    summary: "Ingests the bundled sample",
    status: 202,
    answer: SampleStartedSchema,
  },
  cancel: { method: "delete", path: "/api/jobs/{job}", summary: "Cancels a job; nothing of it stays", answer: Done },
  receipts: {
    method: "get",
    path: "/api/receipts",
    summary: "Everything that arrived, newest first",
    answer: ReceiptsSchema,
  },
  dismiss: {
    method: "delete",
    path: "/api/receipts/{receipt}",
    summary: "Dismisses a refusal and drops its upload",
    answer: Done,
  },
  kept: {
    method: "get",
    path: "/api/receipts/{receipt}/upload",
    summary: "What is kept of a refused dump: its length and digest",
    answer: KeptUploadSchema,
  },
  grow: {
    method: "post",
    path: "/api/receipts/{receipt}/upload",
    summary: "Opens the upload of a refused dump again: it is to have so many bytes, and the rest is sent by tus",
    body: GrowUploadSchema,
    answer: Done,
  },
  arriving: {
    method: "get",
    path: "/api/arriving/{arriving}",
    summary: "A dump on its way, by the name of its upload or job: what is here of it, or what has become of it",
    answer: ArrivingSchema,
  },
  arrivingEvents: {
    method: "get",
    path: "/api/arriving/{arriving}/events",
    summary: "An event `grown` whenever more of it is here or its stage has changed; as long as somebody listens",
    answer: "text/event-stream",
  },
  arrivingTiles: {
    method: "get",
    path: "/api/arriving/{arriving}/tiles/{channel}",
    summary: "A batch of tiles of what is here; there is no provenance yet",
    query: ArrivingTilesQuerySchema,
    answer: "application/octet-stream",
  },
  arrivingPage: {
    method: "get",
    path: "/api/arriving/{arriving}/page",
    summary: "A page of it in numbers",
    query: PlaceQuerySchema,
    answer: InspectedPageSchema,
  },
  arrivingBytes: {
    method: "get",
    path: "/api/arriving/{arriving}/bytes",
    summary: "Bytes of a range, as those of a snapshot",
    query: BytesQuerySchema,
    answer: "application/octet-stream",
  },
  snapshot: {
    method: "get",
    path: "/api/snapshots/{snapshot}",
    summary: "One snapshot: facts, processes, mappings",
    answer: SnapshotDetailSchema,
  },
  deleteSnapshot: { method: "delete", path: "/api/snapshots/{snapshot}", summary: "Deletes a snapshot", answer: Done },
  explainAgainst: {
    method: "post",
    path: "/api/snapshots/{snapshot}/explanations",
    summary: "Ingests its dump again from the store, as a new snapshot explained against another one, or against none",
    body: ExplainAgainstSchema,
    status: 202,
    answer: JobStartedSchema,
  },
  rename: {
    method: "patch",
    path: "/api/containers/{container}",
    summary: "Gives a container another name; its snapshots keep their ids and names",
    body: RenameSchema,
    answer: Done,
  },
  summary: {
    method: "get",
    path: "/api/snapshots/{snapshot}/summary",
    summary: "The snapshot as the library has it: asked again whenever something has changed",
    answer: SnapshotSummarySchema,
  },
  stripping: {
    method: "get",
    path: "/api/snapshots/{snapshot}/stripping",
    summary:
      "What of it is the system's, what other containers have, and what is left; found now, if it is not found yet",
    answer: StrippingSchema,
  },
  filling: {
    method: "get",
    path: "/api/snapshots/{snapshot}/filling",
    summary: "Which of the pages that are left to files can be filled, and from what: with the known sets of now",
    answer: FillingSchema,
  },
  tampering: {
    method: "get",
    path: "/api/snapshots/{snapshot}/tampering",
    summary: "What looks tampered with, with the evidence; what was compared with its file, and what could not be",
    answer: SnapshotTamperingSchema,
  },
  filePages: {
    method: "get",
    path: "/api/snapshots/{snapshot}/file-pages",
    summary: "Every recorded page of a mapped file: how it compares with its file, and why; as lines",
    answer: "application/x-ndjson",
    line: ListedPageSchema,
  },
  strip: {
    method: "get",
    path: "/api/snapshots/{snapshot}/strips/{strip}",
    summary: "Which blocks of each mapping a strip shows: all, recorded, or residual pages",
    answer: StripSchema,
  },
  tiles: {
    method: "get",
    path: "/api/snapshots/{snapshot}/tiles/{channel}",
    summary: "A batch of tiles of one of its strips",
    query: SnapshotTilesQuerySchema,
    answer: "application/octet-stream",
  },
  channelCodes: {
    method: "get",
    path: "/api/snapshots/{snapshot}/channels/{channel}",
    summary: "What the codes of a channel of whole pages mean: permissions, kind, file, changes, first-seen",
    answer: ChannelCodesSchema,
  },
  page: {
    method: "get",
    path: "/api/snapshots/{snapshot}/page",
    summary: "Why a page has its colour",
    query: PlaceQuerySchema,
    answer: InspectedPageSchema,
  },
  bytes: {
    method: "get",
    path: "/api/snapshots/{snapshot}/bytes",
    summary:
      "Bytes of a range: one state byte per page touched, the bytes (absent ones 00), then of each page held in part three 16-bit numbers, little-endian: which page, known from, known to. The state of a filled page is 254",
    query: SnapshotBytesQuerySchema,
    answer: "application/octet-stream",
  },
  find: {
    method: "post",
    path: "/api/snapshots/{snapshot}/hits",
    summary: "Where a pattern stands, in order of addresses within each space; as lines, while it is searched for",
    body: FindRequestSchema,
    answer: "application/x-ndjson",
    line: FindEventSchema,
  },
  strings: {
    method: "post",
    path: "/api/snapshots/{snapshot}/strings",
    summary: "Printable runs, ASCII and UTF-16LE; as lines, while they are read",
    body: StringsRequestSchema,
    answer: "application/x-ndjson",
    line: StringsEventSchema,
  },
  figures: {
    method: "post",
    path: "/api/snapshots/{snapshot}/figures",
    summary: "What a part of it is, counted: size, byte values and pairs, entropy; as lines, while it is read",
    body: FiguresRequestSchema,
    answer: "application/x-ndjson",
    line: FiguresEventSchema,
  },
  selectionFigures: {
    method: "get",
    path: "/api/snapshots/{snapshot}/selection.json",
    summary: "The figures of a part of it, with what was selected and the digest of its dump, as a file",
    query: SelectionQuerySchema,
    answer: SelectionFiguresSchema,
  },
  selectionBytes: {
    method: "get",
    path: "/api/snapshots/{snapshot}/selection.tar",
    summary:
      "The bytes of a part of it: selection.json says which ranges they are of and where each begins in bytes.raw; filled, bytes.raw.filled.json lists what of it is not the dump's, and from what; SHA256SUMS has the digests of all",
    query: SelectionQuerySchema,
    answer: "application/x-tar",
  },
  selectionPicture: {
    method: "get",
    path: "/api/snapshots/{snapshot}/selection.png",
    summary: "The picture of a part of it, with legend and digest, also as text in the file",
    query: SelectionPictureQuerySchema,
    answer: "image/png",
  },
  selectionLegend: {
    method: "get",
    path: "/api/snapshots/{snapshot}/selection-legend.svg",
    summary: "The legend of that picture",
    query: SelectionPictureQuerySchema,
    answer: "image/svg+xml",
  },
  notes: {
    method: "get",
    path: "/api/snapshots/{snapshot}/notes",
    summary: "The notes whose pages it holds, wherever they were made, each with its places here",
    answer: SnapshotNotesSchema,
  },
  notesFile: {
    method: "get",
    path: "/api/snapshots/{snapshot}/notes.json",
    summary: "The same as a file",
    answer: SnapshotNotesSchema,
  },
  addNote: {
    method: "post",
    path: "/api/snapshots/{snapshot}/notes",
    summary: "Binds a note to what some bytes of a page hold; refused where the dump has no content of its own",
    body: AddNoteSchema,
    answer: MadeNoteSchema,
  },
  allNotes: {
    method: "get",
    path: "/api/notes",
    summary: "Every note here, also those whose page is in no snapshot any more",
    answer: NotesSchema,
  },
  changeNote: {
    method: "patch",
    path: "/api/notes/{note}",
    summary: "Gives a note another text",
    body: ChangeNoteSchema,
    answer: MadeNoteSchema,
  },
  removeNote: { method: "delete", path: "/api/notes/{note}", summary: "Removes a note", answer: Done },
  symbols: {
    method: "get",
    path: "/api/snapshots/{snapshot}/symbols",
    summary:
      "Where a dynamic symbol of its mapped files stands; which files have none here, because neither a known set nor the dump has them",
    query: SymbolsQuerySchema,
    answer: FoundSymbolsSchema,
  },
  keepLink: {
    method: "post",
    path: "/api/links",
    summary: "Keeps a part of a link that is too long for an address, under an id of its content",
    body: KeepLinkSchema,
    answer: KeptLinkSchema,
  },
  link: {
    method: "get",
    path: "/api/links/{link}",
    summary: "What an id in a link stands for",
    answer: LinkSchema,
  },
  picture: {
    method: "get",
    path: "/api/snapshots/{snapshot}/picture.png",
    summary: "The whole snapshot with its legend",
    query: PictureQuerySchema,
    answer: "image/png",
  },
  export: {
    method: "get",
    path: "/api/snapshots/{snapshot}/dump",
    summary: "The dump, byte for byte",
    answer: "application/octet-stream",
  },
  comparison: {
    method: "get",
    path: "/api/comparisons/{a}/{b}",
    summary: "Verdicts, differences, the joint strip",
    answer: ComparisonSchema,
  },
  comparisonStrip: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/strips/{strip}",
    summary:
      "Which blocks of each joint mapping a strip shows: all, those recorded on a side, or those that differ or are residual on a side",
    answer: JointStripSchema,
  },
  comparedCodes: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/channels/{channel}",
    summary:
      "What the codes of a channel of whole pages mean on both sides: permissions, kind, file, changes, first-seen",
    answer: ComparedCodesSchema,
  },
  comparisonTiles: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/tiles/{channel}",
    summary: "A batch of tiles of one side on one of the joint strips",
    query: ComparisonTilesQuerySchema,
    answer: "application/octet-stream",
  },
  comparedSelection: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/selection",
    summary: "Verdicts of a part of it, counted",
    query: ComparedSelectionQuerySchema,
    answer: ComparedSelectionSchema,
  },
  comparedPage: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/page",
    summary: "A page on both sides",
    query: PlaceQuerySchema,
    answer: ComparedPageSchema,
  },
  pictureDifference: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/picture-difference",
    summary: "Pixels that differ between the two pictures",
    query: PictureDifferenceQuerySchema,
    answer: PictureDifferenceSchema,
  },
  pictureDifferencePng: {
    method: "get",
    path: "/api/comparisons/{a}/{b}/picture-difference.png",
    summary: "The picture of that difference",
    query: PictureDifferenceQuerySchema,
    answer: "image/png",
  },
  known: {
    method: "get",
    path: "/api/known/{name}",
    summary: "One known set: layers, packages, build-ids",
    answer: KnownSetDetailSchema,
  },
  addBaseline: {
    method: "post",
    path: "/api/snapshots/{snapshot}/baselines",
    summary: "Makes a snapshot a known set, a baseline; it cannot be deleted while the set is here",
    body: BaselineSchema,
    answer: Done,
  },
  removeKnown: { method: "delete", path: "/api/known/{name}", summary: "Removes a known set", answer: Done },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof ROUTES;

/** The path of a route with its parameters filled in and encoded. */
export function routePath(name: RouteName, parameters: Readonly<Record<string, string>> = {}): string {
  return ROUTES[name].path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(parameters[key]));
}
