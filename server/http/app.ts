/**
 * The HTTP face: routes of `shared/api` over the core, uploads by tus, the built client. Requests are checked by their
 * schemas; what a handler throws becomes a problem.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import express, { type Express, type Request, type Response } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import type { z } from "zod";
import { ROUTES, type Route, type RouteName } from "../../shared/api/index.ts";
import { DumpError } from "../../shared/errors/index.ts";
import type { Arriving } from "../arriving/index.ts";
import { createFillings } from "../filling/index.ts";
import type { Finder } from "../find/index.ts";
import { type Jobs, problemOf } from "../jobs/index.ts";
import type { KnownSets } from "../known-sets/index.ts";
import type { Store } from "../store/index.ts";
import { createTileCutter } from "../tiles/index.ts";
import type { Uploads } from "../upload/index.ts";
import { mountArriving } from "./arriving.ts";
import { createComparisons } from "./comparisons.ts";
import { createDrawings } from "./drawings.ts";
import { type EventSource, streamEvents } from "./events.ts";
import { mountFinds } from "./finds.ts";
import { guardRequests } from "./guard.ts";
import { mountHandlers } from "./handlers.ts";
import { mountLinks } from "./links.ts";
import { mountNotes } from "./notes.ts";
import { openApi } from "./openapi.ts";
import { sendProblem, statusOf } from "./problem.ts";
import { mountSelections } from "./selections.ts";
import type { Traffic } from "./traffic.ts";
import { tellRefusalsAsProblems } from "./upload-refusals.ts";

const CLIENT = path.join(import.meta.dirname, "../../dist/client");
/** Tiles kept in memory, encoded. */
const TILE_CACHE_BYTES = 64 << 20;

export interface AppParts {
  readonly store: Store;
  readonly known: KnownSets;
  readonly finder: Finder;
  readonly jobs: Jobs;
  readonly uploads: Uploads;
  readonly events: EventSource;
  readonly arriving: Arriving;
  readonly traffic: Traffic;
  /** Settles when the summaries that are being made are there; `undefined` while none are. */
  whenSummarised(): Promise<void> | undefined;
  readonly log: Logger;
  /** What `Host` may say; known only when the server listens. */
  hosts(): ReadonlySet<string>;
  /** Where the server listens, for the status line. */
  address(): string;
}

export interface Call<Name extends RouteName> {
  readonly request: Request;
  readonly response: Response;
  readonly params: Readonly<Record<string, string>>;
  readonly query: (typeof ROUTES)[Name] extends { readonly query: infer Q extends z.ZodType } ? z.output<Q> : undefined;
  readonly body: (typeof ROUTES)[Name] extends { readonly body: infer B extends z.ZodType } ? z.output<B> : undefined;
}

/** Mounts one route: its request is parsed before the handler sees it. */
export type Mount = <Name extends RouteName>(name: Name, handler: (call: Call<Name>) => Promise<void> | void) => void;

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  // Nobody may keep an answer of the API, so digesting each of them for a tag would be for nobody.
  app.disable("etag");
  // Otherwise /API/… would be a route that the guard's /api/… does not see.
  app.enable("case sensitive routing");
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", "blob:"],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          workerSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      referrerPolicy: { policy: "no-referrer" },
    }),
  );
  app.use(guardRequests(parts.hosts, parts.log));
  app.all(["/api/uploads", "/api/uploads/*rest"], (request, response) => {
    tellRefusalsAsProblems(request, response, parts.log);
    return parts.uploads.server.handle(request, response);
  });
  app.use(parts.traffic.watch);
  app.use("/api", express.json({ limit: "256kb" }), (_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });

  const mount: Mount = (name, handler) => {
    const route: Route = ROUTES[name];
    app[route.method](route.path.replace(/\{(\w+)\}/g, ":$1"), async (request, response) => {
      const query = route.query ? parse(route.query, request.query) : undefined;
      const body = route.body ? parse(route.body, request.body ?? {}) : undefined;
      // The schemas are the route's own, so what they return is what the handler's type says.
      await handler({ request, response, params: request.params as Record<string, string>, query, body } as Call<
        typeof name
      >);
    });
  };
  const drawings = createDrawings();
  const cutter = createTileCutter({ cacheBytes: TILE_CACHE_BYTES });
  const fillings = createFillings(parts.store, parts.known);
  mountHandlers(mount, {
    ...parts,
    cutter,
    drawings,
    fillings,
    comparisons: createComparisons(parts.store, parts.known),
  });
  mountArriving(mount, { arriving: parts.arriving, cutter });
  mountFinds(mount, { ...parts, fillings });
  mountNotes(mount, parts);
  mountLinks(mount, parts);
  mountSelections(mount, { ...parts, drawings, fillings });
  mount("events", ({ response }) => {
    const stop = parts.events.subscribe(() => tell());
    const tell = streamEvents("library", () => stop(), response);
  });
  app.get("/api/openapi.json", (_request, response) => {
    response.json(openApi());
  });
  app.use("/api", (request, response) => {
    sendProblem(response, new DumpError("not-found", `There is no ${request.method} ${request.originalUrl}`, {}));
  });

  app.use("/assets", express.static(path.join(CLIENT, "assets"), { immutable: true, maxAge: "365d" }));
  app.use(express.static(CLIENT, { index: false }));
  app.get(["/", "/s/:snapshot", "/compare/:a/:b", "/arriving/:arriving"], (_request, response) => {
    sendApplication(response);
  });
  app.use((request: Request, response: Response) => {
    response.vary("Accept");
    // Who reads pages is told by the application's own screen; programs, which take anything, as everywhere.
    if (request.method === "GET" && request.accepts(["application/problem+json", "text/html"]) === "text/html")
      sendApplication(response.status(404));
    else sendProblem(response, new DumpError("not-found", `There is nothing at ${request.path}`, {}));
  });
  app.use((error: unknown, request: Request, response: Response, next: (error: unknown) => void) => {
    // Who asked has left, and the work that stopped for it is no failure.
    if (response.destroyed && error instanceof Error && error.name === "AbortError") return;
    const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
    const shown =
      status >= 400 && status < 500 && error instanceof Error ? new DumpError("bad-request", error.message, {}) : error;
    const problem = problemOf(shown);
    const what = { method: request.method, path: request.path };
    // What is wrong with a request is its sender's affair: named, but no failure of the server.
    if (statusOf(problem.code) < 500) parts.log.info({ ...what, code: problem.code }, problem.detail);
    else parts.log.error({ ...what, err: error }, "request failed");
    if (response.headersSent) next(error);
    else sendProblem(response, shown);
  });
  return app;
}

/** One page for all screens: which one it is stands in its address. */
function sendApplication(response: Response): void {
  const page = path.join(CLIENT, "index.html");
  if (existsSync(page)) response.sendFile(page, { headers: { "Cache-Control": "no-cache" } });
  else response.status(503).type("text").send("The client is not built. Run: npm start\n");
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DumpError(
    "bad-request",
    result.error.issues.map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`).join("; "),
    {},
  );
}
