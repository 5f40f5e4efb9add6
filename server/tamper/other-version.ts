/** Whether the file that is mapped is the one that the known set has, by the build-id in the file's first page. */
import type { Finding } from "../../shared/api/index.ts";
import { createBuildIdFinder } from "../known-sets/index.ts";
import type { PageToJudge } from "./judge-page.ts";
import { foundOf, type JudgedProcess } from "./process.ts";
import { byHandWords, nameOf } from "./words.ts";

/**
 * @param isOwn whether the set is the container's image: then a file of another version came after it
 * @returns `undefined` where the build-ids are the same, or one of them is not known
 */
export function otherVersion(page: PageToJudge, process: JudgedProcess, isOwn: boolean): Finding | undefined {
  const { set, path, offset } = page;
  const expected = set?.about(path)?.buildId;
  if (offset !== 0 || !set || typeof expected !== "string") return undefined;
  const finder = createBuildIdFinder();
  finder.push(page.content());
  const found = finder.finish();
  if (found === null || found === expected) return undefined;
  return {
    ...foundOf(page, process),
    kind: "other-version",
    severity: isOwn ? "alarm" : "note",
    text:
      `${path} of ${nameOf(process)} is not the file that ${set.record.name} has: its build-id is ${found}, not ${expected}. ` +
      `Its pages are not compared. ${
        isOwn
          ? "The image has another one, so it was replaced: find out by whom."
          : "Add the image or the file itself as a known set."
      }${byHandWords(set)}`,
    evidence: { path, set: set.record.name, expected, found },
  };
}
