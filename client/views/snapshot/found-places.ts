/** What the palette finds in a picture: the place that a text names, mappings by name and path, notes by their text. */
import type { Note, SnapshotDetail } from "../../../shared/api/index.ts";
import { formatHex } from "../../format/index.ts";
import type { Place } from "../../viewer/contract.ts";
import { placesOfNote } from "../notes/noted-places.ts";
import { type Answer, addressOf, mappingOf } from "../place/places.ts";
import { parseSymbol } from "../place/symbol-places.ts";

export interface FoundActs {
  readonly find: (text: string) => Answer;
  readonly goTo: (place: Place) => void;
  readonly openMapping: (index: number) => void;
  /** Finds the text's bytes; `null` where nothing can be searched yet. */
  readonly search: ((text: string) => void) | null;
  /** Goes to a symbol of that name, or says that there is none; `null` where nobody knows any. */
  readonly goToSymbol: ((text: string) => void) | null;
  readonly notes: readonly Note[];
}

export function foundIn(
  detail: Pick<SnapshotDetail, "laid">,
  text: string,
  { find, goTo, openMapping, search, goToSymbol, notes }: FoundActs,
) {
  const answer = find(text);
  const places =
    answer.answer === "place"
      ? [
          {
            group: "Places",
            key: "place",
            title: `Go to ${formatHex(addressOf(answer.place))}`,
            detail: detail.laid[mappingOf(detail.laid, answer.place)]?.name ?? "",
            run: () => goTo(answer.place),
          },
        ]
      : answer.answer === "elsewhere" && answer.nearest
        ? [
            {
              group: "Places",
              key: "near",
              title: answer.sentence,
              detail: "",
              run: () => goTo(answer.nearest as Place),
            },
          ]
        : [];
  const named = detail.laid.flatMap((candidate, index) =>
    `${candidate.name} ${candidate.path ?? ""}`.toLowerCase().includes(text.toLowerCase())
      ? [
          {
            group: "Mappings",
            key: String(index),
            title: candidate.name,
            detail: `${candidate.permissions}  ${candidate.address}`,
            run: () => openMapping(index),
          },
        ]
      : [],
  );
  const noted = notes
    .filter((note) => note.text.toLowerCase().includes(text.toLowerCase()))
    .slice(0, 8)
    .map((note) => {
      const [place] = placesOfNote(note);
      return {
        group: "Notes",
        key: String(note.note),
        title: note.text === "" ? "Bookmark" : note.text.replace(/\s+/g, " ").slice(0, 120),
        detail: formatHex(addressOf(place)),
        run: () => goTo(place),
      };
    });
  const bytes =
    search && text.trim() !== ""
      ? [{ group: "Find", key: "find", title: `Find the bytes “${text}”`, detail: "", run: () => search(text) }]
      : [];
  const symbol =
    goToSymbol && answer.answer === "no-address" && parseSymbol(text)
      ? [{ group: "Find", key: "symbol", title: `Go to the symbol “${text}”`, detail: "", run: () => goToSymbol(text) }]
      : [];
  return [...places, ...named.slice(0, 8), ...noted, ...bytes, ...symbol];
}
