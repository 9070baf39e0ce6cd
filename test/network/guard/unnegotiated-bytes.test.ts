import { expect, test } from 'vitest'
import { UnnegotiatedBytes } from '../../../src/network/guard/unnegotiated-bytes.ts'

test('as many bytes are taken as the budget allows, and not one more', () => {
  const bytes = new UnnegotiatedBytes(4)
  expect(bytes.accept(Uint8Array.of(3, 1, 1))).toBe(true)
  expect(bytes.accept(Uint8Array.of(1))).toBe(true)
  expect(bytes.accept(Uint8Array.of(0))).toBe(false)
})

test('a length has three bytes at most, however it is cut', () => {
  expect(new UnnegotiatedBytes(10).accept(Uint8Array.of(0x80, 0x80, 0x01))).toBe(true)
  expect(new UnnegotiatedBytes(10).accept(Uint8Array.of(0x80, 0x80, 0x80))).toBe(false)
  const cut = new UnnegotiatedBytes(10)
  expect([0x80, 0x80, 0x80].map((byte) => cut.accept(Uint8Array.of(byte)))).toEqual([
    true,
    true,
    false,
  ])
})
