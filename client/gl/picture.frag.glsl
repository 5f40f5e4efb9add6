#version 300 es
// One device pixel: plane point, place, cell, integers of the tile, colour from a table. The same steps, in the same
// order, as shade.ts; integers only, because a float is exact to 2^24 and a picture must be exact.
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
precision highp usampler2DArray;

uniform ivec2 uSize;
uniform ivec2 uOrigin;
uniform ivec2 uHatch;
uniform int uPixels;
uniform int uMarginY;
// 0 raster, 1 Hilbert, 2 Z-order.
uniform int uOrder;
// Square: columns, order, places. Raster: width, rows, places.
uniform ivec3 uLayout;
uniform int uRowsPerStrength;
// 0 categories: row a, column b. A scale is one row: 1 column a, 2 column b.
uniform int uScale;
uniform int uFaint;
uniform bool uVerdict;
uniform bool uProvenance;
uniform bool uFilterProvenance;
uniform bool uFilterWays;
uniform bool uLitPlaces;
uniform int uLitLeft;
uniform int uTilesAcross;
uniform vec3 uStage;
uniform vec3 uFailed;

// Two texels a place: view, filter. Each (slot + 1, shift | flags << 8, base, 0); flags 1 swap, 2 flip, 4 failed.
uniform usampler2D uPlaces;
// A texel a row: (place, offset, cells, 0).
uniform usampler2D uRows;
uniform usampler2DArray uTiles;
uniform sampler2D uPalette;
uniform sampler2D uPlaceColors;
// (a is lit, plane a of the filter is lit)
uniform usampler2D uLit;

out vec4 color;

const uint NOT_LOADED = 0u;
const uint IMAGE = 2u;
const uint EXCLUDED = 4u;
const uint MISSING = 5u;
const uint RECORDED = 6u;
const uint FILLED = 7u;
const uint LEFT_TO_FILE = 1u;

uvec4 listTexel(usampler2D list, int at) {
  return texelFetch(list, ivec2(at & 1023, at >> 10), 0);
}

// Plane 0 state, 1 a, 2 b; slots lie in layers of uTilesAcross^2 tiles, three layers a group.
uint tileTexel(uint slot, uint cell, int plane) {
  int perLayer = uTilesAcross * uTilesAcross;
  int group = int(slot) / perLayer;
  int within = int(slot) % perLayer;
  ivec2 corner = ivec2(within % uTilesAcross, within / uTilesAcross) * 256;
  return texelFetch(uTiles, ivec3(corner + ivec2(int(cell & 255u), int(cell >> 8)), group * 3 + plane), 0).r;
}

uint hilbertCell(int x, int y, int order, bool swapped, bool flipped) {
  uint index = 0u;
  for (int bit = order - 1; bit >= 0; bit--) {
    int right = (x >> bit) & 1;
    int down = (y >> bit) & 1;
    if (swapped) {
      int other = right;
      right = down;
      down = other;
    }
    if (flipped) {
      right = 1 - right;
      down = 1 - down;
    }
    int digit = down == 0 ? right : 3 - right;
    index = index * 4u + uint(digit);
    if (digit == 0) swapped = !swapped;
    else if (digit == 3) {
      swapped = !swapped;
      flipped = !flipped;
    }
  }
  return index;
}

// The bits of x and y in turn.
uint zOrderCell(int x, int y, int order) {
  uint index = 0u;
  for (int bit = order - 1; bit >= 0; bit--) index = index * 4u + uint((x >> bit) & 1) + 2u * uint((y >> bit) & 1);
  return index;
}

bool hatchMark(uint state, int x, int y) {
  if (state == NOT_LOADED) return (y & 3) == 0;
  if (state == IMAGE) return ((x + y) & 3) == 0;
  if (state == FILLED) return ((x + y) & 7) == 0;
  if (state == EXCLUDED) return (x & 3) == 0 && (y & 3) == 0;
  if (state == MISSING) return ((x + y) & 7) == 0 || ((x - y) & 7) == 0;
  return false;
}

vec3 dataColor(int strength, uint a, uint b) {
  int row = uScale == 0 ? min(int(a), uRowsPerStrength - 1) : 0;
  int column = uScale == 1 ? int(a) : int(b);
  return texelFetch(uPalette, ivec2(column, strength * uRowsPerStrength + row), 0).rgb;
}

