/**
 * Who may import whom. The street runs one way (readers → … → store → tiles → viewer), a folder is entered by its face,
 * and each library is known in one place. Every rule's name is the sentence it enforces; its comment is the reason.
 * A rule that fails is obeyed or changed by a decision in docs/decisions, never switched off.
 */

/** Code that only tests load: it may look inside folders, and use what it likes. */
const tests = "\\.(test|testing|bench|e2e)\\.tsx?$";
const face = "/(index|contract)\\.tsx?$";
/** Folders without an index: tokens and base styles, each file a face. */
const flat = "^client/styles/[^/]+$";
const npm = (names) => `(^|/)node_modules/(${names})/`;
/** `server/<folder>/…`, by names. */
const server = (names) => `^server/(${names})/`;

module.exports = {
  forbidden: [
    // ---- the two sides and what they share
    {
      name: "shared imports only shared",
      comment:
        "Browser and server compute the same thing from it, so it knows neither: no I/O, no DOM, no Node.js. zod is the one library, where requests are described.",
      severity: "error",
      from: { path: "^shared/", pathNot: tests },
      to: { pathNot: ["^shared/", npm("zod")] },
    },
    {
      name: "in shared only api knows zod",
      comment: "Schemas stand at the borders; inside, types are trusted.",
      severity: "error",
      from: { path: "^shared/", pathNot: ["^shared/api/", tests] },
      to: { path: npm("zod") },
    },
    {
      name: "client does not import server",
      comment: "What both need lies in shared; everything else crosses as a request.",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^(server|bench|scripts)/" },
    },
    {
      name: "server does not import client",
      comment: "The core has faces; it does not know them.",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(client|bench|scripts)/" },
    },
    {
      name: "only tests import test code",
      comment: "What runs on an analyst's machine must not need what only tests install.",
      severity: "error",
      from: { path: "^(shared|server|client)/", pathNot: tests },
      to: { path: ["^test/", tests] },
    },

    // ---- folders have faces
    {
      name: "a folder is entered by its face",
      comment:
        "Other folders import a folder's index.ts (or contract.ts, its types alone), so that the inside can change without asking them.",
      severity: "error",
      from: { path: "^((?:shared|server|client)/[^/]+)/", pathNot: tests },
      to: { path: "^(shared|server|client)/[^/]+/.+\\.tsx?$", pathNot: ["^$1/", `^[^/]+/[^/]+${face}`, flat] },
    },
    {
      name: "a main file enters folders by their face",
      comment: "It wires; what it needs to know of a folder is what the folder shows.",
      severity: "error",
      from: { path: "^(client|server)/[^/]+\\.tsx?$", pathNot: tests },
      to: {
        path: "^(shared|server|client)/[^/]+/.+\\.tsx?$",
        // views/app.tsx is the frame of all screens, and so the face of views; api/jitless.ts must run before anything
        // that loads zod does, so that no code is made from text (the content security policy forbids it).
        pathNot: [`^[^/]+/[^/]+${face}`, flat, "^client/views/app\\.tsx$", "^client/api/jitless\\.ts$"],
      },
    },

    // ---- the one-way street of the server
    {
      name: "upload interprets nothing",
      comment: "Hostile bytes are stored before anything parses them.",
      severity: "error",
      from: { path: server("upload") },
      to: { path: "^server/", pathNot: server("upload") },
    },
    {
      name: "readers know no other stage",
      comment: "A reader turns bytes into facts and page runs; what becomes of them is not its business.",
      severity: "error",
      from: { path: server("readers"), pathNot: tests },
      to: { path: "^server/", pathNot: server("readers") },
    },
    {
      name: "hash, frames, relocation and summarise know no other stage",
      comment: "They are functions of bytes, run in workers or beside a store; beside those they need nothing.",
      severity: "error",
      from: { path: server("hash|frames|relocation|summarise"), pathNot: tests },
      to: { path: "^server/", pathNot: server("$1|threads") },
    },
    {
      name: "explain asks only known sets and the store",
      comment: "Provenance comes from the parent, the known sets and the store's look-up, and from nothing else.",
      severity: "error",
      from: { path: server("explain"), pathNot: tests },
      to: { path: "^server/", pathNot: server("explain|known-sets|store|hash") },
    },
    {
      name: "likeness asks only the store",
      comment: "It compares what is kept: pages and mappings. What becomes of alike pages is not its business.",
      severity: "error",
      from: { path: server("likeness"), pathNot: tests },
      to: { path: "^server/", pathNot: server("likeness|store") },
    },
    {
      name: "the store knows no stage",
      comment:
        "It keeps what it is given; who made it, and from what, must not show in it. Hashes and summaries are functions of page bytes, so it may compute them.",
      severity: "error",
      from: { path: server("store"), pathNot: tests },
      to: { path: "^server/", pathNot: server("store|frames|hash|summarise|threads") },
    },
    {
      name: "only jobs and the faces import ingest",
      comment:
        "It alone knows the order of the stages; a stage that knew it would know them all. Jobs run it beside requests.",
      severity: "error",
      from: { path: "^server/", pathNot: [server("ingest|jobs|http|cli"), "^server/main\\.ts$", tests] },
      to: { path: server("ingest") },
    },
    {
      name: "nobody imports a face",
      comment: "Browser, command line and HTTP are faces of one core and hold no rule of their own.",
      severity: "error",
      from: { path: "^server/", pathNot: [server("http|cli"), "^server/main\\.ts$", tests] },
      to: { path: server("http|cli") },
    },
    {
      name: "http does not import cli",
      comment: "The command line starts the server (`serve`); the other way round would be a circle.",
      severity: "error",
      from: { path: server("http") },
      to: { path: server("cli") },
    },

    // ---- one place per library
    {
      name: "only store knows there is SQLite",
      comment:
        "The catalog stands behind an interface, so that another database can take its place. An image's rpm database is an SQLite file too, which is a format to read (docs/decisions/0008).",
      severity: "error",
      from: { pathNot: [server("store"), "^server/known-sets/packages/rpm-sqlite\\.ts$", tests, "^test/"] },
      to: { path: "^(node:)?sqlite$" },
    },
    {
      name: "only tiles knows there is sharp",
      comment:
        "Pictures are scalars until the last step; the one place that makes PNG files of them is the one that may.",
      severity: "error",
      from: { pathNot: [server("tiles"), tests, "^test/"] },
      to: { path: npm("sharp") },
    },
    {
      name: "only charts, the viewer and the time axis know D3",
      comment:
        "D3 draws axes, legends and the ruler, and moves the camera. The library's time axis is the one view that is a chart itself; elsewhere React owns the document.",
      severity: "error",
      from: { path: "^client/", pathNot: ["^client/(charts|viewer)/", "^client/views/library/", tests] },
      to: { path: [npm("d3"), npm("d3-[a-z-]+")] },
    },
    {
      name: "gl and the viewer know no React",
      comment:
        "Pan and zoom run at the pace of the screen: the viewer is a plain object with one animation loop, and React reads it.",
      severity: "error",
      from: { path: "^client/(gl|viewer)/", pathNot: tests },
      to: { path: [npm("react|react-dom|wouter|@tanstack/[^/]+"), "^client/(views|controls|charts)/", "\\.tsx$"] },
    },
    {
      name: "gl does not know the viewer",
      comment: "It draws what it is given: textures, uniforms, palettes.",
      severity: "error",
      from: { path: "^client/gl/", pathNot: tests },
      to: { path: "^client/viewer/", pathNot: face },
    },
    {
      name: "what runs does not need what only tests install",
      comment: "`npm start` must work where development packages were left out.",
      severity: "error",
      from: { path: "^(shared|server|client)/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev"], pathNot: npm("@types/[^/]+") },
    },

    // ---- health
    {
      name: "imports run in no circle",
      comment:
        "In a circle nothing can be understood, tested or loaded first. (A type alone is gone before anything is loaded, so a stage may name the type of its caller's options.)",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "every file is reached from somewhere",
      comment:
        "A file nobody imports is forgotten, unless a program, a worker, a test or the type checker starts at it.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [tests, "\\.d\\.ts$", "(^|/)main\\.tsx?$", "(^|[/-])worker\\.ts$", "(^|/)tsconfig[^/]*\\.json$", face],
      },
      to: {},
    },
    {
      name: "every import leads somewhere",
      comment: "What cannot be resolved here cannot be loaded on another machine.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    // Types count: a type that crosses a border is as much a dependency as a value.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    // `?raw`, `?url`, `?worker` are the bundler's way of importing a file as something else.
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
    builtInModules: { add: ["node:sqlite", "sqlite"] },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
