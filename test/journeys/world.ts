/**
 * What a journey needs: the real server over a store of its own, a real browser with software GL, and the samples with
 * the numbers true of them. Whatever a page complains of on the way fails the journey: `closePages` asserts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import pino from "pino";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { startServer } from "../../server/http/index.ts";
import { openStore, type Store } from "../../server/store/index.ts";
import type { Library } from "../../shared/api/index.ts";
import { launchChromium } from "../chromium.ts";
import { expected, samplePath } from "../ingest/temporary-store.ts";
import { ensureClient } from "./client-build.ts";

export { samplePath };

/** A machine that does three other things with one core draws in software at a tenth of its pace: none of these is met. */
const PATIENCE_MS = 120_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

/** The parts of `expected.json` that journeys read. */
export interface Facts {
  readonly dumps: Readonly<
    Record<
      string,
      {
        readonly stored: { readonly bytes: number; readonly sha256: string };
        readonly recorded: number;
        readonly mappings: number;
        readonly processes: number;
        readonly alone: {
          readonly pages: {
            readonly zero: number;
            readonly absent: { readonly file: number; readonly excluded: number };
          };
          readonly provenance: Readonly<Record<string, number>>;
        };
      }
    >
  >;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly verdicts: Readonly<Record<string, number>>;
    readonly recordedInB: number;
    readonly zeroThatWasPresent: number;
    readonly provenance: Readonly<Record<string, number>>;
  }[];
  readonly planted: {
    readonly secretPage: { readonly address: string };
    readonly picture: {
      readonly address: string;
      readonly pixels: readonly { readonly address: string; readonly t0: number; readonly t1: number }[];
    };
  };
}

export const facts = expected<Facts>("podman");

export function pairOf(a: string, b: string): Facts["pairs"][number] {
  const pair = facts.pairs.find((candidate) => candidate.a === a && candidate.b === b);
  if (!pair) throw new Error(`expected.json has no pair ${a}, ${b}`);
  return pair;
}

/** As the interface writes counts: groups of three set apart by a narrow no-break space. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

export interface Place {
  readonly folder: string;
  readonly url: string;
  library(): Promise<Library>;
  close(): Promise<void>;
}

function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "dumpscope-journey-"));
}

/**
 * The server in this process, on a free port.
 * @param prepare fills the store, empty without it, before the server sees it
 */