vec3 colorOf(int at, uint cell, ivec2 hatch) {
  uvec4 view = listTexel(uPlaces, at * 2);
  uint flags = view.y >> 8;
  if ((flags & 4u) != 0u && (((hatch.x + hatch.y) & 31) < 2 || ((hatch.x - hatch.y) & 31) < 2)) return uFailed;
  if (view.x == 0u) return uStage;
  uint shift = view.y & 255u;
  if (shift > 0u && ((hatch.x - hatch.y) & 3) == 0) return uStage;
  uint slot = view.x - 1u;
  uint index = view.z + (cell >> shift);
  uint state = tileTexel(slot, index, 0);
  uint a = tileTexel(slot, index, 1);
  bool isRecorded = state == RECORDED;
  bool isFilled = state == FILLED;
  bool isMarked = uVerdict && a > 0u && !isRecorded;
  bool dim = isRecorded || isFilled || isMarked ? texelFetch(uLit, ivec2(int(a), 0), 0).r == 0u : !uLitPlaces;
  if (uFilterWays) {
    if (isRecorded || state == IMAGE || isFilled) {
      uvec4 other = listTexel(uPlaces, at * 2 + 1);
      if (other.x == 0u) dim = true;
      else {
        uint otherCell = other.z + (cell >> (other.y & 255u));
        bool isLit = texelFetch(uLit, ivec2(int(tileTexel(other.x - 1u, otherCell, 1)), 0), 0).g != 0u;
        dim = dim || !(isLit || (uint(uLitLeft) & tileTexel(other.x - 1u, otherCell, 2)) != 0u);
      }
    }
  } else if (uFilterProvenance) {
    if (isRecorded || state == IMAGE || isFilled) {
      uint code = a;
      uint leftTo = isFilled ? LEFT_TO_FILE : tileTexel(slot, index, 2);
      bool isHere = true;
      if (!uProvenance) {
        uvec4 other = listTexel(uPlaces, at * 2 + 1);
        isHere = other.x != 0u;
        uint otherCell = other.z + (cell >> (other.y & 255u));
        code = isHere ? tileTexel(other.x - 1u, otherCell, 1) : 0u;
        leftTo = isHere ? tileTexel(other.x - 1u, otherCell, 2) : 0u;
      }
      if (isRecorded) dim = dim || !isHere || texelFetch(uLit, ivec2(int(code), 0), 0).g == 0u;
      else dim = dim || (uint(uLitLeft) & leftTo) == 0u;
    }
  }
  int strength = uFaint * 2 + (dim ? 1 : 0);
  if (isRecorded || (isFilled && ((hatch.x + hatch.y) & 3) != 0)) return dataColor(strength, a, tileTexel(slot, index, 2));
  if (isMarked && ((hatch.x + hatch.y) & 3) < 2) return dataColor(strength & 1, a, 255u);
  int mark = hatchMark(state, hatch.x, hatch.y) ? 1 : 0;
  return texelFetch(uPlaceColors, ivec2(int(state), strength * 2 + mark), 0).rgb;
}

void main() {
  ivec2 device = ivec2(int(gl_FragCoord.x), uSize.y - 1 - int(gl_FragCoord.y));
  color = vec4(uStage, 1.0);
  if (device.y < uMarginY || device.y >= uSize.y - uMarginY) return;
  ivec2 at = device - uOrigin;
  if (at.x < 0 || at.y < 0) return;
  at /= uPixels;
  ivec2 hatch = device + uHatch;
  if (uOrder > 0) {
    ivec2 tile = at >> uLayout.y;
    int place = tile.y * uLayout.x + tile.x;
    if (tile.x >= uLayout.x || place >= uLayout.z) return;
    int side = (1 << uLayout.y) - 1;
    uint flags = listTexel(uPlaces, place * 2).y >> 8;
    uint cell = uOrder == 1
      ? hilbertCell(at.x & side, at.y & side, uLayout.y, (flags & 1u) != 0u, (flags & 2u) != 0u)
      : zOrderCell(at.x & side, at.y & side, uLayout.y);
    color.rgb = colorOf(place, cell, hatch);
  } else {
    if (at.y >= uLayout.y) return;
    uvec4 row = listTexel(uRows, at.y);
    if (uint(at.x) >= row.z) return;
    uint cell = row.y + uint(at.x);
    color.rgb = colorOf(int(row.x) + int(cell >> 16), cell & 65535u, hatch);
  }
}
