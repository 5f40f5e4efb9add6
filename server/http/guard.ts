/**
 * Who may ask: requests that name this server as their host and come from its own pages. Dumps are secret, and a
 * browser sends requests for any page that asks it to; each refusal is named in the log.
 */
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { DumpError } from "../../shared/errors/index.ts";
import { sendProblem } from "./problem.ts";

/** @param hosts what `Host` may say: names with port, as in the address bar. */
export function guardRequests(hosts: () => ReadonlySet<string>, log: Logger): RequestHandler {
  return (request, response, next) => {
    const allowed = hosts();
    const host = request.headers.host ?? "";
    const origin = request.headers.origin;
    const site = request.headers["sec-fetch-site"];
    const why = !allowed.has(host)
      ? `Host ${host || "(none)"} is not this server`
      : origin !== undefined && !isOwnOrigin(origin, allowed)
        ? `Origin ${origin} is not this server's`
        : // A link from elsewhere may open a page; it may not call the API.
          request.path.startsWith("/api/") && typeof site === "string" && site !== "same-origin" && site !== "none"
          ? `The request comes from another site (${site})`
          : undefined;
    if (why === undefined) {
      next();
      return;
    }
    log.warn({ method: request.method, path: request.path, host, origin }, `refused: ${why}`);
    sendProblem(response, new DumpError("refused", why, { host }));
  };
}

function isOwnOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  return origin.startsWith("http://") && hosts.has(origin.slice("http://".length));
}
