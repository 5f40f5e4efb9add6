/**
 * Every action of the application once: its title, its group, its keys, and where it works. The palette, the help and
 * the key handler read this table; screens only say what an action does (`useActs`).
 */

export type CommandGroup =
  | "Go"
  | "Layout"
  | "Channel"
  | "Picture"
  | "Comparison"
  | "Panels"
  | "Library"
  | "Application";

/** Said in the palette beside an action that nothing here can do. */
export type Reach = "anywhere" | "library" | "snapshot" | "comparison" | "picture";

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** As matched and printed: `Ctrl+K`, `Shift+F7`, `[`. */
  readonly keys: readonly string[];
  readonly reach: Reach;
  /** Listened to by the part that has the focus, not by the window: arrows mean something else in a list. */
  readonly local?: boolean;
}

export const REACH_REASON: Readonly<Record<Reach, string>> = {
  anywhere: "not here",
  library: "only in the library",
  snapshot: "only in a snapshot",
  comparison: "only in a comparison",
  picture: "only beside a picture",
};

function command<const Id extends string>(id: Id, title: string, group: CommandGroup, reach: Reach, ...keys: string[]) {
  return { id, title, group, keys, reach } as const;
}

function local<const Id extends string>(id: Id, title: string, group: CommandGroup, ...keys: string[]) {
  return { id, title, group, keys, reach: "picture", local: true } as const;
}

