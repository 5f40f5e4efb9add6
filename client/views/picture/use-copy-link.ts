/** *Copy a link* of a screen with a picture: all that is on it, also what is too long for an address. */
import { asApiError } from "../../api/index.ts";
import { useActs } from "../../keys/index.ts";
import type { PictureUrlSync } from "./use-picture-url.ts";

/** @param say puts a sentence where the screen answers */
export function useCopyLink(url: PictureUrlSync, say: (text: string) => void): void {
  useActs({
    "copy-link": {
      run: () => {
        url
          .link()
          .then((link) => navigator.clipboard.writeText(link))
          .then(
            () => say("Link copied"),
            (error: unknown) => say(`No link was copied: ${asApiError(error).message}`),
          );
      },
    },
  });
}
