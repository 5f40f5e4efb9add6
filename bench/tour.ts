/**
 * A scripted tour in a real browser: the same pans and zooms in every run, each waited for until all tiles are drawn.
 * What is counted is what the page does by itself: nothing of the application knows that it is measured.
 */
import type { Browser, CDPSession, Page } from "playwright-core";
import { createRandom } from "./large-snapshots.ts";

const STEPS = 200;
const VIEW = { width: 1440, height: 900 };
const SEED = 11;
const PATIENCE_MS = 120_000;

export interface Traffic {
  readonly requests: number;
  /** On the wire, heads of answers included. */
  readonly bytes: number;
}

export interface Tour {
  /** Until the first picture is whole. */
  readonly firstScreen: Traffic;
  /** The first screen, and all steps. */
  readonly whole: Traffic;
  /** Script on the main thread of each frame that ran some, in milliseconds. */
  readonly frames: readonly number[];
  /** After garbage is collected: objects, and memory behind typed arrays. */
  readonly heapBytes: number;
  readonly arrayBytes: number;
  /** Textures that the page has, and bytes of tiles given to them. */
  readonly textureBytes: number;
  readonly uploadedBytes: number;
}

/** What `measurePage` keeps in the page. */
interface Measured {
  frames: number[];
  textureBytes: number;
  uploadedBytes: number;
}
declare const measured: Measured;

export interface Tourist {
  /** Opens a snapshot in the same window, as a person who goes on from one to the next, and makes the tour. */
  visit(path: string): Promise<Tour>;
  close(): Promise<void>;
}

export async function openTourist(browser: Browser, origin: string): Promise<Tourist> {
  const context = await browser.newContext({ viewport: VIEW, reducedMotion: "reduce", colorScheme: "dark" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(measurePage);
  const session = await context.newCDPSession(page);
  const traffic = await countTraffic(session);
  await page.goto(origin);
  return {
    async visit(path) {
      await page.evaluate(() => {
        measured.frames = [];
        measured.uploadedBytes = 0;
      });
      const before = traffic();
      // By the application's own history: a new document would begin with an empty window.
      await page.evaluate((to) => {
        history.pushState(null, "", to);
        dispatchEvent(new PopStateEvent("popstate"));
      }, path);
      await drawn(page);
      const first = traffic();
      await makeTour(page);
      const last = traffic();
      await session.send("HeapProfiler.collectGarbage");
      const heap = await session.send("Runtime.getHeapUsage");
      const { frames, textureBytes, uploadedBytes } = await page.evaluate(() => measured);
      return {
        firstScreen: less(first, before),
        whole: less(last, before),
        frames,
        heapBytes: heap.usedSize,
        arrayBytes: heap.backingStorageSize,
        textureBytes,
        uploadedBytes,
      };
    },
    close: () => context.close(),
  };
}

function less(a: Traffic, b: Traffic): Traffic {
  return { requests: a.requests - b.requests, bytes: a.bytes - b.bytes };
}

async function countTraffic(session: CDPSession): Promise<() => Traffic> {
  const counts = { requests: 0, bytes: 0 };
  const ours = new Set<string>();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (!new URL(request.url).pathname.startsWith("/api/")) return;
    ours.add(requestId);
    counts.requests++;
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (ours.delete(requestId)) counts.bytes += encodedDataLength;
  });
  await session.send("Network.enable");
  return () => ({ ...counts });
}

/** Runs in the page before anything else: wraps what draws. */
function measurePage(): void {
  const own: Measured = { frames: [], textureBytes: 0, uploadedBytes: 0 };
  Object.assign(globalThis, { measured: own });
  const request = requestAnimationFrame;
  let frame = -1;
  let spent = 0;
  globalThis.requestAnimationFrame = (callback) =>
    request((time) => {
      if (time !== frame) {
        if (spent > 0) own.frames.push(spent);
        frame = time;
        spent = 0;
      }
      const start = performance.now();
      callback(time);
      // What the callback has changed is rendered by React in a microtask that was asked for before this one.
      queueMicrotask(() => {
        spent += performance.now() - start;
      });
    });
  const gl = WebGL2RenderingContext.prototype;
  const { texStorage3D, texSubImage3D, deleteTexture, bindTexture } = gl;
  const sizes = new WeakMap<WebGLTexture, number>();
  let bound: WebGLTexture | null = null;
  gl.bindTexture = function (target, texture) {
    if (target === this.TEXTURE_2D_ARRAY) bound = texture;
    bindTexture.call(this, target, texture);
  };
  gl.texStorage3D = function (target, levels, format, width, height, depth) {
    // One byte a texel.
    if (bound) sizes.set(bound, width * height * depth);
    own.textureBytes += width * height * depth;
    texStorage3D.call(this, target, levels, format, width, height, depth);
  };
  gl.deleteTexture = function (texture) {
    own.textureBytes -= (texture && sizes.get(texture)) ?? 0;
    deleteTexture.call(this, texture);
  };
  gl.texSubImage3D = function (this: WebGL2RenderingContext, ...given: unknown[]) {
    const [, , , , , width, height, depth] = given as number[];
    own.uploadedBytes += width * height * depth;
    (texSubImage3D as (...all: unknown[]) => void).apply(this, given);
  } as typeof texSubImage3D;
}

async function drawn(page: Page): Promise<void> {
  await page.getByText("All tiles drawn").waitFor();
  await page.evaluate(async () => {
    for (let n = 0; n < 2; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await page.getByText("All tiles drawn").waitFor();
}

/** Pans in all directions, zooms in and out around the pointer; never so far out that there is nothing more to see. */
async function makeTour(page: Page): Promise<void> {
  const picture = page.getByRole("application");
  const box = await picture.boundingBox();
  if (!box) throw new Error("there is no picture");
  const random = createRandom(SEED);
  let zoomed = 0;
  for (let step = 0; step < STEPS; step++) {
    // The middle half, from which a pan stays within the picture.
    const x = box.x + box.width / 4 + random(box.width / 2);
    const y = box.y + box.height / 4 + random(box.height / 2);
    await page.mouse.move(x, y);
    const wanted = random(10);
    if (wanted < 4) {
      const isIn = zoomed === 0 || (zoomed < 6 && wanted < 2);
      await page.mouse.wheel(0, isIn ? -100 : 100);
      zoomed += isIn ? 1 : -1;
    } else {
      await page.mouse.down();
      const [dx, dy] = [random(box.width / 2) - box.width / 4, random(box.height / 2) - box.height / 4];
      await page.mouse.move(x + dx, y + dy, { steps: 3 });
      await page.mouse.up();
    }
    await drawn(page);
  }
}
