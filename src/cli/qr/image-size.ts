/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

const PNG_HEAD = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * Reads the size of a PNG or JPEG from its head, without unpacking it: a file of a few bytes can ask for gigabytes.
 * @returns nothing if it is neither
 */
export function imageSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (PNG_HEAD.every((byte, at) => bytes[at] === byte)) return pngSize(view)
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegSize(view) : undefined
}

/** The first chunk of a PNG is IHDR and begins with both sizes. */
function pngSize(view: DataView): ImageSize | undefined {
  if (view.byteLength < 24 || view.getUint32(12) !== 0x49484452) return undefined
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Walks the segments of a JPEG to its frame header (SOF0 to SOF15, without DHT, JPG and DAC). */
function jpegSize(view: DataView): ImageSize | undefined {
  let at = 2
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (isFrameHeader(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else at += 2 + (hasNoLength(marker) ? 0 : view.getUint16(at + 2))
  }
  return undefined
}

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function hasNoLength(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}
