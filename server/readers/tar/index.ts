/** Public face of `tar`: the members of an archive and where their bytes are. */
export { firstMembers } from "./first-members.ts";
export { indexTar, requireWhole, TarIndex, type TarMember, type TarMemberKind, type TarTrouble } from "./tar-index.ts";
