import { expect, test } from 'vitest'
import { strictLength } from '../../../src/network/guard/strict-length.ts'

/** A byte list as libp2p's readers have it. */
function list(...bytes: readonly number[]) {
  return { byteLength: bytes.length, get: (index: number) => bytes[index] ?? 0 }
}

test.each([
  [[0], 0],
  [[127], 127],
  [[0x80, 0x01], 128],
  [[0x80, 0x08], 1_024],
  [[0xff, 0x7f], 16_383],
])('%j is the length %i', (bytes, length) => {
  expect(strictLength(list(...bytes))).toBe(length)
})

test('an incomplete length asks for another byte, one of three bytes is refused', () => {
  expect(() => strictLength(list(0x80))).toThrow(RangeError)
  expect(() => strictLength(list(0x80, 0x80))).toThrow('too long')
  expect(() => strictLength(list(0x80, 0x80))).not.toThrow(RangeError)
})
