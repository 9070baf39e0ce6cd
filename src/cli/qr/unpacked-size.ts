import { Readable } from 'node:stream'
import { createInflate } from 'node:zlib'
import type { ImageSize } from './image-size.ts'
import { chunksOf } from './png-chunks.ts'

/** Red, green, blue and alpha of 16 bits each. */
const MAX_BYTES_A_PIXEL = 8

/** Passes over a JPEG: cameras and browsers make about ten, and a decoder walks the whole picture for each. */
const MAX_SCANS = 64

/** The marker of a pass. */
const START_OF_SCAN = Buffer.from([0xff, 0xda])

/** `too_much`: unpacking it costs more than a picture of its size may. `broken`: it can't be unpacked to its end. */
export type Packing = 'whole' | 'broken' | 'too_much'

/** Looks what there is to unpack, before a decoder does: it unpacks all there is, and makes all passes there are. */
export async function packingOf(bytes: Uint8Array, size: ImageSize): Promise<Packing> {
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[0] === 0xff) return scansOf(picture) > MAX_SCANS ? 'too_much' : 'whole'
  return await packingOfPng(picture, size)
}

function scansOf(jpeg: Buffer): number {
  let scans = 0
  for (let at = jpeg.indexOf(START_OF_SCAN); at >= 0; at = jpeg.indexOf(START_OF_SCAN, at + 2)) {
    scans += 1
    if (scans > MAX_SCANS) break
  }
  return scans
}

async function packingOfPng(png: Buffer, { width, height }: ImageSize): Promise<Packing> {
  // Each row begins with a byte for its filter; the passes of an interlaced picture have two rows for each of its own.
  const most = MAX_BYTES_A_PIXEL * width * height + 2 * height + 16
  const inflate = Readable.from(packedIn(png)).pipe(createInflate())
  let size = 0
  try {
    for await (const part of inflate) {
      size += part.length
      if (size > most) return 'too_much'
    }
    return 'whole'
  } catch {
    return 'broken'
  } finally {
    inflate.destroy()
  }
}

function* packedIn(png: Buffer): Generator<Buffer, undefined> {
  for (const { type, data } of chunksOf(png)) if (type === 'IDAT') yield data
  return undefined
}
