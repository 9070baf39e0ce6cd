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

/** How a transparent PNG of the tests stores its picture. */
export interface TransparentKind {
  /** The grey of the ink and of all that is under the transparency. */
  readonly ink: number
  /** In a palette of two colours, of which tRNS makes one transparent; otherwise with an alpha channel. */
  readonly palette?: boolean
  /** In the seven passes of Adam7. */
  readonly interlaced?: boolean
}

/** A PNG in which what is dark is ink of one colour, and what is light is transparent. */
export function transparentPngOf(picture: Picture, kind: TransparentKind): Buffer {
  const { width, height } = picture
  const { ink, palette = false, interlaced = false } = kind
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1] as const]
  const pixel = (gray: number) =>
    palette ? [gray < 128 ? 0 : 1] : [ink, ink, ink, gray < 128 ? 255 : 0]
  return Buffer.concat([
    HEAD,
    chunk('IHDR', headerOf(width, height, { color: palette ? 3 : 6, interlaced })),
    ...(palette
      ? [
          chunk('PLTE', Buffer.from([ink, ink, ink, ink, ink, ink])),
          chunk('tRNS', Buffer.from([255, 0])),
        ]
      : []),
    chunk('IDAT', deflateSync(Buffer.from(passes.flatMap((pass) => rowsOf(picture, pass, pixel))))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** First column and row, and the steps from there, of each pass. */
type Pass = readonly [x: number, y: number, dx: number, dy: number]
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

function rowsOf(
  { width, height, gray }: Picture,
  [left, top, dx, dy]: Pass,
  pixel: (gray: number) => readonly number[],
): number[] {
  const bytes: number[] = []
  for (let y = top; y < height; y += dy) {
    bytes.push(0)
    for (let x = left; x < width; x += dx) bytes.push(...pixel(gray[y * width + x] ?? 0))
  }
  return bytes
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

function headerOf(
  width: number,
  height: number,
  {
    color = 0,
    interlaced = false,
  }: { readonly color?: number; readonly interlaced?: boolean } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  header.writeUInt8(color, 9)
  header.writeUInt8(interlaced ? 1 : 0, 12)
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
