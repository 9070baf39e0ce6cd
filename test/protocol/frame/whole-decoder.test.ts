import { expect, test } from 'vitest'
import { FrameError } from '../../../src/protocol/errors.ts'
import { MAX_FRAME_BYTES } from '../../../src/protocol/frame/frame-limits.ts'
import { WholeDecoder } from '../../../src/protocol/frame/whole-decoder.ts'

test('all that came is one message, once it has ended', () => {
  const decoder = new WholeDecoder()
  for (const byte of Buffer.from('{"a":1}')) expect(decoder.push(Uint8Array.of(byte))).toEqual([])
  expect(decoder.heldBytes).toBe(7)
  expect(decoder.end().map((each) => Buffer.from(each).toString())).toEqual(['{"a":1}'])
  expect(decoder.heldBytes).toBe(0)
})

test('what ends without a byte is no message', () => {
  expect(new WholeDecoder().end()).toEqual([])
})

test('as many bytes as a message may have are one, and one more is none', () => {
  const most = new WholeDecoder()
  most.push(new Uint8Array(MAX_FRAME_BYTES))
  expect(most.end()[0]).toHaveLength(MAX_FRAME_BYTES)
  const more = new WholeDecoder()
  more.push(new Uint8Array(MAX_FRAME_BYTES))
  expect(() => more.push(Uint8Array.of(1))).toThrow(FrameError)
  expect(more.heldBytes).toBe(0)
  expect(() => more.end()).toThrow(FrameError)
})
