/** Public face of `http`: the server as a whole, from a store to a listening address. */
export { type RunningServer, startServer } from "./server.ts";
