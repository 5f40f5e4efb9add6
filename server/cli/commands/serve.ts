/** `dumpscope serve`: the application in the browser. */
import pino from "pino";
import { DumpError } from "../../../shared/errors/index.ts";
import { startServer } from "../../http/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";

export const serve: Command = {
  name: "serve",
  usage: "[--port 7070] [--host 127.0.0.1]",
  summary: "serves the application in the browser",
  positionals: 0,
  options: {
    port: { value: "7070", help: "or DUMPSCOPE_PORT" },
    host: { value: "127.0.0.1", help: "or DUMPSCOPE_HOST; anything but loopback shows dumps to the network" },
  },
  async run(line) {
    const port = line.whole("port", 0, 65_535) ?? portOf(process.env.DUMPSCOPE_PORT || "7070");
    const host = line.text("host") ?? (process.env.DUMPSCOPE_HOST || "127.0.0.1");
    const store = openDataStore();
    const log = pino(
      { base: null, level: process.env.DUMPSCOPE_LOG ?? "info" },
      pino.destination({ dest: 2, sync: true }),
    );
    const server = await startServer(store, { host, port, log });
    line.print({ url: server.url, store: store.directory }, [
      `Dumpscope is at ${server.url}`,
      `Store: ${store.directory}. Stop with Ctrl C.`,
    ]);
    await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
    await server.close();
    store.close();
    return 0;
  },
};

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new DumpError("usage", `DUMPSCOPE_PORT takes a whole number from 0 to 65535, not ${text}`);
  return port;
}
