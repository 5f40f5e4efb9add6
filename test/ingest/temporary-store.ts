/** A store in a folder of its own, gone after the test; and the samples with the numbers true of them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type IngestedDump, type IngestRequest, ingestDump } from "../../server/ingest/index.ts";
import { FINISHING, type Finished, finishPacks, openStore, type Store } from "../../server/store/index.ts";

const SAMPLES = path.join(import.meta.dirname, "../../dumps/samples");

export function samplePath(folder: "podman" | "images" | "cores" | "machine" | "rpm" | "elf", file: string): string {
  return path.join(SAMPLES, folder, file);
}

/** `expected.json` of a folder of samples, counted by independent programs; the caller names the part it reads. */
export function expected<T>(folder: "podman" | "images" | "cores" | "machine"): T {
  return JSON.parse(readFileSync(path.join(SAMPLES, folder, "expected.json"), "utf8")) as T;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "dumpscope-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryStore(): Store {
  const store = openStore(path.join(temporaryFolder(), "store"));
  onTestFinished(() => store.close());
  return store;
}

/** Gives every pack its final form. */
export function finish(store: Store): Promise<Finished> {
  return finishPacks(store, { signal: new AbortController().signal, lock: () => store.lock(FINISHING) });
}

export function ingest(
  store: Store,
  file: string,
  container: string,
  request: Partial<IngestRequest> = {},
): Promise<IngestedDump> {
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  return ingestDump(store, { file, container, asRaw: false, base: 0n, keepCut: false, ...request }, options);
}
