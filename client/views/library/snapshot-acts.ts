/** What can be done to one snapshot: the menu of its bar, and rows of the palette that name it. */
import type { SnapshotSummary } from "../../../shared/api/index.ts";
import { urlOf } from "../../api/index.ts";
import type { MenuItem } from "../../controls/index.ts";
import type { Found } from "../palette/finders.ts";

export interface SnapshotAct extends MenuItem {
  /** With the snapshot's name, for where no bar says which one is meant. */
  readonly named: string;
}

export interface SnapshotActParts {
  readonly isMarked: boolean;
  readonly navigate: (path: string) => void;
  readonly mark: () => void;
  readonly ask: (what: "rename" | "explain" | "baseline" | "delete") => void;
}

export function snapshotActs(of: SnapshotSummary, { isMarked, navigate, mark, ask }: SnapshotActParts): SnapshotAct[] {
  const { snapshot, container, name, parent } = of;
  const whole = `${container} ${name}`;
  return [
    { title: `Open ${name}`, named: `Open ${whole}`, run: () => navigate(`/s/${snapshot}`) },
    {
      title: "Compare with its parent",
      named: `Compare ${whole} with its parent`,
      run: () => navigate(`/compare/${parent}/${snapshot}`),
      ...(parent === null ? { unavailable: "It is explained against no other snapshot." } : {}),
    },
    {
      title: isMarked ? "Take the mark away" : "Mark",
      named: isMarked ? `Take the mark of ${whole} away` : `Mark ${whole}`,
      run: mark,
    },
    { title: `Rename ${container}…`, named: `Rename ${container}…`, run: () => ask("rename") },
    { title: `Explain ${name} against…`, named: `Explain ${whole} against…`, run: () => ask("explain") },
    { title: `Make ${name} a baseline…`, named: `Make ${whole} a baseline…`, run: () => ask("baseline") },
    {
      title: "Export the dump",
      named: `Export the dump of ${whole}`,
      run: () => window.location.assign(urlOf("export", { parameters: { snapshot } })),
    },
    { title: "Delete…", named: `Delete ${whole}…`, danger: true, run: () => ask("delete") },
  ];
}

/** Rows; who looks for one of a thousand names it. */
const MOST_ROWS = 16;

/** Acts whose title has every word that was typed, of the newest snapshots first; of a container one rename. */
export function foundActs(
  snapshots: readonly SnapshotSummary[],
  text: string,
  actsOf: (snapshot: SnapshotSummary) => readonly SnapshotAct[],
): Found[] {
  const words = text.toLowerCase().split(/\s+/);
  const titles = new Set<string>();
  const found: Found[] = [];
  for (const snapshot of snapshots.toReversed()) {
    for (const act of actsOf(snapshot)) {
      const title = act.named.toLowerCase();
      // The palette opens snapshots by their names already.
      if (title.startsWith("open ") || act.unavailable !== undefined || titles.has(title)) continue;
      if (!words.every((word) => title.includes(word))) continue;
      if (found.length === MOST_ROWS) return found;
      titles.add(title);
      found.push({ group: "Acts on a snapshot", key: title, title: act.named, detail: "", run: act.run });
    }
  }
  return found;
}
