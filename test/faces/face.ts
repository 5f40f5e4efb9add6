/** A server over a store of its own as its clients see it: uploads by tus, requests, and waiting for what comes later. */
import pino from "pino";
import { type RunningServer, startServer } from "../../server/http/index.ts";
import { openStore, type Store } from "../../server/store/index.ts";
import { LibrarySchema } from "../../shared/api/index.ts";

type Library = ReturnType<typeof LibrarySchema.parse>;
export const TUS = { "Tus-Resumable": "1.0.0" };

export class Face {
  readonly store: Store;
  readonly server: RunningServer;

  private constructor(store: Store, server: RunningServer) {
    this.store = store;
    this.server = server;
  }

  static async open(data: string): Promise<Face> {
    const store = openStore(data);
    const server = await startServer(store, { host: "127.0.0.1", port: 0, log: pino({ level: "silent" }) });
    return new Face(store, server);
  }

  async close(): Promise<void> {
    await this.server.close();
    this.store.close();
  }

  async create(name: string, length: number): Promise<string> {
    const metadata = `filename ${Buffer.from(name).toString("base64")}`;
    const headers = { ...TUS, "Upload-Length": String(length), "Upload-Metadata": metadata };
    const response = await fetch(`${this.server.url}/api/uploads`, { method: "POST", headers });
    return response.headers.get("location")?.split("/").at(-1) ?? "";
  }

  async send(upload: string, offset: number, bytes: Uint8Array): Promise<number> {
    const headers = { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const body = new Uint8Array(bytes);
    return (await fetch(`${this.server.url}/api/uploads/${upload}`, { method: "PATCH", headers, body })).status;
  }

  async offset(upload: string): Promise<number> {
    const response = await fetch(`${this.server.url}/api/uploads/${upload}`, { method: "HEAD", headers: TUS });
    return Number(response.headers.get("upload-offset"));
  }

  async ask(
    method: string,
    place: string,
    body?: object,
  ): Promise<{ status: number; answer: Record<string, unknown> }> {
    const headers = { "Content-Type": "application/json" };
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(this.server.url + place, init);
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }

  /** Asks until it is so: the server answers at once, and the test's own time ends the wait. */
  async until(isSo: (library: Library) => boolean): Promise<Library> {
    for (;;) {
      const library = LibrarySchema.parse((await this.ask("GET", "/api/library")).answer);
      if (isSo(library)) return library;
    }
  }
}
