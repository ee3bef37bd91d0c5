/** Pictures of the page need few colours: which, and which of them stands for another. Colours are 0xRRGGBB. */

/** The colours met most often, in steps of four so that shades of one letter do not crowd the others out. */
export function paletteOf(pictures, most) {
  const met = new Map();
  for (const pixels of pictures) for (const colour of pixels) met.set(colour, (met.get(colour) ?? 0) + 1);
  const byUse = [...met].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const chosen = byUse.slice(0, most / 4);
  const coarse = new Set(chosen.map((colour) => colour & 0xf0f0f0));
  for (const colour of byUse) {
    if (chosen.length === most) break;
    if (coarse.has(colour & 0xf0f0f0)) continue;
    coarse.add(colour & 0xf0f0f0);
    chosen.push(colour);
  }
  for (const colour of byUse) {
    if (chosen.length === most) break;
    if (!chosen.includes(colour)) chosen.push(colour);
  }
  return chosen;
}

/** Finds the place in the palette of the colour that is nearest to one. */
export function nearest(palette) {
  const known = new Map();
  return (colour) => {
    const found = known.get(colour);
    if (found !== undefined) return found;
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    palette.forEach((other, n) => {
      const away = [16, 8, 0].reduce((sum, at) => sum + (((colour >> at) & 0xff) - ((other >> at) & 0xff)) ** 2, 0);
      if (away < least) [best, least] = [n, away];
    });
    known.set(colour, best);
    return best;
  };
}
