import { expect, test } from "vitest";
import { COMMANDS } from "./catalogue.ts";
import { isSingleCharacter, nameOfPress, printKey } from "./key-match.ts";

const none = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };

test.each([
  [{ ...none, key: "k", ctrlKey: true }, "Ctrl+K"],
  [{ ...none, key: "k", metaKey: true }, "Ctrl+K"],
  [{ ...none, key: "r" }, "R"],
  [{ ...none, key: "R", shiftKey: true }, "Shift+R"],
  [{ ...none, key: "?", shiftKey: true }, "?"],
  [{ ...none, key: "{", shiftKey: true }, "{"],
  [{ ...none, key: "F7", shiftKey: true }, "Shift+F7"],
  [{ ...none, key: "ArrowLeft", altKey: true }, "Alt+ArrowLeft"],
])("%o is %s", (press, name) => expect(nameOfPress(press)).toBe(name));

test("characters with Ctrl or Alt are not single", () => {
  expect(isSingleCharacter({ ...none, key: "g" })).toBe(true);
  expect(isSingleCharacter({ ...none, key: "g", ctrlKey: true })).toBe(false);
  expect(isSingleCharacter({ ...none, key: "F7" })).toBe(false);
});

test("keys are printed as on their caps", () => {
  expect(printKey("Ctrl+K")).toBe("Ctrl K");
  expect(printKey("Alt+ArrowLeft")).toBe("Alt ←");
  expect(printKey("+")).toBe("+");
  expect(printKey("Shift+PageUp")).toBe("Shift PgUp");
});

test("no key does two things", () => {
  const keys = COMMANDS.flatMap((command) => command.keys as readonly string[]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("no id stands twice", () => {
  const ids = COMMANDS.map((command) => command.id);
  expect(new Set(ids).size).toBe(ids.length);
});
