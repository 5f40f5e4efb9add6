/** The commands that choose what is on the strip. */
import { STRIPS, type StripChoice } from "../../../shared/strip/index.ts";
import { type CommandId, useActs } from "../../keys/index.ts";

export function useStripActs(choice: StripChoice, onChoose: (choice: StripChoice) => void): void {
  useActs(
    Object.fromEntries(
      STRIPS.map((strip) => [
        `strip-${strip}` satisfies CommandId,
        { run: () => onChoose(strip), inUse: choice === strip },
      ]),
    ),
  );
}
