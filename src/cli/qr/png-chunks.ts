/** One chunk of a PNG. */
export interface PngChunk {
  readonly type: string
  readonly data: Buffer
}

/** Walks a PNG's chunks. Of what is no PNG or is cut off, it gives none or the whole ones. */
export function* chunksOf(png: Buffer): Generator<PngChunk, undefined> {
  let at = 8
  while (at + 12 <= png.length) {
    const end = at + 8 + png.readUInt32BE(at)
    if (end + 4 > png.length) return undefined
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, end) }
    at = end + 4
  }
  return undefined
}
