import { expect, test, vi } from "vitest";
import { COMMANDS } from "./catalogue.ts";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
const { liveCommands, registerActs } = await import("./registry.ts");

test("every command is listed with its keys wherever one is, and one that cannot be run says why", () => {
  const release = registerActs({
    current: { help: { run: () => {} }, "next-difference": { run: () => {}, unavailable: "there is no difference" } },
  });
  const live = liveCommands();
  expect(live.map(({ id, title, keys }) => [id, title, keys])).toEqual(
    COMMANDS.map(({ id, title, keys }) => [id, title, keys]),
  );
  for (const command of live) {
    expect(command.title).not.toBe("");
    expect(command.run === null).toBe(command.unavailable !== null);
    expect(command.unavailable).not.toBe("");
  }
  const reasonOf = (id: string) => live.find((command) => command.id === id)?.unavailable;
  expect([reasonOf("help"), reasonOf("next-difference"), reasonOf("upload")]).toEqual([
    null,
    "there is no difference",
    "only in the library",
  ]);
  release();
  expect(liveCommands().find(({ id }) => id === "help")?.unavailable).toBe("not here");
});
