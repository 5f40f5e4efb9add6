/** Whose mapping it is, where a snapshot has several spaces. */
export function ownerOf(space: string): string {
  if (space.startsWith("p") && space !== "physical") return `process ${space.slice(1)}`;
  return space.startsWith("s") ? `segment ${space.slice(1)}` : space;
}
