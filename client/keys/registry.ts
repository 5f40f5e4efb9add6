/**
 * Who does what at the moment: screens register acts for commands of the catalogue, the window's keys, the palette and
 * the help look them up. Later registrations win, so that a panel may take a key from the screen below it.
 */
import { COMMANDS, type Command, type CommandId, REACH_REASON } from "./catalogue.ts";
import { isSingleCharacter, nameOfPress } from "./key-match.ts";

export interface Act {
  readonly run: () => void;
  /** Why it cannot be done now; it stays listed. */
  readonly unavailable?: string;
  /** Says why, when its key is pressed and it cannot be done; without it the key is silent. */
  readonly refuse?: (reason: string) => void;
  /** The state it would bring about is there already. */
  readonly inUse?: boolean;
  /** Keys here, instead of the catalogue's. */
  readonly keys?: readonly string[];
}
export type Acts = Partial<Record<CommandId, Act>>;

/** A command with what it does here. */
export interface LiveCommand {
  readonly id: CommandId;
  readonly title: string;
  readonly group: Command["group"];
  readonly keys: readonly string[];
  readonly local: boolean;
  readonly run: (() => void) | null;
  readonly unavailable: string | null;
  /** Says why it cannot be done; `null` where it can, or nobody says so. */
  readonly refuse: (() => void) | null;
  readonly inUse: boolean;
}

const LETTERS_KEY = "dumpscope.single-letter-keys";
const layers: { current: Acts }[] = [];
let letters = localStorage.getItem(LETTERS_KEY) !== "off";

/** @returns removes it again. */
export function registerActs(acts: { current: Acts }): () => void {
  layers.push(acts);
  return () => {
    const index = layers.indexOf(acts);
    if (index >= 0) layers.splice(index, 1);
  };
}

export function singleLetterKeys(): boolean {
  return letters;
}

export function setSingleLetterKeys(on: boolean): void {
  letters = on;
  localStorage.setItem(LETTERS_KEY, on ? "on" : "off");
}

/** All commands as they stand now, in the catalogue's order. */
export function liveCommands(): LiveCommand[] {
  return COMMANDS.map((command: Command & { id: CommandId }) => {
    const act = findAct(command.id);
    const { unavailable, refuse } = act ?? {};
    return {
      id: command.id,
      title: command.title,
      group: command.group,
      keys: act?.keys ?? command.keys,
      local: command.local === true,
      run: act && unavailable === undefined ? act.run : null,
      unavailable: act ? (unavailable ?? null) : REACH_REASON[command.reach],
      refuse: refuse && unavailable !== undefined ? () => refuse(unavailable) : null,
      inUse: act?.inUse === true,
    };
  });
}

/** Runs what a command does here; nothing when nothing does. */
export function runCommand(id: CommandId): void {
  const act = findAct(id);
  if (act && act.unavailable === undefined) act.run();
}

function findAct(id: CommandId): Act | undefined {
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const act = layers[layer].current[id];
    if (act) return act;
  }
  return undefined;
}

/** Listens to the keys of the window. @returns stops. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (isSingleCharacter(event) && (!letters || isTextField(event.target))) return;
    const name = nameOfPress(event);
    // Esc in a field leaves the field first.
    if (name === "Escape" && isTextField(event.target)) return;
    const meant = liveCommands().filter((command) => !command.local && command.keys.includes(name));
    const act = meant.find(({ run }) => run)?.run ?? meant.find(({ refuse }) => refuse)?.refuse;
    if (!act) return;
    event.preventDefault();
    act();
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
