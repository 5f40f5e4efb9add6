/** The members of a tar that a server sent. */
import { extract } from "tar-stream";

export async function filesOf(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reading = extract();
  reading.end(archive);
  for await (const entry of reading) {
    const pieces: Uint8Array[] = [];
    for await (const piece of entry) pieces.push(piece as Uint8Array);
    files.set(entry.header.name, Buffer.concat(pieces));
  }
  return files;
}
