import type { Glyphs } from '../text/glyphs.ts'

/** Draws the share that is left as a bar of so many columns: full at the beginning, empty at the end. */
export function bar(left: number, whole: number, columns: number, glyphs: Glyphs): string {
  const share = whole > 0 ? Math.min(1, Math.max(0, left / whole)) : 0
  // Not empty before it is over, not full once it has begun to run.
  const filled = share > 0 ? Math.min(columns, Math.max(1, Math.ceil(share * columns))) : 0
  return glyphs.full.repeat(filled) + glyphs.empty.repeat(columns - filled)
}
