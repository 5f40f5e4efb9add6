/** `dumpscope picture`: the whole snapshot as a PNG with its legend. */
import { writeFile } from "node:fs/promises";
import { CHANNELS, type Channel } from "../../../shared/channel/index.ts";
import { DumpError } from "../../../shared/errors/index.ts";
import { LAYOUTS } from "../../../shared/layout/index.ts";
import { PALETTES, type Palette, palettesOf } from "../../../shared/palette/index.ts";
import { STRIPS } from "../../../shared/strip/index.ts";
import { createFillings } from "../../filling/index.ts";
import { createKnownSets } from "../../known-sets/index.ts";
import { filledIn, filledLines, pictureOf } from "../../picture/index.ts";
import { asWriteError, type Command } from "../command.ts";
import { openDataStore } from "../data-store.ts";
import { bytes } from "../words.ts";

export const picture: Command = {
  name: "picture",
  usage:
    "SNAPSHOT --out FILE.png [--layout hilbert] [--channel class] [--palette safe] [--strip all] [--width 1024] [--filled]",
  summary: "the whole snapshot as a PNG with its legend",
  positionals: 1,
  options: {
    out: { value: "FILE.png", help: "where the picture goes" },
    layout: { value: LAYOUTS.join("|"), help: "hilbert without a choice" },
    channel: { value: CHANNELS.join("|"), help: "class without a choice" },
    palette: { value: PALETTES.join("|"), help: "one that the channel has; its own without a choice" },
    strip: { value: STRIPS.join("|"), help: "all without a choice" },
    width: { value: "1024", help: "pixels across, 64 to 8192" },
    filled: { help: "pages left to files with bytes of the dump's ghost files and known sets, hatched" },
  },
  async run(line, signal) {
    const reference = line.positional(0, "SNAPSHOT");
    const out = line.required("out");
    const layout = oneOf(LAYOUTS, line.text("layout") ?? "hilbert", "--layout");
    const channel = oneOf(CHANNELS, line.text("channel") ?? "class", "--channel");
    const palette = paletteOf(channel, line.text("palette"));
    const strip = oneOf(STRIPS, line.text("strip") ?? "all", "--strip");
    const width = line.whole("width", 64, 8192) ?? 1024;
    const store = openDataStore();
    try {
      const record = store.snapshot(reference);
      const known = createKnownSets(store);
      const filling = line.flag("filled") ? await createFillings(store, known).of(record) : undefined;
      const png = await pictureOf(store, known, record, { layout, channel, palette, strip, width, filling }, signal);
      await writeFile(out, png).catch((error: unknown) => {
        throw asWriteError(error, out);
      });
      const filled = filledIn(channel, filling?.counts) ?? null;
      line.print({ snapshot: record.id, out, layout, channel, palette, strip, width, filled, bytes: png.length }, [
        `${record.container}/${record.name} → ${out}, ${bytes(png.length)}`,
        ...filledLines(channel, filling?.counts),
      ]);
      return 0;
    } finally {
      store.close();
    }
  },
};

function paletteOf(channel: Channel, asked: string | undefined): Palette {
  const palettes = palettesOf(channel);
  return asked === undefined ? palettes[0] : oneOf(palettes, asked, `--palette of the channel ${channel}`);
}

function oneOf<T extends string>(choices: readonly T[], value: string, option: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new DumpError("usage", `${option} takes ${choices.join(", ")}, not ${value}`);
  return found;
}
