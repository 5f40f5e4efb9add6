/** Server state for the screens: what is asked, and under which name it is kept. */
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { z } from "zod";
import type {
  AddNote,
  IngestRequest,
  Library,
  PictureDifferenceQuerySchema,
  SnapshotDetail,
} from "../../shared/api/index.ts";
import { type AnyChannel, isPageChannel } from "../../shared/channel/index.ts";
import { addressOfPage, formatAddress, type PageAddress } from "../../shared/memory/index.ts";
import { PROVENANCES } from "../../shared/provenance/index.ts";
import type { Space } from "../../shared/snapshot/index.ts";
import type { StripChoice } from "../../shared/strip/index.ts";
import { ApiError, requestJson } from "./request.ts";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Snapshots never change, and the library is told of changes by events.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (failures, error) => error instanceof ApiError && error.problem.code === "unreachable" && failures < 3,
      },
    },
  });
}

export const LIBRARY_KEY = ["library"] as const;
/** And a snapshot's id. */
export const SUMMARY_KEY = ["summary"] as const;

export function useLibrary() {
  return useQuery({ queryKey: LIBRARY_KEY, queryFn: ({ signal }) => requestJson("library", { signal }) });
}

/** The whole log, asked for when it is to be shown; again when `library` tells of another newest receipt. */
export function useReceipts({ receipts, received }: Pick<Library, "receipts" | "received">, enabled: boolean) {
  return useQuery({
    queryKey: ["receipts", received, receipts[0]?.receipt, receipts[0]?.result],
    enabled,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("receipts", { signal }),
  });
}

export function useKnownSet(name: string) {
  return useQuery({
    queryKey: ["known", name],
    gcTime: 0,
    queryFn: ({ signal }) => requestJson("known", { parameters: { name }, signal }),
  });
}

/** What the codes of a page channel mean. @param others names of the container's snapshots, which some channels are of */
export function useChannelCodes(snapshot: string, channel: AnyChannel, others: readonly string[]) {
  return useQuery({
    queryKey: ["channel-codes", snapshot, channel, ...others],
    enabled: isPageChannel(channel),
    gcTime: 60_000,
    queryFn: ({ signal }) => requestJson("channelCodes", { parameters: { snapshot, channel }, signal }),
  });
}

/**
 * The same of both sides of a comparison.
 * @param of what else they are of: how pages are explained, and which snapshots their containers have
 */
export function useComparedCodes(a: string, b: string, channel: AnyChannel, of: readonly string[]) {
  return useQuery({
    queryKey: ["compared-codes", a, b, channel, ...of],
    enabled: isPageChannel(channel),
    gcTime: 60_000,
    queryFn: ({ signal }) => requestJson("comparedCodes", { parameters: { a, b, channel }, signal }),
  });
}

export function snapshotQuery(snapshot: string) {
  return {
    queryKey: ["snapshot", snapshot] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) => requestJson("snapshot", { parameters: { snapshot }, signal }),
  };
}

export function useSnapshot(snapshot: string) {
  return useQuery(snapshotQuery(snapshot));
}

/**
 * What explains a snapshot's pages changes: known sets and other snapshots come and go, and it is stripped. Whenever the
 * server says otherwise than `detail` does, all that tells of provenance is asked anew.
 */
export function useFollowedProvenance(detail: Pick<SnapshotDetail, "snapshot" | "isStripped" | "provenance">): void {
  const client = useQueryClient();
  const { snapshot, isStripped, provenance } = detail;
  const { data: now } = useQuery({
    queryKey: [...SUMMARY_KEY, snapshot],
    gcTime: 0,
    queryFn: ({ signal }) => requestJson("summary", { parameters: { snapshot }, signal }),
  });
  const isTold =
    now === undefined ||
    (now.isStripped === isStripped && PROVENANCES.every((name) => now.provenance[name] === provenance[name]));
  useEffect(() => {
    if (isTold) return;
    for (const name of ["snapshot", "page-provenance", "page", "stripping", "channel-codes"])
      void client.invalidateQueries({ queryKey: [name, snapshot] });
  }, [client, snapshot, isTold]);
}

