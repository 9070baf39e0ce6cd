import { crc32, deflateSync } from 'node:zlib'
import type { Picture } from './screen.ts'

const HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A grey PNG of 8 bits, by the specification and nobody's encoder. */
export function pngOf({ width, height, gray }: Picture): Buffer {
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    rows.set(gray.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  }
  return Buffer.concat([
    HEAD,
    chunk('IHDR', headerOf(width, height)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Only the head of a PNG that claims this size. */
export function pngHeadOf(width: number, height: number): Buffer {
  return Buffer.concat([HEAD, chunk('IHDR', headerOf(width, height))])
}

/** Two pictures of the same height, side by side. */
export function besides(left: Picture, right: Picture): Picture {
  const width = left.width + right.width
  const gray = new Uint8Array(width * left.height)
  for (let y = 0; y < left.height; y++) {
    gray.set(left.gray.subarray(y * left.width, (y + 1) * left.width), y * width)
    gray.set(right.gray.subarray(y * right.width, (y + 1) * right.width), y * width + left.width)
  }
  return { width, height: left.height, gray }
}

function headerOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  return header
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
