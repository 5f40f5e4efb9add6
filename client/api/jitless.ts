/**
 * Imported before any schema is made: zod otherwise compiles schemas with `new Function`, which the content security
 * policy forbids (and reports) in the browser.
 */
import { config } from "zod";

config({ jitless: true });