/**
 * What of it is the system's: found when it is asked, if it is not found yet, and asked again whenever somebody wants to
 * see it.
 *
 * @param knownSets their names
 */
export function useStripping(snapshot: string, knownSets: readonly string[]) {
  return useQuery({
    queryKey: ["stripping", snapshot, ...knownSets],
    staleTime: 0,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("stripping", { parameters: { snapshot }, signal }),
  });
}

/** With what its pages left to files can be filled, with the known sets of now. @param knownSets what tells them apart */
export function useFilling(snapshot: string, knownSets: readonly string[], enabled: boolean) {
  return useQuery({
    queryKey: ["filling", snapshot, ...knownSets],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("filling", { parameters: { snapshot }, signal }),
  });
}

/** What of it looks tampered with. The server keeps nothing of it: it is looked for when somebody wants to see it. */
export function useTampering(snapshot: string, knownSets: readonly string[]) {
  return useQuery({
    queryKey: ["tampering", snapshot, ...knownSets],
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("tampering", { parameters: { snapshot }, signal }),
  });
}

/** And a snapshot's id. */
export const NOTES_KEY = ["notes"] as const;

/** The notes whose pages it holds; those that others write come with the library's event. */
export function useNotes(snapshot: string) {
  return useQuery({
    queryKey: [...NOTES_KEY, snapshot],
    queryFn: ({ signal }) => requestJson("notes", { parameters: { snapshot }, signal }),
  });
}

/** The acts of notes; each is settled when the notes have been asked for again. */
export function useNoteActs(snapshot: string) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: NOTES_KEY });
  return {
    add: useMutation({
      mutationFn: (body: AddNote) => requestJson("addNote", { parameters: { snapshot }, body }),
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ note, text }: { readonly note: number; readonly text: string }) =>
        requestJson("changeNote", { parameters: { note: String(note) }, body: { text } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (note: number) => requestJson("removeNote", { parameters: { note: String(note) } }),
      onSuccess,
    }),
  };
}

export function arrivingKey(arriving: string) {
  return ["arriving", arriving] as const;
}

export function useArriving(arriving: string) {
  return useQuery({
    queryKey: arrivingKey(arriving),
    gcTime: 0,
    queryFn: ({ signal }) => requestJson("arriving", { parameters: { arriving }, signal }),
  });
}

/** @param content names what is here: a page that is not there may be there later. */
export function useArrivingPage(arriving: string, content: string, place: { space: Space; page: PageAddress } | null) {
  const address = place ? formatAddress(addressOfPage(place.page)) : "";
  return useQuery({
    queryKey: ["arriving-page", arriving, content, place?.space ?? "", address],
    enabled: place !== null,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      requestJson("arrivingPage", { parameters: { arriving }, query: { space: place?.space, address }, signal }),
  });
}

/**
 * Which blocks a strip shows; asked again when its pages are explained otherwise, the one before staying until then.
 * @param explained names how they are explained
 */
export function useStrip(snapshot: string, strip: StripChoice, explained: string) {
  return useQuery({
    queryKey: ["strip", snapshot, strip, strip === "residual" ? explained : ""],
    enabled: strip !== "all",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("strip", { parameters: { snapshot, strip }, signal }),
  });
}

/** The same of a comparison. @param explained names how the pages of both sides are explained */
export function useJointStrip(a: string, b: string, strip: StripChoice, explained: string) {
  return useQuery({
    queryKey: ["joint-strip", a, b, strip, strip === "residual" ? explained : ""],
    enabled: strip !== "all",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => requestJson("comparisonStrip", { parameters: { a, b, strip }, signal }),
  });
}

