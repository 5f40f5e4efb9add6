/** Goes to where an answer that is still looked for leads, or says why it leads nowhere. */
import { asApiError } from "../../api/index.ts";
import type { Place } from "../../viewer/contract.ts";
import type { Answer } from "./places.ts";

export function followAnswer(
  answer: Promise<Answer>,
  goTo: (place: Place, said?: string) => void,
  say: (sentence: string) => void,
): void {
  answer.then(
    (found) => {
      if (found.answer === "place") goTo(found.place, found.said);
      else if (found.answer === "elsewhere") say(found.sentence);
    },
    (error: unknown) => say(asApiError(error).message),
  );
}
