import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameProblem } from '../../../src/protocol/errors.ts'
import { FrameError } from '../../../src/protocol/errors.ts'
import { FrameDecoder } from '../../../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import {
  MAX_FRAME_BYTES,
  MAX_FRAMES,
  MAX_STREAM_BYTES,
} from '../../../src/protocol/frame/frame-limits.ts'
import { chunksOf } from '../../support/protocol/arbitraries.ts'

interface Outcome {
  readonly frames: readonly Uint8Array[]
  readonly problem: FrameProblem | undefined
}

function decodeAll(chunks: readonly Uint8Array[]): Outcome {
  const decoder = new FrameDecoder()
  const frames: Uint8Array[] = []
  try {
    for (const chunk of chunks) frames.push(...decoder.push(chunk))
    decoder.end()
    return { frames, problem: undefined }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error
    return { frames: [...frames, ...error.frames], problem: error.problem }
  }
}

function problemOf(...bytes: number[]): FrameProblem | undefined {
  return decodeAll([Uint8Array.from(bytes)]).problem
}

const payload = fc.uint8Array({ minLength: 1, maxLength: 300 })
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 100 })

describe('frames', () => {
  it.each([1, 127, 128, 16_383, 16_384, MAX_FRAME_BYTES])('of %i bytes come back', (size) => {
    const bytes = new Uint8Array(size).fill(7)
    expect(decodeAll([encodeFrame(bytes)])).toEqual({ frames: [bytes], problem: undefined })
  })

  it('have the shortest prefix there is', () => {
    const prefixes = [1, 127, 128, 16_383, 16_384, 65_536].map((size) =>
      Buffer.from(encodeFrame(new Uint8Array(size)).slice(0, -size)).toString('hex'),
    )
    expect(prefixes).toEqual(['01', '7f', '8001', 'ff7f', '808001', '808004'])
  })

  it('come back however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: MAX_FRAMES }), sizes, (payloads, cuts) => {
        const bytes = Buffer.concat(payloads.map(encodeFrame))
        expect(decodeAll(chunksOf(bytes, cuts))).toEqual({ frames: payloads, problem: undefined })
      }),
    )
  })

  it('come back byte by byte, at full size', () => {
    const bytes = encodeFrame(new Uint8Array(MAX_FRAME_BYTES).map((_, index) => index))
    const decoder = new FrameDecoder()
    const frames = Array.from(bytes, (_, at) => decoder.push(bytes.subarray(at, at + 1))).flat()
    expect(frames).toHaveLength(1)
    expect(frames[0]).toEqual(bytes.slice(3))
  })

  it('do not change when their chunk is written over', () => {
    const chunk = encodeFrame(Uint8Array.of(1, 2, 3))
    const [frame] = new FrameDecoder().push(chunk)
    chunk.fill(9)
    expect(frame).toEqual(Uint8Array.of(1, 2, 3))
  })
})

describe('a bad prefix is refused before any payload', () => {
  it.each<[string, FrameProblem, number[]]>([
    ['zero', 'zero_length', [0]],
    ['zero in two bytes', 'long_prefix', [0x80, 0]],
    ['a length in more bytes than needed', 'long_prefix', [0x81, 0x80, 0]],
    ['four bytes', 'long_prefix', [0x80, 0x80, 0x80]],
    ['no end', 'long_prefix', [0xff, 0xff, 0xff]],
    ['one more than the cap', 'oversize', [0x81, 0x80, 0x04]],
    ['the most three bytes can say', 'oversize', [0xff, 0xff, 0x7f]],
  ])('%s', (_what, problem, bytes) => {
    expect(problemOf(...bytes)).toBe(problem)
    expect(decodeAll(bytes.map((byte) => Uint8Array.of(byte))).problem).toBe(problem)
  })

  it('after as many frames as any exchange needs', () => {
    const frame = encodeFrame(Uint8Array.of(1))
    const enough = Buffer.concat(Array<Uint8Array>(MAX_FRAMES).fill(frame))
    expect(decodeAll([enough]).problem).toBeUndefined()
    const { frames, problem } = decodeAll([enough, Uint8Array.of(5)])
    expect([frames.length, problem]).toEqual([MAX_FRAMES, 'too_many_frames'])
  })

  it('after as many bytes as any exchange needs', () => {
    const large = encodeFrame(new Uint8Array(MAX_FRAME_BYTES))
    const enough = Buffer.concat(Array<Uint8Array>(MAX_STREAM_BYTES / MAX_FRAME_BYTES).fill(large))
    expect(decodeAll([enough]).problem).toBeUndefined()
    expect(decodeAll([enough, Uint8Array.of(1)])).toMatchObject({ problem: 'too_many_bytes' })
  })
})

describe('a frame decoder', () => {
  it('hands over the frames before a problem, also from the same chunk', () => {
    const good = encodeFrame(Uint8Array.of(1, 2))
    expect(decodeAll([Buffer.concat([good, Uint8Array.of(0, 0, 0)])])).toEqual({
      frames: [Uint8Array.of(1, 2)],
      problem: 'zero_length',
    })
  })

  it('stays refused after a problem, and hands nothing over twice', () => {
    const decoder = new FrameDecoder()
    const bad = Buffer.concat([encodeFrame(Uint8Array.of(1)), Uint8Array.of(0)])
    expect(() => decoder.push(bad)).toThrow(FrameError)
    const again = expect.objectContaining({ problem: 'zero_length', frames: [] })
    expect(() => decoder.push(encodeFrame(Uint8Array.of(1)))).toThrow(again)
    expect(() => decoder.end()).toThrow(again)
  })

  it.each([
    ['inside a prefix', Uint8Array.of(0x80)],
    ['before a payload', Uint8Array.of(3)],
    ['inside a payload', Uint8Array.of(3, 1, 2)],
  ])('calls an end %s truncated', (_where, bytes) => {
    expect(decodeAll([bytes]).problem).toBe('truncated')
  })

  it('takes an end between frames, and an empty chunk at any place', () => {
    const none = new Uint8Array(0)
    expect(decodeAll([none, Uint8Array.of(2), none, Uint8Array.of(7, 8), none])).toEqual({
      frames: [Uint8Array.of(7, 8)],
      problem: undefined,
    })
    expect(decodeAll([])).toEqual({ frames: [], problem: undefined })
  })

  it('sets nothing aside for a payload that does not come', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 1_000 }, () => new FrameDecoder())
    for (const decoder of decoders) decoder.push(Uint8Array.of(0x80, 0x80, 0x04, 1))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
    expect(decoders).toHaveLength(1_000)
  })
})

describe('encoding a frame', () => {
  it.each<[FrameProblem, number]>([
    ['zero_length', 0],
    ['oversize', MAX_FRAME_BYTES + 1],
  ])('refuses as %s', (problem, size) => {
    expect(() => encodeFrame(new Uint8Array(size))).toThrow(expect.objectContaining({ problem }))
  })
})
