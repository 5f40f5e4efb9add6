/** `npm run build`: the browser application and the server, into `dist`. */
import { buildClient, buildServer } from "./built.mjs";

await buildClient();
await buildServer();
