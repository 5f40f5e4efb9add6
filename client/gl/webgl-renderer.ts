/**
 * Draws a picture in one pass. The CPU sends three small lists a frame (places, rows, lit codes) and the tiles that
 * are new; palettes are uploaded when channel, palette, theme or level change. Nothing here survives a lost context: the viewer
 * makes a new renderer when the context comes back.
 */
import type { Curve } from "../../shared/layout/index.ts";
import { FAILED_MARK, type PaletteTable, paletteTable, placeTable, STAGE } from "../../shared/palette/index.ts";
import type { Tile } from "../../shared/tile/index.ts";
import fragmentSource from "./picture.frag.glsl?raw";
import vertexSource from "./picture.vert.glsl?raw";
import type { PictureFrame, Renderer, TileView } from "./picture-frame.ts";
import { turnCode } from "./tile-cells.ts";
import { createTileTexture } from "./tile-texture.ts";

/** Width of the textures that hold lists; the shader splits an index by it. */
const LIST_WIDTH = 1024;

/** What `uOrder` says. */
const RASTER_CODE = 0;
const ORDER_CODES: Readonly<Record<Curve, number>> = { hilbert: 1, "z-order": 2 };

const UNIFORMS = [
  "uSize",
  "uOrigin",
  "uHatch",
  "uPixels",
  "uMarginY",
  "uOrder",
  "uLayout",
  "uRowsPerStrength",
  "uScale",
  "uFaint",
  "uVerdict",
  "uProvenance",
  "uFilterProvenance",
  "uFilterWays",
  "uLitPlaces",
  "uLitLeft",
  "uTilesAcross",
  "uStage",
  "uFailed",
  "uPlaces",
  "uRows",
  "uTiles",
  "uPalette",
  "uPlaceColors",
  "uLit",
] as const;
const SAMPLERS = ["uPlaces", "uRows", "uTiles", "uPalette", "uPlaceColors", "uLit"] as const;

export interface WebglRenderer extends Renderer {
  readonly uploads: number;
  readonly textureBytes: number;
}

