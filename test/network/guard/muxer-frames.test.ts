import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MuxerFrames } from '../../../src/network/guard/muxer-frames.ts'
import { yamuxFrame } from '../../support/network/yamux-frame.ts'

const MOST = 1_000

const frame = fc.oneof(
  fc.nat(MOST).map((length) => yamuxFrame({ type: 0, stream: 1, data: Buffer.alloc(length, 1) })),
  fc.nat().map((length) => yamuxFrame({ type: 1, stream: 3, length })),
  fc.nat().map((length) => yamuxFrame({ type: 2, stream: 0, length })),
)

test('however frames are cut into pieces, so many are let through at a time and every byte once', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 5 }),
      (frames, cuts, most) => {
        const all = Buffer.concat(frames)
        let controls = 0
        const meter = new MuxerFrames(MOST, () => {
          controls += 1
        })
        let [begun, at, turn] = [0, 0, 0]
        while (at < all.length) {
          const piece = all.subarray(at, at + (cuts[turn % cuts.length] ?? 1))
          const read = meter.read(piece, most)
          expect(read.frames).toBeLessThanOrEqual(most)
          expect(read.length).toBeGreaterThan(0)
          if (read.length < piece.length) expect(read.frames).toBe(most)
          begun += read.frames
          at += read.length
          turn += 1
        }
        expect(begun).toBe(frames.length)
        expect(controls).toBe(frames.filter((each) => each.readUInt32BE(4) === 0).length)
      },
    ),
  )
})

test('a frame that announces more than may be is refused by its header', () => {
  const meter = new MuxerFrames(MOST, () => undefined)
  meter.read(yamuxFrame({ type: 0, stream: 1, length: MOST }), 1)
  meter.read(Buffer.alloc(MOST), 1)
  const header = yamuxFrame({ type: 0, stream: 1, length: MOST + 1 })
  expect(() => meter.read(header, 1)).toThrow(RangeError)
})
