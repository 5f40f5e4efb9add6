/** `npm run build`: the browser application, into `dist/client`. */
import { buildClient } from "./client.mjs";

await buildClient();