/** The page under the selection; `null` asks nothing. Known sets may change the answer, so it is asked again at times. */
export function usePage(snapshot: string, place: { space: Space; page: PageAddress } | null) {
  const address = place ? formatAddress(addressOfPage(place.page)) : "";
  return useQuery({
    queryKey: ["page", snapshot, place?.space ?? "", address],
    enabled: place !== null,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      requestJson("page", { parameters: { snapshot }, query: { space: place?.space, address }, signal }),
  });
}

export function useComparison(a: string, b: string) {
  return useQuery({
    queryKey: ["comparison", a, b],
    queryFn: ({ signal }) => requestJson("comparison", { parameters: { a, b }, signal }),
  });
}

export function comparedPageQuery(a: string, b: string, space: string, page: number) {
  const address = formatAddress(addressOfPage(page as PageAddress));
  return {
    queryKey: ["compared-page", a, b, space, address] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      requestJson("comparedPage", { parameters: { a, b }, query: { space, address }, signal }),
  };
}

export function useComparedPage(a: string, b: string, place: { space: Space; page: PageAddress } | null) {
  return useQuery({
    ...comparedPageQuery(a, b, place?.space ?? "p0", place?.page ?? 0),
    enabled: place !== null,
  });
}

/** @param text regions in the spaces of B; `null` asks nothing */
export function useComparedSelection(a: string, b: string, text: string | null) {
  return useQuery({
    queryKey: ["compared-selection", a, b, text ?? ""],
    enabled: text !== null,
    queryFn: ({ signal }) =>
      requestJson("comparedSelection", { parameters: { a, b }, query: { in: text ?? "" }, signal }),
  });
}

export type PictureDifferenceQuery = z.input<typeof PictureDifferenceQuerySchema>;

export function usePictureDifference(a: string, b: string, query: PictureDifferenceQuery, enabled: boolean) {
  return useQuery({
    queryKey: ["picture-difference", a, b, query],
    enabled,
    queryFn: ({ signal }) =>
      requestJson("pictureDifference", {
        parameters: { a, b },
        query: query as Record<string, string | number | undefined>,
        signal,
      }),
  });
}

/** The acts of the library; each refreshes it when done. */
export function useLibraryActs() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: LIBRARY_KEY });
  return {
    ingest: useMutation({ mutationFn: (body: IngestRequest) => requestJson("ingest", { body }), onSettled }),
    askForLog: useMutation({ mutationFn: () => requestJson("receipts") }),
    openSample: useMutation({ mutationFn: () => requestJson("sample"), onSettled }),
    cancel: useMutation({ mutationFn: (job: string) => requestJson("cancel", { parameters: { job } }), onSettled }),
    dismiss: useMutation({
      mutationFn: (receipt: number) => requestJson("dismiss", { parameters: { receipt: String(receipt) } }),
      onSettled,
    }),
    deleteSnapshot: useMutation({
      mutationFn: (snapshot: string) => requestJson("deleteSnapshot", { parameters: { snapshot } }),
      onSettled,
    }),
    explainAgainst: useMutation({
      mutationFn: ({ snapshot, parent }: { readonly snapshot: string; readonly parent: string }) =>
        requestJson("explainAgainst", { parameters: { snapshot }, body: { parent } }),
      onSettled,
    }),
    rename: useMutation({
      mutationFn: ({ container, name }: { readonly container: string; readonly name: string }) =>
        requestJson("rename", { parameters: { container }, body: { name } }),
      // Whatever names a snapshot names its container.
      onSettled: () => client.invalidateQueries(),
    }),
    addBaseline: useMutation({
      mutationFn: ({ snapshot, name }: { readonly snapshot: string; readonly name: string }) =>
        requestJson("addBaseline", { parameters: { snapshot }, body: { name } }),
      onSettled,
    }),
    removeKnown: useMutation({
      mutationFn: (name: string) => requestJson("removeKnown", { parameters: { name } }),
      onSettled,
    }),
  };
}
