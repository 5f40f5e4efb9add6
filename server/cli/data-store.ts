/** The store of whoever runs the command. */
import { openStore, type Store } from "../store/index.ts";
import { dataDirectory } from "./command.ts";

export function openDataStore(): Store {
  return openStore(dataDirectory());
}
