/** Long parts of links over HTTP. */
import { keepLink, linkText } from "../links/index.ts";
import type { AppParts, Mount } from "./app.ts";
import { sendJson } from "./compression.ts";

export function mountLinks(mount: Mount, { store }: Pick<AppParts, "store">): void {
  mount("keepLink", ({ response, body }) => {
    response.json({ link: keepLink(store, body.text) });
  });

  mount("link", ({ request, response, params }) =>
    sendJson(request, response, { link: params.link, text: linkText(store, params.link) }),
  );
}