export const COMMANDS = [
  command("palette", "Search, go to, run…", "Go", "anywhere", "Ctrl+K"),
  command("address", "Go to an address…", "Go", "picture", "G", "Ctrl+G"),
  command("find", "Find text or bytes…", "Go", "picture", "/", "Ctrl+F"),
  command("next-hit", "Next hit", "Go", "picture", "N"),
  command("previous-hit", "Previous hit", "Go", "picture", "Shift+N"),
  command("clear-find", "Clear the search", "Go", "picture", "C"),
  command("library", "Open the library", "Go", "anywhere"),
  command("back", "Back", "Go", "anywhere", "Alt+ArrowLeft"),
  command("forward", "Forward", "Go", "anywhere", "Alt+ArrowRight"),
  command("next-residual", "Next residual page", "Go", "snapshot", "."),
  command("previous-residual", "Previous residual page", "Go", "snapshot", ","),
  command("next-entropy", "Next change of entropy", "Go", "snapshot", "E"),
  local("cell", "Move by a cell, or by a byte in the bytes", "Go", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"),
  local(
    "extend",
    "Select from the cursor on",
    "Go",
    "Shift+ArrowLeft",
    "Shift+ArrowRight",
    "Shift+ArrowUp",
    "Shift+ArrowDown",
  ),
  local(
    "extend-far",
    "Select on in the bytes: by a view, to the end of the row",
    "Go",
    "Shift+PageUp",
    "Shift+PageDown",
    "Shift+Home",
    "Shift+End",
  ),
  command("add-note", "Add a note at the cursor…", "Go", "snapshot", "T"),
  command("select-mapping", "Select the mapping", "Go", "picture", "S"),
  command("select-process", "Select the process", "Go", "snapshot", "Shift+S"),
  command("select-all", "Select everything", "Go", "picture"),
  local("row-ends", "Start and end of the row, in the bytes", "Go", "Home", "End"),
  local("page-by-page", "By what is in view, up and down", "Go", "PageUp", "PageDown"),
  local("mapping-start", "Start of the mapping", "Go", "Ctrl+Home"),
  local("mapping-end", "End of the mapping", "Go", "Ctrl+End"),
  command("drop-selection", "Close, then drop the selection", "Go", "anywhere", "Escape"),

  command("layout-hilbert", "Layout: Hilbert", "Layout", "picture", "H"),
  command("layout-z-order", "Layout: Z-order", "Layout", "picture", "Z"),
  command("layout-raster", "Layout: Raster", "Layout", "picture", "W"),
  command("layout-map", "Layout: Map", "Layout", "picture", "M"),
  command("narrower", "Row width: one byte less", "Layout", "picture", "["),
  command("wider", "Row width: one byte more", "Layout", "picture", "]"),
  command("much-narrower", "Row width: 16 bytes less", "Layout", "picture", "{"),
  command("much-wider", "Row width: 16 bytes more", "Layout", "picture", "}"),
  command("best-width", "Row width: take the best", "Layout", "picture", "="),

  command("channel-class", "Channel: Class", "Channel", "picture"),
  command("channel-value", "Channel: Value", "Channel", "picture"),
  command("channel-entropy", "Channel: Entropy", "Channel", "picture"),
  command("channel-provenance", "Channel: Provenance", "Channel", "snapshot"),
  command("channel-permissions", "Channel: Permissions", "Channel", "picture"),
  command("channel-kind", "Channel: Kind of mapping", "Channel", "picture"),
  command("channel-file", "Channel: Known file", "Channel", "picture"),
  command("channel-changes", "Channel: Change count", "Channel", "picture"),
  command("channel-first-seen", "Channel: First seen", "Channel", "picture"),
  command("channel-entropy-max", "Channel: Highest entropy", "Channel", "picture"),
  command("channel-zeros", "Channel: Zero share", "Channel", "picture"),
  command("channel-ascii", "Channel: ASCII share", "Channel", "picture"),
  command("channel-hits", "Channel: Hits", "Channel", "picture"),
  command("channel-verdict", "Channel: Verdict", "Channel", "comparison"),
  command("palette-safe", "Palette: Safe", "Channel", "picture"),
  command("palette-classic", "Palette: Classic (binvis.io)", "Channel", "picture"),
  command("palette-viridis", "Palette: Viridis", "Channel", "picture"),
  command("palette-magma", "Palette: Magma", "Channel", "picture"),
  command("palette-cividis", "Palette: Cividis", "Channel", "picture"),
  command("palette-grey", "Palette: Grey", "Channel", "picture"),

  command("zoom-in", "Zoom in", "Picture", "picture", "+"),
  command("zoom-out", "Zoom out", "Picture", "picture", "-", "−"),
  command("fit", "Fit", "Picture", "anywhere", "0"),
  command("fit-mapping", "Fit the mapping", "Picture", "picture"),
  command("residual-only", "Residual only: dim all other pages, and back", "Picture", "snapshot", "R"),
  command("strip-all", "Strip: all pages", "Picture", "picture"),
  command("strip-recorded", "Strip: recorded pages", "Picture", "picture"),
  command("strip-residual", "Strip: residual pages", "Picture", "picture"),
  command("filled", "Filled: show pages left to files with their bytes", "Picture", "snapshot", "Y"),
  command("borders", "Borders of mappings", "Picture", "picture", "B"),
  command("page-grid", "Page grid", "Picture", "picture", "#"),
  command("save-picture", "Open the picture as PNG", "Picture", "snapshot"),

  command("next-difference", "Next difference", "Comparison", "comparison", "F7"),
  command("previous-difference", "Previous difference", "Comparison", "comparison", "Shift+F7"),
  command("first-difference", "First difference", "Comparison", "comparison", "Alt+Home"),
  command("last-difference", "Last difference", "Comparison", "comparison", "Alt+End"),
  command("blink", "Blink", "Comparison", "comparison", "K"),
  command("swap", "Swap sides", "Comparison", "comparison", "X"),
  command("compare-parent", "Compare with the parent", "Comparison", "snapshot"),

  command("next-region", "Next region", "Panels", "anywhere", "F6"),
  command("previous-region", "Previous region", "Panels", "anywhere", "Shift+F6"),
  command("sidebar", "Sidebar", "Panels", "picture", "I"),
  command("values", "Values at the cursor", "Panels", "picture", "V"),
  command("tab-page", "Panel: Page", "Panels", "picture"),
  command("tab-mappings", "Panel: Mappings", "Panels", "snapshot"),
  command("tab-stripped", "Panel: Stripped", "Panels", "snapshot"),
  command("tab-selection", "Panel: Selection", "Panels", "picture"),
  command("tab-facts", "Panel: Facts", "Panels", "snapshot"),
  command("tab-find", "Panel: Find", "Panels", "picture"),
  command("tab-notes", "Panel: Notes", "Panels", "snapshot"),
  command("tab-changes", "Panel: Changes", "Panels", "comparison"),

  command("upload", "Upload dumps…", "Library", "library"),
  command("watch", "Watch a dump grow", "Library", "library", "A"),
  command("add-known", "Add a known set…", "Library", "library"),
  command("export-log", "Export the log", "Library", "library"),
  command("compare-marked", "Compare the marked snapshots", "Library", "library"),
  command("open-sample", "Open the sample", "Library", "library"),

  command("copy-link", "Copy a link to this view", "Application", "anywhere", "L"),
  command("export-dump", "Export the dump", "Application", "snapshot"),
  command("help", "Keys", "Application", "anywhere", "?"),
  command("theme-dark", "Theme: Dark", "Application", "anywhere"),
  command("theme-light", "Theme: Light", "Application", "anywhere"),
  command("theme-system", "Theme: As the system", "Application", "anywhere"),
  command("letters", "Single-letter keys", "Application", "anywhere"),
] as const satisfies readonly Command[];

export type CommandId = (typeof COMMANDS)[number]["id"];
