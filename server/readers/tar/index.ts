/** Public face of `tar`: the members of an archive and where their bytes are. */
export { firstMembers } from "./first-members.ts";
export {
  indexRootTar,
  indexTar,
  type RootTar,
  requireWhole,
  TarIndex,
  type TarMember,
  type TarMemberKind,
  type TarTrouble,
} from "./tar-index.ts";
