import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { packingOf } from '../../../src/cli/qr/unpacked-size.ts'

const SIZE = { width: 10, height: 10 }

/** Eight bytes a pixel, and two a row, and some. */
const MOST = 8 * 100 + 20 + 16

/** A PNG of these bytes in `parts` chunks; nobody looks at sums here. */
function png(bytes: number, parts = 1): Buffer {
  const packed = deflateSync(Buffer.alloc(bytes))
  const size = Math.ceil(packed.length / parts)
  const chunks = [...Array(parts).keys()].map((part) => {
    const data = packed.subarray(part * size, (part + 1) * size)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(data.length)
    head.write('IDAT', 4)
    return Buffer.concat([head, data, Buffer.alloc(4)])
  })
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

test('a picture that unpacks to more than its pixels need is not given to a decoder', async () => {
  expect(await packingOf(png(MOST), SIZE)).toBe('whole')
  expect(await packingOf(png(MOST, 3), SIZE)).toBe('whole')
  expect(await packingOf(png(MOST + 1), SIZE)).toBe('too_much')
  expect(await packingOf(png(MOST + 1, 3), SIZE)).toBe('too_much')
  expect(await packingOf(png(MOST).subarray(0, -8), SIZE)).toBe('broken')
})

test('a picture with more passes than any camera makes is not given to a decoder', async () => {
  const jpeg = (scans: number) =>
    Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      ...Array(scans).fill(Buffer.from([0xff, 0xda, 0, 2])),
    ])
  expect(await packingOf(jpeg(64), SIZE)).toBe('whole')
  expect(await packingOf(jpeg(65), SIZE)).toBe('too_much')
})
