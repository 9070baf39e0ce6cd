import { expect, test } from 'vitest'
import { legacyTokenText, readLegacyToken } from '../../../src/protocol/link/legacy-token.ts'

const secret = new Uint8Array(16).fill(3)

test.each(['stock', 'foil'] as const)('a token of the %s says its role and its secret', (role) => {
  expect(readLegacyToken(legacyTokenText({ role, secret }))).toEqual({ role, secret })
})

test.each([
  'AwMDAwMDAwMDAwMDAwMDAw',
  'stock.AwMDAwMDAwMDAwMDAwMDAx',
  'stock.AwMDAwMDAwMDAwMDAwMDAw.more',
  'both.AwMDAwMDAwMDAwMDAwMDAw',
  'a-uuid-or-so',
])('%s is a token of nobody here, and always the same one', (text) => {
  const read = readLegacyToken(text)
  expect(read.secret).toHaveLength(16)
  expect(read.secret).not.toEqual(secret)
  expect(readLegacyToken(text)).toEqual(read)
})