export async function openPlace(prepare: (store: Store) => Promise<void> = async () => undefined): Promise<Place> {
  const folder = newFolder();
  const store = openStore(path.join(folder, "store"));
  await prepare(store);
  const server = await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) });
  return {
    folder: store.directory,
    url: server.url,
    library: () => libraryAt(server.url),
    async close() {
      await server.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server as a process of its own, so that it can be killed in the middle; the store stays. */
export interface Killable extends Place {
  kill(): Promise<void>;
  /** The most memory that it has had, as the kernel counts it; `undefined` where there is no /proc. */
  peakBytes(): number | undefined;
  /** On the same store and port: the page of before goes on. */
  restart(): Promise<void>;
}

/** @param prepare as of `openPlace` */
export async function openKillable(
  prepare: (store: Store) => Promise<void> = async () => undefined,
): Promise<Killable> {
  const folder = newFolder();
  const store = path.join(folder, "store");
  {
    const own = openStore(store);
    await prepare(own);
    own.close();
  }
  let { child, url } = await serve(store, 0);
  const kill = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await ended;
    }
  };
  return {
    folder: store,
    url,
    library: () => libraryAt(url),
    kill,
    peakBytes() {
      const status = `/proc/${child.pid}/status`;
      const kilobytes = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1] : undefined;
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    },
    async restart() {
      ({ child, url } = await serve(store, Number(new URL(url).port)));
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(store: string, port: number): Promise<{ child: ChildProcess; url: string }> {
  const main = path.join(import.meta.dirname, "../../server/cli/main.ts");
  const child = spawn(process.execPath, [main, "serve", "--port", String(port), "--json"], {
    env: { ...process.env, DUMPSCOPE_DATA: store, DUMPSCOPE_HOST: "127.0.0.1", DUMPSCOPE_LOG: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", (line) => resolve((JSON.parse(line) as { url: string }).url));
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return { child, url };
}

async function libraryAt(url: string): Promise<Library> {
  return (await (await fetch(`${url}/api/library`)).json()) as Library;
}

/** Every file of a store below `uploads`, by name. */
export function uploadsIn(store: string): string[] {
  return readdirSync(path.join(store, "uploads")).sort();
}

export interface TestBrowser {
  /** A page in a context of its own: nothing remembered of another journey. */
  open(url: string, options?: OpenOptions): Promise<Page>;
  /** After each journey, before its server goes: fails it for what its pages complained of. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** The server and the browser of a file's journeys, from the first to behind the last one; see `openWorld`. */
export let place: Place;
export let browser: TestBrowser;

/** Called once by a file whose journeys share them. @param prepare fills the store before the server opens it */
export function openWorld(prepare?: (store: Store) => Promise<void>): void {
  beforeAll(async () => {
    place = await openPlace(prepare);
    browser = await openBrowser();
  });
  afterEach(() => browser.closePages());
  afterAll(async () => {
    await browser?.close();
    await place?.close();
  });
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "dark" | "light";
  /** Complaints that this journey provokes: a server that is killed is not reached. */
  readonly expected?: RegExp;
  /** Whether files may be taken. */
  readonly downloads?: boolean;
}

export async function openBrowser(): Promise<TestBrowser> {
  await ensureClient();
  const browser = await launchChromium("--font-render-hinting=none");
  const complaints: string[] = [];
  return {
    async open(url, { width = 1440, height = 900, theme = "dark", expected: allowed, downloads = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: "reduce",
        acceptDownloads: downloads,
      });
      const origin = new URL(url).origin;
      listen(context, origin, (text) => {
        if (!allowed?.test(text)) complaints.push(text);
      });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(url);
      return page;
    },
    async closePages() {
      for (const context of browser.contexts()) await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
    close: () => browser.close(),
  };
}

/** Requests to other hosts, violations of the content security policy (the console names them), errors. */
function listen(context: BrowserContext, origin: string, complain: (text: string) => void): void {
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?|ftp):$/.test(url.protocol) && url.origin !== origin) complain(`request to ${url.href}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(`console: ${message.text()}`);
  });
  context.on("dialog", (dialog) => {
    complain(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("weberror", (error) => complain(`thrown: ${error.error().stack ?? error.error().message}`));
}

/** The picture and the fonts stand: all tiles are here, and no frame is due. */
export async function drawn(page: Page): Promise<void> {
  await page.getByText("All tiles drawn").waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let n = 0; n < 3; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await page.getByText("All tiles drawn").waitFor();
}

/** Takes the bundled sample in without a browser, for journeys that begin after that. */
export async function takeSample(place: Place): Promise<{ readonly t0: string; readonly t1: string }> {
  await fetch(`${place.url}/api/sample`, { method: "POST" });
  await vi.waitFor(async () => expect((await place.library()).jobs).toEqual([]), { timeout: PATIENCE_MS });
  const snapshots = (await place.library()).containers.flatMap((container) => container.snapshots);
  const idOf = (name: string) => snapshots.find((snapshot) => snapshot.name === name)?.snapshot ?? "none";
  return { t0: idOf("t0"), t1: idOf("t1") };
}

/** Asks again until it is so. */
export function soon<T>(ask: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(ask, { timeout: PATIENCE_MS, interval: 40 });
}

/** Keys faster than a frame, as when the machine is slower than the hand. */
export async function pressAtOnce(page: Page, ...keys: string[]): Promise<void> {
  await page.evaluate((pressed) => {
    for (const key of pressed)
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }, keys);
}

/** The place of one planted byte in a URL. */
export function at(address: string): string {
  return `at=p1:${address.replace(/^0x/, "")}`;
}
