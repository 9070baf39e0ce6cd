import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MplexFrames } from '../../../src/network/guard/mplex-frames.ts'

const MOST = 1_000

function varint(number: number): number[] {
  const bytes: number[] = []
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) | 0x80)
  }
}

function message(stream: number, type: number, data: Uint8Array): Buffer {
  return Buffer.from([...varint(stream * 8 + type), ...varint(data.length), ...data])
}

const anyMessage = fc
  .tuple(fc.nat(2 ** 31 - 1), fc.nat(6), fc.nat(MOST))
  .map(([stream, type, length]) => {
    const isData = type === 1 || type === 2
    return message(stream, type, Buffer.alloc(isData ? length : length % 128, 1))
  })

test('however messages are cut into pieces, so many are let through at a time and every byte once', () => {
  fc.assert(
    fc.property(
      fc.array(anyMessage, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 5 }),
      (messages, cuts, most) => {
        const all = Buffer.concat(messages)
        const reader = new MplexFrames(MOST)
        let [begun, at, turn] = [0, 0, 0]
        while (at < all.length) {
          const piece = all.subarray(at, at + (cuts[turn % cuts.length] ?? 1))
          const read = reader.read(piece, most)
          expect(read.frames).toBeLessThanOrEqual(most)
          expect(read.length).toBeGreaterThan(0)
          if (read.length < piece.length) expect(read.frames).toBe(most)
          begun += read.frames
          at += read.length
          turn += 1
        }
        expect(begun).toBe(messages.length)
      },
    ),
  )
})

test.each([
  ['of a type that there is not', [7]],
  ['whose stream has a longer number than any', [0x82, 0x80, 0x80, 0x80, 0x80]],
  ['whose length is longer than any', [2, 0x80, 0x80, 0x80]],
  ['with one byte more than data may have', [2, ...varint(MOST + 1)]],
  ['with one byte more than a name may have', [0, ...varint(129)]],
])('a message %s is refused by its header', (_, bytes) => {
  expect(() => new MplexFrames(MOST).read(Uint8Array.from(bytes), 1)).toThrow(RangeError)
})
