/** `dumpscope inspect`: facts, processes and mappings of a snapshot; of a machine its kernel and its processors. */
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { createFillings } from "../../filling/index.ts";
import { snapshotContents } from "../../inspect/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import type { Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { fillingLines } from "../filling-lines.ts";
import { machineLines } from "../machine-lines.ts";
import { escapeControls, plural, table } from "../words.ts";

export const inspect: Command = {
  name: "inspect",
  usage: "SNAPSHOT",
  summary: "facts, processes and mappings",
  positionals: 1,
  options: {},
  async run(line) {
    const store = openDataStore();
    try {
      const record = store.snapshot(line.positional(0, "SNAPSHOT"));
      const known = createKnownSets(store);
      const detail = snapshotContents(store, known, record);
      const { counts: filling } = await createFillings(store, known).of(record);
      const leftToFile = record.pages.absent.file;
      const { facts } = detail;
      const processes = facts.processes.map(({ pid, ppid, comm, commandLine, executable, threads }) => ({
        pid,
        ppid,
        comm,
        commandLine,
        executable,
        threads,
      }));
      const mappings = detail.maps.map((mapping) => ({
        space: mapping.space,
        pid: mapping.pid,
        start: mapping.address,
        end: `0x${(BigInt(mapping.address) + BigInt(mapping.pages) * 4096n).toString(16)}`,
        permissions: mapping.permissions,
        kind: mapping.kind,
        path: mapping.path,
        offset: mapping.offset,
        pages: mapping.counts,
      }));
      const { processes: _, ...others } = facts;
      line.print(
        {
          snapshot: record.id,
          container: record.container,
          name: record.name,
          format: record.format,
          facts: others,
          image: detail.image,
          filling: { leftToFile, ...filling },
          processes,
          mappings,
        },
        [
          `${record.container}/${record.name} (${record.id}), ${record.format}`,
          ...Object.entries({
            engine: facts.engine,
            container: facts.containerName,
            "container id": facts.containerId,
            image: facts.imageName,
            "container created": facts.containerCreatedAt,
            dumped:
              facts.checkpointedAt.at === null
                ? "time not in the dump"
                : `${facts.checkpointedAt.at} (${facts.checkpointedAt.from})`,
            architecture: facts.architecture,
          }).map(([name, value]) => `${name.padEnd(18)} ${escapeControls(value ?? "not in the dump")}`),
          ...imageLine(detail.image),
          ...(leftToFile === 0 ? [] : [`${"left to files".padEnd(18)} ${plural(leftToFile, "page")}`]),
          ...fillingLines({ leftToFile, ...filling }),
          ...facts.notes.map((note) => `note: ${escapeControls(note)}`),
          "",
          ...(facts.machine === null ? [] : [...machineLines(facts.machine), ""]),
          ...tableOr(
            "no process in the dump",
            ["pid", "ppid", "comm", "executable", "command line"],
            processes.map((p) => [
              String(p.pid),
              String(p.ppid ?? "?"),
              p.comm ?? "?",
              p.executable ?? "?",
              p.commandLine ?? "?",
            ]),
          ),
          "",
          ...tableOr(
            record.mappings === null ? "the dump names no mappings" : "no mapping in the dump",
            ["space", "pid", "start", "end", "perm", "kind", "present", "zero", "parent", "absent", "path"],
            mappings.map((m) => [
              m.space,
              String(m.pid),
              m.start,
              m.end,
              m.permissions,
              m.kind,
              m.pages.present,
              m.pages.zero,
              m.pages.inParent,
              Object.values(m.pages.absent).reduce((a, b) => a + b, 0),
              m.path ?? "",
            ]),
          ),
        ],
      );
      return 0;
    } finally {
      store.close();
    }
  },
};

function imageLine(image: SnapshotDetail["image"]): string[] {
  if (!image) return [];
  const where =
    image.knownSet === null
      ? "its image is not here: add it (dumpscope known add IMAGE.tar --name NAME)"
      : `its image is the known set ${escapeControls(image.knownSet)}`;
  return [`${"image id".padEnd(18)} ${escapeControls(image.id)}; ${where}`];
}

function tableOr(empty: string, header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return rows.length === 0 ? [empty] : table(header, rows);
}
