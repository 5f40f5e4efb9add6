import { expect, test, vi } from "vitest";
import type { SnapshotSummary } from "../../../shared/api/index.ts";

vi.stubGlobal("window", { location: { assign: vi.fn() } });
const { foundActs, snapshotActs } = await import("./snapshot-acts.ts");

/** What acts need of a summary. */
function snapshot(container: string, name: string, parent: string | null = null): SnapshotSummary {
  return { snapshot: `${container}-${name}`, container, name, parent } as unknown as SnapshotSummary;
}
const all = [snapshot("app", "t0"), snapshot("app", "t1", "app-t0"), snapshot("redis", "t0")];
const calls: string[] = [];
const actsOf = (of: SnapshotSummary) =>
  snapshotActs(of, {
    isMarked: of.snapshot === "app-t1",
    navigate: (path) => calls.push(path),
    mark: () => calls.push(`mark ${of.snapshot}`),
    ask: (what) => calls.push(`${what} ${of.snapshot}`),
  });
const titles = (text: string) => foundActs(all, text, actsOf).map(({ title }) => title);

test("whatever the menu of a bar has is found by its words and the snapshot's name", () => {
  for (const of of all)
    for (const act of actsOf(of)) {
      if (act.unavailable !== undefined || act.title.startsWith("Open")) continue;
      const [found, ...more] = foundActs(all, act.named, actsOf);
      expect(found.title).toBe(act.named);
      expect(more).toEqual([]);
    }
});

test.each([
  ["delete", ["Delete redis t0…", "Delete app t1…", "Delete app t0…"]],
  ["app t1 del", ["Delete app t1…"]],
  ["rename", ["Rename redis…", "Rename app…"]],
  ["mark app", ["Take the mark of app t1 away", "Mark app t0"]],
  // What cannot be done is not offered: t0 has no parent.
  ["parent", ["Compare app t1 with its parent"]],
  ["nothing of it", []],
])("%j finds %j", (text, expected) => expect(titles(text)).toEqual(expected));

test("running one does it to the snapshot that it names", () => {
  foundActs(all, "explain app t0", actsOf)[0].run();
  foundActs(all, "compare app t1", actsOf)[0].run();
  foundActs(all, "mark redis", actsOf)[0].run();
  expect(calls).toEqual(["explain app-t0", "/compare/app-t0/app-t1", "mark redis-t0"]);
});

test("of a thousand snapshots a few rows are offered", () => {
  const many = Array.from({ length: 1000 }, (_, n) => snapshot("app", `t${n}`));
  const found = foundActs(many, "delete", actsOf);
  expect(found.length).toBe(16);
  expect(found[0].title).toBe("Delete app t999…");
  expect(foundActs(many, "delete t17…", actsOf).map(({ title }) => title)).toEqual(["Delete app t17…"]);
});
