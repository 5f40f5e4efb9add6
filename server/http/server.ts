/** Wires the core to the HTTP face and listens; loopback only, unless told otherwise. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { Logger } from "pino";
import { DumpError } from "../../shared/errors/index.ts";
import { openArriving } from "../arriving/index.ts";
import { createFinder } from "../find/index.ts";
import { createFinisher, createJobs, createStripper, openQueue } from "../jobs/index.ts";
import { createKnownSets } from "../known-sets/index.ts";
import type { Store } from "../store/index.ts";
import { openUploads } from "../upload/index.ts";
import { createApp } from "./app.ts";
import { createEventSource } from "./events.ts";
import { statusOf } from "./problem.ts";
import { createTraffic } from "./traffic.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Logger;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws DumpError `port-taken`, `usage` (the host), `io-failed` */
export async function startServer(store: Store, options: ServerOptions): Promise<RunningServer> {
  const known = createKnownSets(store);
  const finder = createFinder(store, known);
  const queue = openQueue(store);
  const needed = [...store.catalog.receipts(), ...queue.left.map(({ request }) => request)];
  const uploads = openUploads(
    store.uploads,
    new Set(needed.flatMap(({ upload }) => (upload === null ? [] : [upload]))),
  );
  const jobs = createJobs({
    store,
    queue,
    statusOf,
    dropUpload: (upload) => uploads.drop(upload),
    onUnrecorded: (job, error) =>
      options.log.error({ err: error, job: job.job, file: job.file }, "a job could not be recorded"),
  });
  const events = createEventSource(
    () => store.catalog.revision(),
    (listener) => jobs.subscribe(listener),
  );
  const arriving = openArriving({
    store,
    jobs,
    uploads,
    onFailed: (error) => options.log.error({ err: error }, "a dump on its way could not be looked at"),
  });
  const finisher = createFinisher(
    store,
    () => jobs.list().length === 0,
    (error) => options.log.error({ err: error }, "a pack could not be given its final form; it stays as it is"),
  );
  events.subscribe(() => finisher.look());
  // At once, so that whoever opens a new snapshot finds its summaries on the way.
  jobs.subscribe(() => finisher.look());
  finisher.look();
  const traffic = createTraffic();
  const stripper = createStripper({
    store,
    known,
    isIdle: () => jobs.list().length === 0,
    // Pictures wait for summaries: these go first.
    async whenQuiet(signal) {
      await finisher.whenSummarised();
      await traffic.whenQuiet(signal);
    },
    onFailed: (error, { container, name }) =>
      options.log.error({ err: error, snapshot: `${container}/${name}` }, "a snapshot could not be stripped"),
    onGivenUp: (error) => options.log.error({ err: error }, "nothing is stripped any more until the next start"),
  });
  events.subscribe(() => stripper.look());
  jobs.subscribe(() => stripper.look());
  stripper.look();
  let hosts: ReadonlySet<string> = new Set();
  let address = "";
  const server = createServer(
    createApp({
      store,
      known,
      finder,
      jobs,
      uploads,
      events,
      arriving,
      traffic,
      whenSummarised: () => finisher.whenSummarised(),
      log: options.log,
      hosts: () => hosts,
      address: () => address,
    }),
  );
  // An upload of hours is no reason to cut a connection.
  server.requestTimeout = 0;
  // Whoever asks on a connection just as it is closed for being idle, is told of a lost one: it is closed late.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  // Listening on TCP, the address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  hosts = allowedHosts(options.host, port);
  address = `${options.host}:${port}`;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      events.close();
      await arriving.close();
      await Promise.all([stripper.close(), finisher.close()]);
      await jobs.close();
      server.closeAllConnections();
      await finder.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A wildcard listens on every interface, so any of their addresses is this server. */
function allowedHosts(host: string, port: number): Set<string> {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const interfaces = isWildcard ? Object.values(networkInterfaces()).flatMap((list) => list ?? []) : [];
  const addresses = ["127.0.0.1", "localhost", "::1", host, ...interfaces.map(({ address }) => address)];
  const names = addresses.map((address) => (address.includes(":") ? `[${address}]` : address));
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ServerOptions): DumpError {
  if (error.code === "EADDRINUSE")
    return new DumpError(
      "port-taken",
      `Port ${port} of ${host} is in use by another program`,
      { port },
      { cause: error },
    );
  if (error.code === "EACCES")
    return new DumpError("port-taken", `Port ${port} of ${host} is kept from this user`, { port }, { cause: error });
  if (error.code === "ENOTFOUND" || error.code === "EADDRNOTAVAIL" || error.code === "EAI_AGAIN")
    return new DumpError("usage", `${host} is no address of this machine`, { host }, { cause: error });
  return new DumpError(
    "io-failed",
    `The server cannot listen on ${host}:${port}: ${error.message}`,
    { host, port },
    { cause: error },
  );
}