/** @returns `undefined` where WebGL2 is missing. */
export function createWebglRenderer(canvas: HTMLCanvasElement): WebglRenderer | undefined {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false });
  if (!gl) return undefined;
  const program = link(gl);
  const at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Record<
    (typeof UNIFORMS)[number],
    WebGLUniformLocation | null
  >;
  const vertexArray = gl.createVertexArray();
  const tiles = createTileTexture(gl);
  const textures = Array.from({ length: 5 }, () => nearestTexture(gl));
  const [places, rows, palette, placeColors, lit] = textures;
  let paletteKey = "";
  let table: PaletteTable | undefined;

  // biome-ignore lint/correctness/useHookAtTopLevel: a WebGL call, not a React hook
  gl.useProgram(program);
  SAMPLERS.forEach((name, n) => {
    gl.uniform1i(at[name], n);
  });

  function refreshPalette({ channel, palette: chosen, theme, level }: PictureFrame): PaletteTable {
    const key = `${channel} ${chosen} ${theme} ${level === 0}`;
    if (table && key === paletteKey) return table;
    paletteKey = key;
    table = paletteTable(channel, theme, level, chosen);
    gl!.bindTexture(gl!.TEXTURE_2D, palette);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA8, 256, table.height, 0, gl!.RGBA, gl!.UNSIGNED_BYTE, table.data);
    const colors = placeTable(theme);
    gl!.bindTexture(gl!.TEXTURE_2D, placeColors);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA8, 8, colors.length / 32, 0, gl!.RGBA, gl!.UNSIGNED_BYTE, colors);
    return table;
  }

  function uploadPlaces(frame: PictureFrame): void {
    const needed = new Set<Tile>();
    for (const place of frame.places) {
      if (place.view) needed.add(place.view.tile);
      if (place.filter) needed.add(place.filter.tile);
    }
    const slots = tiles.slotsOf([...needed]);
    const list = new Uint16Array(listLength(frame.places.length * 2) * 4);
    const write = (n: number, view: TileView | null, flags: number) => {
      const slot = view ? slots.get(view.tile) : undefined;
      list[n * 4] = slot === undefined ? 0 : slot + 1;
      list[n * 4 + 1] = (view?.shift ?? 0) | (flags << 8);
      list[n * 4 + 2] = view?.base ?? 0;
    };
    frame.places.forEach((place, n) => {
      write(n * 2, place.view, turnCode(place.turn) | (place.failed ? 4 : 0));
      write(n * 2 + 1, place.filter, 0);
    });
    gl!.bindTexture(gl!.TEXTURE_2D, places);
    gl!.texImage2D(
      gl!.TEXTURE_2D,
      0,
      gl!.RGBA16UI,
      LIST_WIDTH,
      list.length / 4 / LIST_WIDTH,
      0,
      gl!.RGBA_INTEGER,
      gl!.UNSIGNED_SHORT,
      list,
    );
  }

  function uploadRows(frame: PictureFrame): void {
    const views = frame.layout.kind === "raster" ? frame.layout.rows : [];
    const list = new Uint32Array(listLength(views.length) * 4);
    views.forEach((row, n) => {
      list.set([row.place, row.offset, row.cells], n * 4);
    });
    gl!.bindTexture(gl!.TEXTURE_2D, rows);
    gl!.texImage2D(
      gl!.TEXTURE_2D,
      0,
      gl!.RGBA32UI,
      LIST_WIDTH,
      list.length / 4 / LIST_WIDTH,
      0,
      gl!.RGBA_INTEGER,
      gl!.UNSIGNED_INT,
      list,
    );
  }

  function uploadLit(frame: PictureFrame): void {
    const list = new Uint8Array(512);
    for (let code = 0; code < 256; code++) {
      list[code * 2] = frame.lit[code];
      list[code * 2 + 1] = frame.litFilter?.[code] ?? 1;
    }
    gl!.bindTexture(gl!.TEXTURE_2D, lit);
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RG8UI, 256, 1, 0, gl!.RG_INTEGER, gl!.UNSIGNED_BYTE, list);
  }

  return {
    kind: "webgl2",
    get uploads() {
      return tiles.uploads;
    },
    get textureBytes() {
      return tiles.byteLength;
    },
    draw(frame) {
      if (gl.isContextLost() || frame.width === 0 || frame.height === 0) return;
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      const colors = refreshPalette(frame);
      uploadPlaces(frame);
      uploadRows(frame);
      uploadLit(frame);

      gl.viewport(0, 0, frame.width, frame.height);
      // biome-ignore lint/correctness/useHookAtTopLevel: a WebGL call, not a React hook
      gl.useProgram(program);
      gl.bindVertexArray(vertexArray);
      const { layout } = frame;
      gl.uniform2i(at.uSize, frame.width, frame.height);
      gl.uniform2i(at.uOrigin, frame.originX, frame.originY);
      gl.uniform2i(at.uHatch, frame.hatchX, frame.hatchY);
      gl.uniform1i(at.uPixels, frame.pixels);
      gl.uniform1i(at.uMarginY, frame.marginY);
      gl.uniform1i(at.uOrder, layout.kind === "square" ? ORDER_CODES[layout.curve] : RASTER_CODE);
      if (layout.kind === "square") gl.uniform3i(at.uLayout, layout.columns, layout.order, frame.places.length);
      else gl.uniform3i(at.uLayout, layout.width, layout.rows.length, frame.places.length);
      gl.uniform1i(at.uRowsPerStrength, colors.rows);
      gl.uniform1i(at.uScale, colors.scale === null ? 0 : colors.scale === "a" ? 1 : 2);
      gl.uniform1i(at.uFaint, frame.faint ? 1 : 0);
      gl.uniform1i(at.uVerdict, frame.channel === "verdict" ? 1 : 0);
      gl.uniform1i(at.uProvenance, frame.channel === "provenance" ? 1 : 0);
      gl.uniform1i(at.uFilterProvenance, frame.litFilter && !frame.isFilterOfWays ? 1 : 0);
      gl.uniform1i(at.uFilterWays, frame.isFilterOfWays ? 1 : 0);
      gl.uniform1i(at.uLitPlaces, frame.litPlaces ? 1 : 0);
      gl.uniform1i(at.uLitLeft, frame.litLeft);
      gl.uniform1i(at.uTilesAcross, tiles.tilesAcross);
      gl.uniform3fv(
        at.uStage,
        STAGE[frame.theme].map((byte) => byte / 255),
      );
      gl.uniform3fv(
        at.uFailed,
        FAILED_MARK[frame.theme].map((byte) => byte / 255),
      );
      [places, rows, tiles.texture, palette, placeColors, lit].forEach((texture, n) => {
        gl.activeTexture(gl.TEXTURE0 + n);
        gl.bindTexture(texture === tiles.texture ? gl.TEXTURE_2D_ARRAY : gl.TEXTURE_2D, texture);
      });
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      gl.activeTexture(gl.TEXTURE0 + SAMPLERS.length);
    },
    dispose() {
      tiles.dispose();
      for (const texture of textures) gl.deleteTexture(texture);
      gl.deleteVertexArray(vertexArray);
      gl.deleteProgram(program);
    },
  };
}

/** Texels of a list of `count` entries, filled up to whole rows of the texture. */
function listLength(count: number): number {
  return Math.max(1, Math.ceil(count / LIST_WIDTH)) * LIST_WIDTH;
}

function nearestTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertexSource],
    [gl.FRAGMENT_SHADER, fragmentSource],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
      throw new Error(`The picture's shader does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`The picture's shaders do not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}
