import type { ImageSize } from './image-size.ts'
import { chunksOf, type PngChunk } from './png-chunks.ts'

/** As many as the largest screens have (7,680 x 4,320): such pictures are made by programs, and not photographed. */
const MAX_TRANSPARENT_PIXELS = 34_000_000

const WHITE = 255
const BLACK = 0

/** Four opaque bytes a pixel: red, green, blue, 255. */
export interface OpaquePicture extends ImageSize {
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/**
 * Lays a PNG that may be transparent on white, then on black, on which light ink shows. The QR reader takes the
 * colour under the transparency for the ground, and this is mostly the colour of the ink.
 * @returns nothing if the picture is another one, is larger than `MAX_TRANSPARENT_PIXELS`, or can't be unpacked
 */
export async function opaquePicturesOf(
  bytes: Uint8Array,
  size: ImageSize,
): Promise<readonly (() => OpaquePicture)[] | undefined> {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks = [...chunksOf(png)]
  if (!mayBeTransparent(chunks) || size.width * size.height > MAX_TRANSPARENT_PIXELS)
    return undefined
  const { PNG } = await import('pngjs')
  try {
    const { data } = PNG.sync.read(png, { checkCRC: false })
    return [WHITE, BLACK].map((ground) => () => ({ ...size, data: laidOn(data, ground) }))
  } catch {
    return undefined
  }
}

/** Colour types 4 and 6 have an alpha channel; tRNS makes single colours of the others transparent. */
function mayBeTransparent([head, ...others]: readonly PngChunk[]): boolean {
  if (head?.type !== 'IHDR') return false
  return [4, 6].includes(head.data[9] ?? 0) || others.some(({ type }) => type === 'tRNS')
}

function laidOn(rgba: Uint8Array, ground: number): Uint8ClampedArray<ArrayBuffer> {
  const opaque = new Uint8ClampedArray(rgba.length)
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = (rgba[at + 3] ?? 0) / 255
    for (let color = at; color < at + 3; color++) {
      opaque[color] = (rgba[color] ?? 0) * alpha + ground * (1 - alpha)
    }
    opaque[at + 3] = 255
  }
  return opaque
}
